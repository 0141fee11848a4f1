/** The files of `npm pack`. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const MANIFEST = join(ROOT, 'package.json');
/** The project's own manifest while the published one is in its place. */
export const SAVED = join(ROOT, 'dist/package.json.saved');
export const TARGET = join(ROOT, 'dist/mintmark');
