/** `mintmark migrate`: ties subscriptions that were moved to another marketplace to their former ones. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type LineFault, type Migrated, type MovedPair, migrate } from '../domain/desk/migrate.ts';
import { AppError } from '../errors.ts';
import { MOVES, type Moves } from '../marketplaces/all.ts';
import { RUN } from '../service/command.ts';
import { type CliContext, commandIn, printJson } from './context.ts';
import { withDesk } from './opened.ts';
import { printable } from './printable.ts';

interface Options {
  readonly apply?: true;
  readonly test?: true;
  readonly json?: true;
}

export function migrateCommand(context: CliContext): Command {
  const names = MOVES.map(({ command, from, to }) => `${command} (${from.title} to ${to.title})`).join(', ');
  return commandIn(context, 'migrate')
    .description('tie subscriptions that were moved to another marketplace to their former ones')
    .argument('<name>', `what was moved: ${names}`)
    .argument('<file>', 'a CSV file: in each line the former subscription and the new one')
    .option('--apply', 'tie them; without it, what would be tied is shown')
    .option('--test', 'test mode instead of live')
    .option('--json', 'print {tied, known, faults}')
    .addHelpText(
      'after',
      `
The licenses keep their ids, and what comes of the new subscription renews and ends them. With a faulty line nothing is
changed. A second run changes nothing.

Example:
  $ ${RUN} migrate ${MOVES[0]?.command} map.csv`,
    )
    .action((name: string, file: string, options: Options) => run(context, name, file, options));
}

async function run(context: CliContext, name: string, file: string, options: Options): Promise<void> {
  const { apply = false, test = false, json } = options;
  const moves = MOVES.find(({ command }) => command === name);
  if (moves === undefined) {
    const known = MOVES.map(({ command }) => command).join(', ');
    throw new AppError('not_found', `There is no migration ${printable(name)}. There are: ${known}.`);
  }
  const { pairs, faults } = parseMap(textOf(file), moves);
  const found = await withDesk(context, ({ ledger }) =>
    migrate(ledger, {
      from: moves.from.name,
      to: moves.to.name,
      mode: test ? 'test' : 'live',
      pairs,
      // A line that cannot be read is a fault of the whole file.
      apply: apply && faults.length === 0,
      now: context.now(),
    }),
  );
  const all = { ...found, faults: [...faults, ...found.faults].sort((a, b) => a.line - b.line) };
  if (json) printJson(context, all);
  else context.stdout(report(all, moves, apply));
  if (all.faults.length > 0) {
    throw new AppError('bad_usage', json ? '' : 'Nothing was changed: correct the lines, and run it again.');
  }
}

function textOf(file: string): string {
  try {
    return decoded(readFileSync(file));
  } catch (cause) {
    throw new AppError('not_found', `${file} cannot be read.`, { cause });
  }
}

/** A spreadsheet's "Unicode text" is UTF-16. */
export function decoded(bytes: Buffer): string {
  const isUtf16 = bytes.length >= 2 && bytes.readUInt16LE() === 0xfe_ff;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}

interface Parsed {
  readonly pairs: readonly MovedPair[];
  readonly faults: readonly LineFault[];
}

/** Two columns, separated by a comma, semicolon or tab; the first line may be a heading. Blank lines count as lines. */
export function parseMap(text: string, { from, to }: Moves): Parsed {
  const pairs: MovedPair[] = [];
  const faults: LineFault[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (const [place, content] of lines.entries()) {
    const line = place + 1;
    if (content.trim() === '') continue;
    const cells = content.split(/[,;\t]/).map((cell) =>
      cell
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .trim(),
    );
    // Spreadsheets end lines with empty cells.
    while (cells.length > 2 && cells.at(-1) === '') cells.pop();
    const [former = '', subscription = ''] = cells;
    const isHeading = line === 1 && !cells.some((cell) => /\d/.test(cell));
    if (isHeading) continue;
    if (cells.length !== 2) faults.push({ line, fault: `has ${cells.length} columns, and not 2` });
    else if (!isNamed(former, from)) {
      faults.push({ line, fault: `"${cut(former)}" is no subscription of ${from.title}` });
    } else if (!isNamed(subscription, to)) {
      faults.push({ line, fault: `"${cut(subscription)}" is no subscription of ${to.title}` });
    } else pairs.push({ line, former, subscription });
  }
  if (pairs.length === 0 && faults.length === 0)
    faults.push({ line: 1, fault: 'the file names no subscription' });
  return { pairs, faults };
}

function isNamed(name: string, { subscriptionShape = /./ }: Moves['to']): boolean {
  return subscriptionShape.test(name);
}

const cut = (text: string): string => printable(text.length > 40 ? `${text.slice(0, 40)}…` : text);

function report({ tied, known, faults }: Migrated, { from }: Moves, apply: boolean): string {
  if (faults.length > 0) return faults.map(({ line, fault }) => `line ${line}: ${fault}\n`).join('');
  const lines = tied.map(({ former, subscription }) => `${former} goes on as ${subscription}\n`);
  const done = apply ? 'were tied' : 'would be tied: run it with --apply';
  return `${lines.join('')}${tied.length} subscriptions of ${from.title} ${done}; ${known} were before.\n`;
}
