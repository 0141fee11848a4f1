/** Preloaded (`--import`): the process says at its end with which priority it ran. */
import { getPriority } from 'node:os';

process.once('exit', () => process.stdout.write(`priority ${getPriority()}\n`));
