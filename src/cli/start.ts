/** `mintmark start`: the service. */
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { START } from '../service/command.ts';
import { type CliContext, commandIn } from './context.ts';

/**
 * A young heap of up to 64 MB that one thread collects: less CPU for a sale and an event than with 16 MB and several threads
 * (docs/speed.md). Idle, shrink-heap.ts returns it. Without pretenuring: under load V8 took objects of a request for long-lived, and
 * collected them, and what they held, only with the whole heap. The same as `npm start` in package.json.
 */
const FLAGS = [
  '--no-allocation-site-pretenuring',
  '--no-parallel-scavenge',
  '--min-semi-space-size=8',
  '--max-semi-space-size=64',
];

/**
 * Measured: with an arena for each thread, glibc holds 2 MB more when idle and 12 MB more after load; a sale takes the same
 * CPU with two. The same as `npm start`.
 */
const ALLOCATOR = { MALLOC_ARENA_MAX: '2' };

export function startCommand(context: CliContext): Command {
  return commandIn(context, 'start')
    .description('start the service')
    .option('--new-ledger', 'begin a new ledger where the known one is missing')
    .addHelpText('after', `\nExample:\n  $ ${START}`)
    .action(async ({ newLedger }: { newLedger?: true }) => {
      const options = newLedger ? ['--new-ledger'] : [];
      const launch = new URL('../launch.js', import.meta.url);
      const main = new URL(`../main${extension()}`, import.meta.url);
      const words = [process.execPath, ...FLAGS, '--import', launch.href, fileURLToPath(main), ...options];
      // The service takes the place of the command: one process, which gets the signals.
      process.execve?.(process.execPath, words, { ...ALLOCATOR, ...process.env });
      process.argv.push(...options);
      await import(main.href);
    });
}

function extension(): string {
  return import.meta.url.endsWith('.js') ? '.js' : '.ts';
}
