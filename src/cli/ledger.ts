/** `mintmark ledger`: finds licenses, checks the ledger for edits, copies it. */
import type { Command } from 'commander';
import type { Ledger } from '../domain/ledger.ts';
import { counted } from '../domain/values/counted.ts';
import { AppError } from '../errors.ts';
import { RUN } from '../service/command.ts';
import { backUpLedger, checkLedgerOf } from '../service/ledger-files.ts';
import { noteCheck } from '../service/noted.ts';
import { type CliContext, commandIn, printJson } from './context.ts';
import { readFeatureNames } from './feature-names.ts';
import { addLedgerCopy } from './ledger-copy.ts';
import { addLedgerRestored } from './ledger-restored.ts';
import { findLicenses, MOST_FOUND } from './license-query.ts';
import { licenseJson, licenseScreen } from './license-text.ts';
import { withLedger } from './opened.ts';
import { printable } from './printable.ts';

interface Json {
  readonly json?: true;
}

export function ledgerCommand(context: CliContext): Command {
  const ledger = commandIn(context, 'ledger').description(
    'find licenses, and check, copy and restore the ledger',
  );

  ledger
    .command('find')
    .description('show the licenses of an order, a subscription, a customer, a license id or a license code')
    .argument('<text>', 'what you know of it; part of a name or an e-mail address is enough')
    .option('--json', 'print {licenses}')
    .addHelpText(
      'after',
      `\nExamples:\n  $ ${RUN} ledger find 573252\n  $ ${RUN} ledger find ada@example.com\n  $ ${RUN} ledger find byron`,
    )
    .action((text: string, options: Json) => find(context, text, options));

  ledger
    .command('check')
    .description('verify the seal of every row: finds edited, lost and added rows')
    .option('--json', 'print {licenses, findings}')
    .addHelpText('after', `\nThe service may run meanwhile.\n\nExample:\n  $ ${RUN} ledger check`)
    .action((options: Json) => check(context, options));

  ledger
    .command('backup')
    .description('make a consistent copy, also while the service runs')
    .argument('<file>', 'the new file; an existing file is never replaced')
    .option('--json', 'print {file}')
    .addHelpText(
      'after',
      `
Keep it together with a copy of the keys folder: without the id secret and the keys, the copy is of no use.

Example:
  $ ${RUN} ledger backup ledger-$(date +%F).sqlite`,
    )
    .action((file: string, options: Json) => backup(context, file, options));

  addLedgerCopy(ledger, context);
  addLedgerRestored(ledger, context);
  return ledger;
}

async function find(context: CliContext, text: string, options: Json): Promise<void> {
  const { licenses, namesOf } = await withLedger(context, async (ledger) => {
    const found = await findLicenses(ledger, text);
    if (found.length === 0) throw await noLicense(ledger, text.trim());
    return { licenses: found, namesOf: await readFeatureNames(ledger, found) };
  });
  if (options.json) printJson(context, { licenses: licenses.map(licenseJson) });
  else context.stdout(licenses.map((license) => licenseScreen(license, namesOf)).join('\n'));
  if (licenses.length === MOST_FOUND) {
    context.stderr(
      `There may be more than these ${licenses.length}: write more of the name or the address.\n`,
    );
  }
}

/** A sale may be known that has no license. */
async function noLicense(ledger: Pick<Ledger, 'showOrder'>, order: string): Promise<AppError> {
  const { owed, facts, flags } = await ledger.showOrder(order, { byAnyName: true });
  if (owed.length + facts.length + flags.length === 0)
    return new AppError('not_found', 'The ledger has no such license.');
  return new AppError(
    'not_found',
    `The ledger knows order ${printable(order)}, but has no license of it. What it knows:  ${RUN} order show ${printable(order)}`,
  );
}

async function check(context: CliContext, options: Json): Promise<void> {
  const run = checkLedgerOf(context.config());
  const findings: { readonly where: string; readonly fault: string }[] = [];
  let step = await run.next();
  while (!step.done) {
    findings.push(step.value);
    if (!options.json) context.stdout(`${printable(`${step.value.where}: ${step.value.fault}`)}\n`);
    step = await run.next();
  }
  const { licenses } = step.value;
  noteChecked(context, { licenses, faults: findings.length });
  if (options.json) printJson(context, { licenses, findings });
  else if (findings.length === 0) context.stdout(`${counted(licenses, 'license')}, no faults.\n`);
  if (findings.length > 0) {
    throw new AppError(
      'ledger_damaged',
      `${counted(findings.length, 'fault')} in a ledger of ${counted(licenses, 'license')}.`,
    );
  }
}

/** A folder that cannot be written makes no check fail. */
function noteChecked(
  context: CliContext,
  found: { readonly licenses: number; readonly faults: number },
): void {
  try {
    noteCheck(context.config().keysDir, { at: new Date(context.now()).toISOString(), ...found });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    context.stderr(`The check could not be noted, so  doctor  does not know of it: ${why}\n`);
  }
}

async function backup(context: CliContext, file: string, options: Json): Promise<void> {
  const config = context.config();
  await backUpLedger(config, file);
  if (options.json) printJson(context, { file });
  else context.stdout(`Copied the ledger to ${file}. Keep a copy of the folder ${config.keysDir} with it.\n`);
}
