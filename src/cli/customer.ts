/** `mintmark customer`: all that is held of a person, and its erasure. Licenses live on. */
import type { Command } from 'commander';
import { AppError } from '../errors.ts';
import { openLedger } from '../parts.ts';
import { type CliContext, commandIn, printJson, RUN } from './context.ts';
import { licenseJson } from './license-text.ts';

interface Json {
  readonly json?: true;
}

export function customerCommand(context: CliContext): Command {
  const customer = commandIn(context, 'customer').description('export or erase what is held of a customer');

  customer
    .command('export')
    .description('print all that is held of a customer, as JSON')
    .argument('<email>', 'the e-mail address')
    .option('--json', 'changes nothing: it is JSON')
    .addHelpText('after', `\nExample:\n  $ ${RUN} customer export ada@example.com > ada.json`)
    .action((email: string) => exportCustomer(context, email));

  customer
    .command('erase')
    .description('remove the name and the e-mail address everywhere; the licenses live on')
    .argument('<email>', 'the e-mail address')
    .option('--json', 'print {licenses, events}')
    .addHelpText(
      'after',
      `
Events that mention the address lose what they said; their digests stay. Backups are yours to see to.

Example:
  $ ${RUN} customer erase ada@example.com`,
    )
    .action((email: string, options: Json) => erase(context, email, options));

  return customer;
}

async function exportCustomer(context: CliContext, email: string): Promise<void> {
  const ledger = openLedger(context.config());
  try {
    const stories = await ledger.find({ by: 'email', email: checked(email) });
    const events = await ledger.findEventsAbout(email);
    if (stories.length === 0 && events.length === 0)
      throw new AppError('not_found', 'Nothing is held of this address.');
    const licenses = stories.map((story) => ({ ...licenseJson(story), customer: story.customer }));
    printJson(context, { email, licenses, events });
  } finally {
    await ledger.close();
  }
}

async function erase(context: CliContext, email: string, options: Json): Promise<void> {
  const ledger = openLedger(context.config());
  try {
    const erased = await ledger.eraseCustomer(checked(email));
    if (erased.licenses === 0 && erased.events === 0) {
      throw new AppError('not_found', 'Nothing is held of this address.');
    }
    if (options.json) printJson(context, erased);
    else
      context.stdout(
        `Erased from ${counted(erased.licenses, 'license')} and ${counted(erased.events, 'event')}.\n`,
      );
  } finally {
    await ledger.close();
  }
}

function checked(email: string): string {
  if (/^[^\s@]+@[^\s@]+$/.test(email)) return email;
  throw new AppError('bad_usage', 'Give an e-mail address.');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
