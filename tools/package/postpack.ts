/** After `npm pack`: restores package.json. */
import { renameSync } from 'node:fs';
import { MANIFEST, SAVED } from './places.ts';

renameSync(SAVED, MANIFEST);
