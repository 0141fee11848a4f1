/** `mintmark customer`: exports, corrects and erases a customer's personal data. Licenses stay. */
import type { Command } from 'commander';
import { correctCustomer, eraseCustomer } from '../domain/desk/customers.ts';
import type { Grounds } from '../domain/desk/operator.ts';
import { counted } from '../domain/values/counted.ts';
import type { Customer } from '../domain/values/order.ts';
import { AppError } from '../errors.ts';
import { RUN } from '../service/command.ts';
import { addressArgument, nameArgument } from './arguments.ts';
import { type CliContext, commandIn, printJson } from './context.ts';
import { requireFit, withGrounds } from './grounds.ts';
import { licenseJson } from './license-text.ts';
import { withDesk, withLedger } from './opened.ts';
import { findOrderName, type MarketOptions, withMarket } from './order-name.ts';

interface Json {
  readonly json?: true;
}

type CorrectOptions = Partial<Customer> & Grounds & MarketOptions & Json;

export function customerCommand(context: CliContext): Command {
  const customer = commandIn(context, 'customer').description(
    'export, correct or erase the personal data of a customer',
  );

  customer
    .command('export')
    .description('print the personal data and licenses of a customer as JSON')
    .argument('<email>', 'the e-mail address')
    .option('--json', 'no effect: the output is always JSON')
    .addHelpText('after', `\nExample:\n  $ ${RUN} customer export ada@example.com > ../ada.json`)
    .action((email: string) => exportCustomer(context, email));

  withMarket(withGrounds(customer.command('correct')))
    .description("correct the customer's name or e-mail address of an order")
    .argument('<order>', 'the order number of the marketplace')
    .option('--name <name>', 'the right name', nameArgument)
    .option('--email <address>', 'the right e-mail address', addressArgument)
    .option('--json', 'print {order, licenses}')
    .addHelpText(
      'after',
      `
The history records that it was corrected, but neither value. A repeated request of the order is answered with the
right name from then on.

Example:
  $ ${RUN} customer correct 573252 --email ada@example.com --reason "ticket 17: a slip in the address"`,
    )
    .action((order: string, options: CorrectOptions) => correct(context, order, options));

  withMarket(customer.command('erase'))
    .description('remove the name and the e-mail address everywhere; the licenses stay')
    .argument('<who>', 'an e-mail address, or an order of the customer')
    .option('--json', 'print {licenses, events, others, clean}')
    .addHelpText(
      'after',
      `
Events that mention the customer lose their payload, and later events about the same order or subscription are kept
without theirs; the digests stay. Erase the data in your backups yourself.
Exit status 1 where the ledger has no such customer, and where its files can still contain some of the data (a long
reader, such as a backup, was running): run it again then.

Examples:
  $ ${RUN} customer erase ada@example.com
  $ ${RUN} customer erase 573252`,
    )
    .action((who: string, options: Json & MarketOptions) => erase(context, who, options));

  return customer;
}

async function exportCustomer(context: CliContext, email: string): Promise<void> {
  const address = checked(email);
  const held = await withLedger(context, async (ledger) => ({
    licenses: await ledger.find({ by: 'email', email: address }),
    events: await ledger.findEventsAbout(address),
  }));
  if (held.licenses.length === 0 && held.events.length === 0) throw nothingHeld('address');
  const licenses = held.licenses.map((license) => ({ ...licenseJson(license), customer: license.customer }));
  printJson(context, { email, licenses, events: held.events });
}

async function correct(
  context: CliContext,
  order: string,
  { name, email, json, ...rest }: CorrectOptions,
): Promise<void> {
  const grounds = requireFit(rest);
  if (name === undefined && email === undefined) {
    throw new AppError('bad_usage', 'Give the right --name or --email.');
  }
  const customer = {
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
  };
  const corrected = await withDesk(context, async (desk) => {
    const found = await findOrderName(desk.ledger, order, rest);
    return found && correctCustomer(desk, found, customer, grounds, context.now());
  });
  if (corrected === undefined || corrected.outcome === 'unknown')
    throw new AppError('not_found', `The ledger has no order ${order}.`);
  if (corrected.outcome === 'no license') {
    throw new AppError(
      'nothing_changed',
      `Nothing changed: order ${order} has no license yet, and the customer is kept with it. Issue it first:  ${RUN} order show ${order}  says what is missing.`,
    );
  }
  if (corrected.outcome === 'erased') {
    throw new AppError(
      'nothing_changed',
      `Nothing changed: the customer of order ${order} was erased, and a correction does not bring the data back.`,
    );
  }
  if (corrected.outcome === 'unchanged') {
    throw new AppError('nothing_changed', 'Nothing changed: the ledger already has this name and address.');
  }
  const { licenses } = corrected;
  if (json) printJson(context, { order, licenses });
  else
    context.stdout(
      `Corrected for ${counted(licenses, 'license')}.${email === undefined ? '' : codesText(context, order)}\n`,
    );
}

/** A new address has no code yet. */
function codesText(context: CliContext, order: string): string {
  return context.config().mail === undefined
    ? ` Send the codes to the new address:  ${RUN} order show ${order}`
    : ' See in  outbox list  whether the codes are mailed to the new address.';
}

async function erase(
  context: CliContext,
  named: string,
  { json, ...market }: Json & MarketOptions,
): Promise<void> {
  const isAddress = named.includes('@');
  const erased = await withLedger(context, async (ledger) => {
    const who = isAddress ? { email: checked(named) } : await findOrderName(ledger, named, market);
    return who && eraseCustomer({ ledger }, who);
  });
  const of = isAddress ? 'address' : 'order';
  if (erased === undefined) throw nothingHeld(of);
  if (erased.outcome === 'unknown')
    throw erased.clean ? nothingHeld(of) : mayRemain(`The ledger has no data of this ${of}`);
  const { licenses, events, others, clean } = erased;
  if (json) printJson(context, { licenses, events, others, clean });
  else {
    context.stdout(`Erased from ${counted(licenses, 'license')} and ${counted(events, 'event')}.\n`);
    if (others > 0) {
      context.stdout(
        `Another name or address remains with ${counted(others, 'license')} of these: the other person of a gift, or a second address of the same customer. To erase both, erase by the order.\n`,
      );
    }
  }
  if (clean) return;
  throw mayRemain('The ledger no longer has the data');
}

/** `so` is the beginning of a sentence. */
function mayRemain(so: string): AppError {
  return new AppError(
    'ledger_unavailable',
    `${so}, but its files can still contain what was erased: a reader, such as a backup, was running, or, on PostgreSQL, the role does not own the tables. Run the same command again when the reader has ended, or leave it to PostgreSQL's own vacuum.`,
  );
}

function checked(email: string): string {
  if (/^[^\s@]+@[^\s@]+$/.test(email)) return email;
  throw new AppError('bad_usage', 'Give an e-mail address.');
}

function nothingHeld(of: 'address' | 'order'): AppError {
  return new AppError('not_found', `The ledger has no data of this ${of}.`);
}
