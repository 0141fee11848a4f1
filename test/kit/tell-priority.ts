/** Preloaded (`--import`): the process prints its priority at its end. */
import { getPriority } from 'node:os';

process.once('exit', () => process.stdout.write(`priority ${getPriority()}\n`));
