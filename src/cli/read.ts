/** `mintmark read`: what a program would say of a code, with nothing but the public keyring and the products' names. */
import type { Command } from 'commander';
import { listProductIds } from '../catalog/catalog.ts';
import { dayOf } from '../domain/day.ts';
import { AppError } from '../errors.ts';
import { keyringFile } from '../keyring/key-files.ts';
import { readKeyring } from '../keyring/keyring.ts';
import { findCodes } from '../license-code/find-codes.ts';
import type { License } from '../license-code/license.ts';
import { createReader, type Reader } from '../license-code/reader.ts';
import { LONGEST_PASTE } from '../license-code/reading.ts';
import type { Repaired } from '../license-code/repair.ts';
import { explain, type Verdict } from '../license-code/verdict.ts';
import { RUN } from '../service/command.ts';
import { dayArgument, productArgument } from './arguments.ts';
import { type CliContext, commandIn, printJson } from './context.ts';
import { printable } from './printable.ts';

interface ReadOptions {
  readonly product?: string;
  readonly liveOnly?: true;
  readonly today?: string;
  readonly buildDate?: string;
  readonly json?: true;
}

/** Bytes of standard input that are looked at. */
const LARGEST_INPUT = 8 * 1024 * 1024;

export function readCommand(context: CliContext): Command {
  return commandIn(context, 'read')
    .description('read a license code as a program would: offline, with keyring.json alone')
    .argument('<code>', 'the code; - reads standard input, a whole e-mail if need be')
    .option(
      '--product <id>',
      'the product that the program is (default: that of the code, if its file is here)',
      productArgument,
    )
    .option('--live-only', 'accept no test codes, as a program for customers does')
    .option('--today <day>', 'pretend that it is this UTC day', dayArgument)
    .option('--build-date <day>', 'the UTC day on which the program was built', dayArgument)
    .option('--json', 'print {verdict, explanation, license} and what else the verdict says')
    .addHelpText(
      'after',
      `
Exit status 0 only when the verdict is valid.

Examples:
  $ ${RUN} read 2…
  $ ${RUN} read - --product example --json < mail.txt`,
    )
    .action((code: string, options: ReadOptions) => read(context, code, options));
}

async function read(context: CliContext, code: string, options: ReadOptions): Promise<void> {
  const text = code === '-' ? await readAll(context.stdin) : code;
  const verdict = judge(text, await makeReaders(context, options));
  const license = 'license' in verdict ? verdict.license : null;
  if (options.json) {
    const { verdict: word, ...rest } = verdict;
    printJson(context, { verdict: word, explanation: explain(verdict), license, ...rest });
  } else {
    context.stdout(`${verdict.verdict}: ${explain(verdict)}\n${linesOf(verdict)}`);
  }
  // What was found is printed already; only the exit status is left to say.
  if (verdict.verdict !== 'valid') throw new AppError('not_licensed', '');
}

/** One for each product that the program may be. */
async function makeReaders(context: CliContext, options: ReadOptions): Promise<readonly Reader[]> {
  const { keysDir, productsDir } = context.config();
  const keyring = readKeyring(keysDir);
  if (keyring.length === 0) {
    throw new AppError(
      'not_found',
      `There are no keys in ${keyringFile(keysDir)}: npm start makes a test key.`,
    );
  }
  const products = options.product === undefined ? await listProductIds(productsDir) : [options.product];
  if (products.length === 0) {
    throw new AppError(
      'not_found',
      `There is no product file in ${productsDir}: say with --product which it is.`,
    );
  }
  return products.map((product) =>
    createReader({
      product,
      keyring,
      today: options.today ?? dayOf(context.now()),
      allowTest: !options.liveOnly,
      ...(options.buildDate !== undefined && { buildDate: options.buildDate }),
    }),
  );
}

/** Of a text that is longer than a reader looks at, what it holds of codes. */
function judge(text: string, readers: readonly Reader[]): Verdict {
  const codes = text.length > LONGEST_PASTE ? findCodes(text) : [];
  return readAs(codes.length > 0 ? codes.join('\n') : text, readers);
}

/** What the program would say whose product the code is of; for a code of none of them, what all would say. */
function readAs(text: string, readers: readonly Reader[]): Verdict {
  const verdicts = readers.map((reader) => reader.read(text));
  // Two products may share a tag, so a code of one may be forged for the other.
  const isItsOwn = (verdict: Verdict) => 'license' in verdict || verdict.verdict === 'several';
  const hasItsTag = ({ verdict }: Verdict) => verdict !== 'wrong-product' && verdict !== 'no-code';
  return (
    verdicts.find(({ verdict }) => verdict === 'valid') ??
    verdicts.find(isItsOwn) ??
    verdicts.find(hasItsTag) ??
    verdicts[0] ?? { verdict: 'wrong-product' }
  );
}

function linesOf(verdict: Verdict): string {
  if (verdict.verdict === 'several')
    return verdict.choices
      .map((choice) => `${choice.code}\n  ${choice.verdict}: ${explain(choice)}\n${linesOf(choice)}`)
      .join('');
  if (!('license' in verdict)) return '';
  const { license, repaired } = verdict;
  return `${repaired === undefined ? '' : `  repaired ${slipText(repaired)}\n`}${licenseLines(license)}`;
}

function slipText({ kind, position, was, is }: Repaired): string {
  switch (kind) {
    case 'omission':
      return `${is} was missing before character ${position}`;
    case 'insertion':
      return `character ${position}, ${printable(was)}, was too many`;
    default:
      return `character ${position}: ${printable(was)} should be ${is}`;
  }
}

function licenseLines({
  id,
  product,
  revision,
  issued,
  lastValid,
  updatesUntil,
  seats,
  test,
  trial,
}: License): string {
  const kind = [test && 'test', trial && 'trial'].filter(Boolean).join(', ');
  return [
    `  license  ${id}, revision ${revision}${kind && ` (${kind})`}`,
    `  product  ${product}`,
    `  valid    from ${issued} ${lastValid === null ? 'for good' : `to ${lastValid}`}`,
    `  updates  ${updatesUntil === null ? 'for good' : `to ${updatesUntil}`}`,
    `  seats    ${seats === 0 ? 'unlimited' : seats}`,
    '',
  ].join('\n');
}

async function readAll(stdin: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stdin) {
    size += part.length;
    if (size > LARGEST_INPUT) throw new AppError('bad_usage', 'Standard input is larger than 8 MiB.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
