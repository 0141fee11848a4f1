/** The results of a run: medians of the turns, compared with the goals. */
import type { BesideMeasurement } from './beside.ts';
import type { ConsoleMeasurement } from './console/measure.ts';
import type { Contender, ContenderName } from './contenders.ts';
import { isNoisy, type Turn } from './rounds.ts';
import type { Start } from './starts.ts';
import { median } from './statistics.ts';

export interface Measurement {
  readonly name: ContenderName;
  readonly title: string;
  readonly floor: ContenderName;
  /** Medians of the turns; `lowestCpu` and `highestCpu` are their range. */
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

/** Measurements beside the turns. */
export interface Beside {
  readonly starts: readonly Start[];
  /** p50 of a bare durable commit, in each round: milliseconds. */
  readonly commits: readonly number[];
  readonly licenses: number;
  readonly beside: readonly BesideMeasurement[];
  /** Undefined: not measured. */
  readonly consolePages: ConsoleMeasurement | undefined;
}

export interface Results {
  readonly measurements: readonly Measurement[];
  readonly starts: readonly Start[];
  /** Milliseconds of a bare durable commit. */
  readonly commit: number;
  readonly beside: readonly BesideMeasurement[];
  readonly consolePages: ConsoleMeasurement | undefined;
  readonly goals: readonly Goal[];
}

const MEGABYTE = 1_000_000;

/** Bare commits that a sale on one connection can take in addition to its floor. */
const COMMITS_ALLOWED = 1.3;

export function sumUp(turns: ReadonlyMap<Contender, readonly Turn[]>, beside: Beside): Results {
  const measurements = [...turns].map(([contender, played]) => measurementOf(contender, played));
  const commit = median(beside.commits);
  return {
    measurements,
    starts: beside.starts,
    commit,
    beside: beside.beside,
    consolePages: beside.consolePages,
    goals: goalsOf(measurements, beside, commit),
  };
}

function measurementOf({ name, title, floor, requests }: Contender, turns: readonly Turn[]): Measurement {
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

function goalsOf(
  measurements: readonly Measurement[],
  { starts, licenses, beside, consolePages }: Beside,
  commit: number,
): Goal[] {
  const measurement = (name: ContenderName) => measurements.find((candidate) => candidate.name === name);
  const cpu = (name: ContenderName) => measurement(name)?.cpu ?? Number.NaN;
  const p50 = (name: ContenderName) => measurement(name)?.p50 ?? Number.NaN;
  const atMost = (goal: string, value: number, limit: number, unit = '') => ({
    goal,
    value,
    limit,
    unit,
    met: value <= limit,
  });
  const fresh = measurement('new');
  return [
    atMost('CPU of a new order, in floors', cpu('new') / cpu('floor'), 1.5),
    atMost('CPU of a repeat, in floors', cpu('repeats') / cpu('floor'), 1.2),
    atMost('CPU of an event alone, in floors', cpu('events') / cpu('event floor'), 2.2),
    atMost(
      'CPU of an event of 25, in floors of an event alone',
      cpu('batches') / cpu('event floor'),
      200 / 150,
    ),
    atMost(
      'CPU of a new order that nobody is told of, in orders without the outbox',
      cpu('new') / cpu('without outbox'),
      1.03,
    ),
    atMost('CPU of a new order, in plain ways', cpu('new') / cpu('plain'), 1 / 20),
    atMost('p99 of a new order, in p50', (fresh?.p99 ?? Number.NaN) / (fresh?.p50 ?? Number.NaN), 3),
    atMost(
      'p50 of a new order on one connection',
      p50('new, one connection'),
      p50('floor, one connection') + COMMITS_ALLOWED * commit,
      'ms',
    ),
    ...(measurement('filled') === undefined
      ? []
      : [atMost(`CPU with ${licenses} licenses held, in empty ledgers`, cpu('filled') / cpu('new'), 1.1)]),
    ...beside.map(({ work, p99, aloneP99 }) =>
      atMost(`p99 of a sale beside ${work}, in p99 alone`, p99 / aloneP99, 1.2),
    ),
    ...(consolePages === undefined
      ? []
      : [
          atMost(
            `first byte of the overview at ${consolePages.licenses} licenses`,
            consolePages.firstByte,
            50,
            'ms',
          ),
          atMost(`the overview at ${consolePages.licenses} licenses`, consolePages.overview, 100, 'ms'),
          atMost(
            `CPU of the overview at ${consolePages.licenses} licenses`,
            consolePages.overviewCpu,
            100,
            'ms',
          ),
          atMost(
            'p99 of a sale beside the console, in p99 of a twin at the same moments',
            consolePages.p99Ratio,
            1.2,
          ),
        ]),
    atMost('idle memory', median(starts.map((start) => start.idleMemory / MEGABYTE)), 95, 'MB'),
    atMost('start to first reply', median(starts.map((start) => start.firstReply / 1000)), 0.3, 's'),
  ];
}
