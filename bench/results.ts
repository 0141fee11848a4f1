/** What a run found: medians of the turns, and the goals held against them. */
import type { Contender, ContenderName } from './contenders.ts';
import { isNoisy, type Turn } from './rounds.ts';
import type { Start } from './starts.ts';
import { median } from './statistics.ts';

export interface Row {
  readonly name: ContenderName;
  readonly title: string;
  readonly floor: ContenderName;
  /** Medians of the turns; `lowestCpu` and `highestCpu` tell how far they lie apart. */
  readonly cpu: number;
  readonly lowestCpu: number;
  readonly highestCpu: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly requests: number;
  readonly noisyTurns: number;
  readonly turns: readonly Turn[];
}

export interface Goal {
  readonly goal: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: string;
  readonly met: boolean;
}

export interface Results {
  readonly rows: readonly Row[];
  readonly starts: readonly Start[];
  readonly goals: readonly Goal[];
}

const MEGABYTE = 1_000_000;

export function sumUp(
  turns: ReadonlyMap<Contender, readonly Turn[]>,
  starts: readonly Start[],
  licenses: number,
): Results {
  const rows = [...turns].map(([contender, played]) => rowOf(contender, played));
  return { rows, starts, goals: goalsOf(rows, starts, licenses) };
}

function rowOf({ name, title, floor, requests }: Contender, turns: readonly Turn[]): Row {
  const cpu = turns.map((turn) => turn.cpu);
  return {
    name,
    title,
    floor,
    cpu: median(cpu),
    lowestCpu: Math.min(...cpu),
    highestCpu: Math.max(...cpu),
    perSecond: median(turns.map((turn) => turn.perSecond)),
    p50: median(turns.map((turn) => turn.p50)),
    p99: median(turns.map((turn) => turn.p99)),
    requests,
    noisyTurns: turns.filter(isNoisy).length,
    turns,
  };
}

function goalsOf(rows: readonly Row[], starts: readonly Start[], licenses: number): Goal[] {
  const row = (name: ContenderName) => rows.find((candidate) => candidate.name === name);
  const cpu = (name: ContenderName) => row(name)?.cpu ?? Number.NaN;
  const atMost = (goal: string, value: number, limit: number, unit = '') => ({
    goal,
    value,
    limit,
    unit,
    met: value <= limit,
  });
  const fresh = row('new');
  return [
    atMost('CPU of a new order, in floors', cpu('new') / cpu('floor'), 1.7),
    atMost('CPU of a new order, in plain ways', cpu('new') / cpu('plain'), 1 / 20),
    atMost('p99 of a new order, in p50', (fresh?.p99 ?? Number.NaN) / (fresh?.p50 ?? Number.NaN), 3),
    ...(row('filled') === undefined
      ? []
      : [atMost(`CPU with ${licenses} licenses held, in empty ledgers`, cpu('filled') / cpu('new'), 1.1)]),
    atMost('idle memory', median(starts.map((start) => start.idleMemory / MEGABYTE)), 120, 'MB'),
    atMost('start to first reply', median(starts.map((start) => start.firstReply / 1000)), 1, 's'),
  ];
}
