/** `mintmark outbox run --once`: sends what is due, for a timer of the platform. */
import type { Command } from 'commander';
import { AppError } from '../errors.ts';
import { createLog } from '../log.ts';
import { RUN } from '../service/command.ts';
import { openParts } from '../service/open.ts';
import { channelsOf, runOutboxOnce } from '../service/outbox.ts';
import { type CliContext, clocksOf, printJson } from './context.ts';

interface RunOptions {
  readonly once?: true;
  readonly json?: true;
}

export function addOutboxRun(outbox: Command, context: CliContext): void {
  outbox
    .command('run')
    .description('send what is due now, and end: for a timer, with OUTBOX=external in the service')
    .requiredOption('--once', 'what is due now, once')
    .option('--json', 'print {sent, failed, …}')
    .addHelpText('after', `\nExample:\n  $ ${RUN} outbox run --once`)
    .action((options: RunOptions) => run(context, options));
}

async function run(context: CliContext, { json }: RunOptions): Promise<void> {
  const config = context.config();
  if (config.outbox === 'off') {
    throw new AppError('bad_usage', 'OUTBOX=off: this process is not to send. Set it to on or external.');
  }
  const parts = await openParts(config, { modesNeeded: [], ...clocksOf(context) });
  try {
    const log = createLog(config.logLevel, { write: context.stderr });
    const channels = await channelsOf({ config, ...parts, now: context.now });
    const ran = await runOutboxOnce({ ledger: parts.ledger, channels, log, now: context.now });
    if (json) return printJson(context, ran);
    const words = Object.entries(ran).flatMap(([outcome, count]) =>
      count > 0 ? [`${count} ${outcome}`] : [],
    );
    context.stdout(`${words.length === 0 ? 'Nothing was due' : words.join(', ')}.\n`);
  } finally {
    await parts.ledger.close();
  }
}
