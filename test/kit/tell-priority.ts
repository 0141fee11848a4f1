/** Preloaded (`--import`): the process prints the highest priority of its threads at its end: the lowest number. */
import { existsSync, readdirSync } from 'node:fs';
import { getPriority } from 'node:os';

const THREADS = '/proc/self/task';

process.once('exit', () => {
  const threads = existsSync(THREADS) ? readdirSync(THREADS).map(Number) : [0];
  process.stdout.write(`priority ${Math.min(...threads.map((thread) => getPriority(thread)))}\n`);
});
