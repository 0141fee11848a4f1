/** `mintmark read`: the verdict of a program that has the public keyring and the product's name, and nothing else. */
import type { Command } from 'commander';
import { listProductIds } from '../catalog/catalog.ts';
import { dayOf } from '../domain/values/day.ts';
import { AppError } from '../errors.ts';
import { keyringFile } from '../keyring/key-files.ts';
import { readKeyring } from '../keyring/keyring.ts';
import { findCodes } from '../license-code/find-codes.ts';
import type { License } from '../license-code/license.ts';
import { createReader, type Reader } from '../license-code/reader.ts';
import { LONGEST_PASTE } from '../license-code/reading.ts';
import type { Repaired } from '../license-code/repair.ts';
import { explain, type Verdict } from '../license-code/verdict.ts';
import { RUN, START } from '../service/command.ts';
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

/** The size limit of standard input, in bytes. */
const LARGEST_INPUT = 8 * 1024 * 1024;

export function readCommand(context: CliContext): Command {
  return commandIn(context, 'read')
    .description('read a license code as a program would: offline, with keyring.json alone')
    .argument('<code>', 'the code; - reads standard input, such as a whole e-mail')
    .option(
      '--product <id>',
      'the product of the program (default: the product of the code, if its file is here)',
      productArgument,
    )
    .option('--live-only', 'accept no test codes, as a program for customers does')
    .option('--today <day>', 'use this UTC day as today', dayArgument)
    .option('--build-date <day>', 'the UTC day on which the program was built', dayArgument)
    .option('--json', 'print {verdict, explanation, license} and the other members of the verdict')
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
  // The verdict is printed already; only the exit status remains.
  if (verdict.verdict !== 'valid') throw new AppError('not_licensed', '');
}

/** One reader for each product that the program can be. */
async function makeReaders(context: CliContext, options: ReadOptions): Promise<readonly Reader[]> {
  const { keysDir, productsDir } = context.config();
  const keyring = readKeyring(keysDir);
  if (keyring.length === 0) {
    throw new AppError(
      'not_found',
      `There are no keys in ${keyringFile(keysDir)}: ${START} makes a test key.`,
    );
  }
  const products = options.product === undefined ? await listProductIds(productsDir) : [options.product];
  if (products.length === 0) {
    throw new AppError(
      'not_found',
      `There is no product file in ${productsDir}: name the product with --product.`,
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

/** The codes of a text that is longer than a reader's limit. */
function judge(text: string, readers: readonly Reader[]): Verdict {
  const codes = text.length > LONGEST_PASTE ? findCodes(text) : [];
  return readAs(codes.length > 0 ? codes.join('\n') : text, readers);
}

/** The verdict of the program of the code's product; for a code of no product here, the verdict that all share. */
function readAs(text: string, readers: readonly Reader[]): Verdict {
  const verdicts = readers.map((reader) => reader.read(text));
  // Two products can have the same tag, so a code of one product can be forged for the other.
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
