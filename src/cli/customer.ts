/** `mintmark customer`: all that is held of a person, its correction and its erasure. Licenses live on. */
import type { Command } from 'commander';
import { counted } from '../doctor/finding.ts';
import { correctCustomer, eraseCustomer } from '../domain/desk/customers.ts';
import type { Grounds } from '../domain/desk/operator.ts';
import type { Customer } from '../domain/order.ts';
import { AppError } from '../errors.ts';
import { RUN } from '../service/command.ts';
import { type CliContext, commandIn, printJson } from './context.ts';
import { requireFit, withGrounds } from './grounds.ts';
import { licenseJson } from './license-text.ts';
import { withDesk, withLedger } from './opened.ts';

interface Json {
  readonly json?: true;
}

export function customerCommand(context: CliContext): Command {
  const customer = commandIn(context, 'customer').description(
    'export, correct or erase what is held of a customer',
  );

  customer
    .command('export')
    .description('print all that is held of a customer, as JSON')
    .argument('<email>', 'the e-mail address')
    .option('--json', 'changes nothing: it is JSON')
    .addHelpText('after', `\nExample:\n  $ ${RUN} customer export ada@example.com > ../ada.json`)
    .action((email: string) => exportCustomer(context, email));

  withGrounds(customer.command('correct'))
    .description("correct the customer's name or e-mail address of an order")
    .argument('<order>', "the marketplace's number of the order")
    .option('--name <name>', 'the right name')
    .option('--email <address>', 'the right e-mail address')
    .option('--json', 'print {order, licenses}')
    .addHelpText(
      'after',
      `
The history says that it was corrected, and not what it was or is. A repeat of the order's request is answered with the
right name from then on.

Example:
  $ ${RUN} customer correct 573252 --email ada@example.com --reason "ticket 17: a slip in the address"`,
    )
    .action((order: string, options: Partial<Customer> & Grounds & Json) => correct(context, order, options));

  customer
    .command('erase')
    .description('remove the name and the e-mail address everywhere; the licenses live on')
    .argument('<who>', 'the e-mail address, or an order of theirs')
    .option('--json', 'print {licenses, events, others, clean}')
    .addHelpText(
      'after',
      `
Events that mention the customer lose what they said; their digests stay. Backups are yours to see to.
Exit status 1 where nothing is held, and where the files may still hold some of it (a long reader, such as a backup, was
under way): run it again then.

Examples:
  $ ${RUN} customer erase ada@example.com
  $ ${RUN} customer erase 573252`,
    )
    .action((who: string, options: Json) => erase(context, who, options));

  return customer;
}

async function exportCustomer(context: CliContext, email: string): Promise<void> {
  const address = checked(email);
  const held = await withLedger(context, async (ledger) => ({
    stories: await ledger.find({ by: 'email', email: address }),
    events: await ledger.findEventsAbout(address),
  }));
  if (held.stories.length === 0 && held.events.length === 0) throw nothingHeld('address');
  const licenses = held.stories.map((story) => ({ ...licenseJson(story), customer: story.customer }));
  printJson(context, { email, licenses, events: held.events });
}

async function correct(
  context: CliContext,
  order: string,
  { name, email, json, ...rest }: Partial<Customer> & Grounds & Json,
): Promise<void> {
  const grounds = requireFit(rest);
  if (name === undefined && email === undefined) {
    throw new AppError('bad_usage', 'Give the right --name or --email.');
  }
  const customer = {
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email: checked(email) }),
  };
  const corrected = await withDesk(context, (desk) =>
    correctCustomer(desk, order, customer, grounds, context.now()),
  );
  if (corrected.outcome === 'unknown') throw new AppError('not_found', `The ledger has no order ${order}.`);
  if (corrected.outcome === 'unchanged') {
    throw new AppError('nothing_changed', 'Nothing changed: the ledger has it so already.');
  }
  const { licenses } = corrected;
  if (json) printJson(context, { order, licenses });
  else context.stdout(`Corrected for ${counted(licenses, 'license')}.\n`);
}

async function erase(context: CliContext, named: string, { json }: Json): Promise<void> {
  const isAddress = named.includes('@');
  const who = isAddress ? { email: checked(named) } : { order: named };
  const erased = await withLedger(context, (ledger) => eraseCustomer({ ledger }, who));
  if (erased.outcome === 'unknown') throw nothingHeld(isAddress ? 'address' : 'order');
  const { licenses, events, others, clean } = erased;
  if (json) printJson(context, { licenses, events, others, clean });
  else {
    context.stdout(`Erased from ${counted(licenses, 'license')} and ${counted(events, 'event')}.\n`);
    if (others > 0) {
      context.stdout(
        `Another person or address is still named with ${counted(others, 'license')} of these: the other half of a gift, or an address of the same customer that the marketplace repeated. To erase both, erase by the order.\n`,
      );
    }
  }
  if (clean) return;
  throw new AppError(
    'ledger_unavailable',
    "It is gone from the ledger, but the files' bytes may still hold some of it: a reader, such as a backup, was under way. Run the same command again when it has ended.",
  );
}

function checked(email: string): string {
  if (/^[^\s@]+@[^\s@]+$/.test(email)) return email;
  throw new AppError('bad_usage', 'Give an e-mail address.');
}

function nothingHeld(of: 'address' | 'order'): AppError {
  return new AppError('not_found', `Nothing is held of this ${of}.`);
}
