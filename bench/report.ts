/** Prints the results for a person. */

import type { BesideRow } from './beside.ts';
import type { Goal, Results, Row } from './results.ts';
import { MOST_NOISE } from './rounds.ts';

const HEADINGS = ['server', 'CPU', 'lowest to highest', 'floors', 'a second', 'p50', 'p99'];

export function report({ rows, commit, beside, goals }: Results): string {
  const floorOf = (row: Row) => rows.find(({ name }) => name === row.floor)?.cpu ?? Number.NaN;
  const table = [HEADINGS, ...rows.map((row) => cells(row, floorOf(row)))];
  const bare = `A bare durable commit: ${commit.toFixed(2)} ms (p50).`;
  return [
    ...align(table),
    '',
    bare,
    ...besideLines(beside),
    '',
    ...noiseLines(rows),
    ...goals.map(goalLine),
    '',
  ].join('\n');
}

function besideLines(rows: readonly BesideRow[]): string[] {
  if (rows.length === 0) return [];
  const head = ['sales, 100 a second, beside', 'runs', 'p50', 'p99', 'p99 alone'];
  const lines = rows.map(({ work, runs, p50, p99, aloneP99 }) => [
    work,
    String(runs),
    ...[p50, p99, aloneP99].map((milliseconds) => `${milliseconds.toFixed(2)} ms`),
  ]);
  return ['', ...align([head, ...lines])];
}

function cells(row: Row, floor: number): string[] {
  return [
    row.title,
    `${row.cpu.toFixed(1)} µs`,
    `${row.lowestCpu.toFixed(1)} to ${row.highestCpu.toFixed(1)} µs`,
    (row.cpu / floor).toFixed(2),
    row.perSecond.toFixed(0),
    `${row.p50.toFixed(2)} ms`,
    `${row.p99.toFixed(1)} ms`,
  ];
}

/** The first column left-aligned, figures right-aligned. */
export function align(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((line) => line[column]?.length ?? 0)),
  );
  return table.map((line) =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  '),
  );
}

function noiseLines(rows: readonly Row[]): string[] {
  const turns = rows.flatMap((row) => row.turns);
  const noisy = rows.reduce((sum, row) => sum + row.noisyTurns, 0);
  if (turns.some((turn) => turn.others === undefined)) {
    return ['What other processes took is not known here: there is no /proc/stat.', ''];
  }
  if (noisy === 0) return [];
  const percent = MOST_NOISE * 100;
  return [
    `${noisy} of ${turns.length} turns stayed noisy: other processes took more than ${percent} % in each attempt.`,
    '',
  ];
}

function goalLine({ goal, value, limit, unit, met }: Goal): string {
  const figure = (number: number) => `${number.toFixed(number < 1 ? 3 : 2)}${unit && ` ${unit}`}`;
  return `${met ? 'met    ' : 'NOT MET'}  ${goal}: ${figure(value)}, at most ${figure(limit)}`;
}
