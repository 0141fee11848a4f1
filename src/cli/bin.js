#!/usr/bin/env node
/** The bin of the published package. `launch.js` first: it has to run on a Node.js that is too old for the rest. */
import '../launch.js';

await import('./mintmark.ts');
