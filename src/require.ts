/**
 * Loads a module where it is first needed, without `await`; and node:http without its lazy exports: an `import` of it
 * reads all of them, of which one loads undici (25 ms and 6 MB).
 */
import { createRequire } from 'node:module';

export const require = createRequire(import.meta.url);
