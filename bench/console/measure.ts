/** How quick the console is on a large ledger, and what it costs the sales beside it. */
import { constants, cpSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Shop } from '../beside.ts';
import { MINTMARK } from '../contenders.ts';
import { type ServerOptions, ServerProcess } from '../server-process.ts';
import type { Stage } from '../stage.ts';
import { median, percentile } from '../statistics.ts';
import { fillConsole } from './fill.ts';
import type { ConsoleReading } from './meter.ts';
import { type TimedPage, Visitor } from './visitor.ts';

/** More than several people press. */
const VISITS_A_SECOND = 2;
const PAGES = 15;
/** Before the first one counts: the console is loaded, and the pages of the file are read. */
const WARM_UP = 3;
const MOST_TRIES = 3 * (PAGES + WARM_UP);

/** Milliseconds. */
export interface ConsolePages {
  readonly firstByte: number;
  readonly overview: number;
  readonly search: number;
  /** Of CPU, that an overview takes of all threads: what it takes on a machine that has nothing else to do. */
  readonly overviewCpu: number;
  /** Of CPU, that a search took of the thread that has the ledger: the noise of the machine is not in it. */
  readonly searchCpu: number;
  /** Of the overview. */
  readonly bytes: number;
}

/**
 * Milliseconds of each sale, at the same moments: at the service whose console people use, and at its twin, on a copy of
 * the ledger, whose console nobody uses.
 */
export interface ConsoleRound {
  readonly beside: readonly number[];
  readonly alone: readonly number[];
}

/** p99 of a sale beside the console, in p99 of one at the twin. */
export function p99RatioOf(rounds: readonly ConsoleRound[]): number {
  const p99 = (which: keyof ConsoleRound) =>
    percentile(
      rounds.flatMap((round) => round[which]),
      0.99,
    );
  return p99('beside') / p99('alone');
}

export interface ConsoleOptions {
  readonly seconds: number;
  readonly progress: (text: string) => void;
  /** Differences of the service: a weakened build. */
  readonly around?: Pick<ServerOptions, 'imports' | 'env'>;
}

/** The pages, and p99 of a sale beside them. */
export interface ConsoleMeasurement extends ConsolePages {
  readonly licenses: number;
  readonly p99Ratio: number;
}

export async function measureConsole(
  stage: Stage,
  {
    licenses,
    rounds,
    ...options
  }: Omit<ConsoleOptions, 'around'> & { readonly licenses: number; readonly rounds: number },
): Promise<ConsoleMeasurement> {
  options.progress(`filling a ledger with ${licenses} licenses for the console`);
  const dataDir = await fillConsole(stage, licenses);
  const bench = await ConsoleBench.start(stage, { dataDir, licenses }, options);
  try {
    const pages = await bench.pages();
    const played: ConsoleRound[] = [];
    for (let round = 0; round < rounds; round++) played.push(await bench.round());
    return { ...pages, licenses, p99Ratio: p99RatioOf(played) };
  } finally {
    await bench.stop();
  }
}

export class ConsoleBench {
  readonly #server: ServerProcess;
  readonly #twin: ServerProcess;
  readonly #shop: Shop;
  readonly #visitor: Visitor;
  /** A name that is in the ledger once. */
  readonly #name: string;

  private constructor(
    { server, twin }: { readonly server: ServerProcess; readonly twin: ServerProcess },
    shop: Shop,
    visitor: Visitor,
    name: string,
  ) {
    this.#server = server;
    this.#twin = twin;
    this.#shop = shop;
    this.#visitor = visitor;
    this.#name = name;
  }

  static async start(
    stage: Stage,
    { dataDir, licenses }: { readonly dataDir: string; readonly licenses: number },
    options: ConsoleOptions,
  ): Promise<ConsoleBench> {
    const copy = stage.dataDir('twin');
    cpSync(dataDir, copy, { recursive: true, mode: constants.COPYFILE_FICLONE });
    const start = (name: string, place: string, around: ConsoleOptions['around'] = {}) =>
      ServerProcess.start(stage, {
        ...{ name, program: MINTMARK, dataDir: place },
        meter: 'bench/console/meter.ts',
        ...around,
      });
    const server = await start('console', dataDir, options.around);
    const twin = await start('twin', copy);
    await Promise.all([server.ready(), twin.ready()]);
    const visitor = await Visitor.enter(stage, dataDir, server.port);
    const shop = new Shop(stage, dataDir, options);
    return new ConsoleBench({ server, twin }, shop, visitor, `Byron ${licenses - 1}`);
  }

  /** The medians. */
  async pages(): Promise<ConsolePages> {
    const read = () => this.#server.ask<ConsoleReading>({});
    const start = await read();
    const overviews = await this.#times(() => this.#visitor.overview());
    const before = await read();
    const searches = await this.#times(() => this.#visitor.search(this.#name));
    const after = await read();
    return {
      firstByte: median(overviews.good.map(({ firstByte }) => firstByte)),
      overview: median(overviews.good.map(({ whole }) => whole)),
      search: median(searches.good.map(({ whole }) => whole)),
      overviewCpu: (before.cpu - start.cpu) / 1000 / overviews.tries,
      searchCpu: (after.ledgerThread - before.ledgerThread) / 1000 / searches.tries,
      bytes: Math.max(...overviews.good.map(({ bytes }) => bytes)),
    };
  }

  async round(): Promise<ConsoleRound> {
    let isOver = false;
    const visiting = (async () => {
      while (!isOver) {
        // Both at once, as two people would.
        const pages = await Promise.all([this.#visitor.overview(), this.#visitor.search(this.#name)]);
        for (const page of pages) requireGood(page);
        await sleep(1000 / VISITS_A_SECOND);
      }
    })();
    const [beside, alone] = await this.#shop.sellAtBoth(
      [this.#server, this.#twin],
      'sales beside the console, and at a twin',
    );
    isOver = true;
    await visiting;
    return { beside, alone };
  }

  async stop(): Promise<void> {
    await Promise.all([this.#server.stop(), this.#twin.stop()]);
  }

  /** `good`: without those of the warm-up and those that were given up; `tries`: all. */
  async #times(visit: () => Promise<TimedPage>) {
    const pages: TimedPage[] = [];
    let tries = 0;
    for (; tries < MOST_TRIES && pages.length < WARM_UP + PAGES; tries++) {
      const page = await visit();
      requireGood(page);
      if (!isGivenUp(page)) pages.push(page);
    }
    return { good: pages.slice(WARM_UP), tries };
  }
}

/** Reading took longer than its limit: so it is on a machine that is busy otherwise, and no sale waits for that either. */
function isGivenUp({ status }: TimedPage): boolean {
  return status === 503;
}

/** A search that finds one order leads to it. */
function requireGood(page: TimedPage): void {
  const { status } = page;
  if (status !== 200 && status !== 303 && !isGivenUp(page))
    throw new Error(`a page of the console was answered ${status}`);
}
