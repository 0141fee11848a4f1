/** Prints the results for a person. */

import type { BesideMeasurement } from './beside.ts';
import type { Goal, Measurement, Results } from './results.ts';
import { MOST_NOISE } from './rounds.ts';

const HEADINGS = ['server', 'CPU', 'lowest to highest', 'floors', 'a second', 'p50', 'p99'];

export function report({ measurements, commit, beside, goals }: Results): string {
  const floorOf = (measurement: Measurement) =>
    measurements.find(({ name }) => name === measurement.floor)?.cpu ?? Number.NaN;
  const table = [HEADINGS, ...measurements.map((measurement) => cells(measurement, floorOf(measurement)))];
  const bare = `A bare durable commit: ${commit.toFixed(2)} ms (p50).`;
  return [
    ...align(table),
    '',
    bare,
    ...besideLines(beside),
    '',
    ...noiseLines(measurements),
    ...goals.map(goalLine),
    '',
  ].join('\n');
}

function besideLines(measurements: readonly BesideMeasurement[]): string[] {
  if (measurements.length === 0) return [];
  const head = ['sales, 100 a second, beside', 'runs', 'p50', 'p99', 'p99 alone'];
  const lines = measurements.map(({ work, runs, p50, p99, aloneP99 }) => [
    work,
    String(runs),
    ...[p50, p99, aloneP99].map((milliseconds) => `${milliseconds.toFixed(2)} ms`),
  ]);
  return ['', ...align([head, ...lines])];
}

function cells(measurement: Measurement, floor: number): string[] {
  return [
    measurement.title,
    `${measurement.cpu.toFixed(1)} µs`,
    `${measurement.lowestCpu.toFixed(1)} to ${measurement.highestCpu.toFixed(1)} µs`,
    (measurement.cpu / floor).toFixed(2),
    measurement.perSecond.toFixed(0),
    `${measurement.p50.toFixed(2)} ms`,
    `${measurement.p99.toFixed(1)} ms`,
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

function noiseLines(measurements: readonly Measurement[]): string[] {
  const turns = measurements.flatMap((measurement) => measurement.turns);
  const noisy = measurements.reduce((sum, measurement) => sum + measurement.noisyTurns, 0);
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
