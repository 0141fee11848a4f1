/** How quick the console is on a large ledger, and what it costs the sales beside it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Shop } from '../beside.ts';
import { MINTMARK } from '../contenders.ts';
import { machineCpu, shareOfOthers } from '../noise.ts';
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

/** Milliseconds. */
export interface ConsolePages {
  readonly firstByte: number;
  readonly overview: number;
  readonly search: number;
  /** Of CPU, that a search took of the thread that has the ledger: the noise of the machine is not in it. */
  readonly searchCpu: number;
  /** Of the overview. */
  readonly bytes: number;
}

/** p99 of a sale, in milliseconds: alone, and beside people who open the overview and search. */
export interface ConsoleRound {
  readonly alone: number;
  readonly beside: number;
  /** The share of the machine that other processes took, 0 to 1; undefined where unknown. */
  readonly others: number | undefined;
}

export interface ConsoleOptions {
  readonly seconds: number;
  readonly progress: (text: string) => void;
  /** Differences of the service: a weakened build. */
  readonly around?: Pick<ServerOptions, 'imports' | 'env'>;
}

/** The pages, and the median over the rounds of p99 beside them, in p99 alone. */
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
    return { ...pages, licenses, p99Ratio: median(played.map(({ alone, beside }) => beside / alone)) };
  } finally {
    await bench.stop();
  }
}

export class ConsoleBench {
  readonly #server: ServerProcess;
  readonly #shop: Shop;
  readonly #visitor: Visitor;
  /** A name that is in the ledger once. */
  readonly #name: string;

  private constructor(server: ServerProcess, shop: Shop, visitor: Visitor, name: string) {
    this.#server = server;
    this.#shop = shop;
    this.#visitor = visitor;
    this.#name = name;
  }

  static async start(
    stage: Stage,
    { dataDir, licenses }: { readonly dataDir: string; readonly licenses: number },
    options: ConsoleOptions,
  ): Promise<ConsoleBench> {
    const server = await ServerProcess.start(stage, {
      name: 'console',
      program: MINTMARK,
      dataDir,
      meter: 'bench/console/meter.ts',
      ...options.around,
    });
    await server.ready();
    const visitor = await Visitor.enter(stage, dataDir, server.port);
    return new ConsoleBench(server, new Shop(stage, dataDir, options), visitor, `Byron ${licenses - 1}`);
  }

  /** The medians. */
  async pages(): Promise<ConsolePages> {
    const overviews = await this.#times(() => this.#visitor.overview());
    const before = await this.#read();
    const searches = await this.#times(() => this.#visitor.search(this.#name));
    const after = await this.#read();
    return {
      firstByte: median(overviews.map(({ firstByte }) => firstByte)),
      overview: median(overviews.map(({ whole }) => whole)),
      search: median(searches.map(({ whole }) => whole)),
      searchCpu: (after.ledgerThread - before.ledgerThread) / 1000 / (WARM_UP + PAGES),
      bytes: Math.max(...overviews.map(({ bytes }) => bytes)),
    };
  }

  async round(): Promise<ConsoleRound> {
    const alone = await this.#sell('sales alone');
    let isOver = false;
    const visiting = (async () => {
      while (!isOver) {
        // Both at once, as two people would.
        const pages = await Promise.all([this.#visitor.overview(), this.#visitor.search(this.#name)]);
        for (const page of pages) requireGood(page);
        await sleep(1000 / VISITS_A_SECOND);
      }
    })();
    const beside = await this.#sell('sales beside the console');
    isOver = true;
    await visiting;
    return {
      alone: percentile(alone.latencies, 0.99),
      beside: percentile(beside.latencies, 0.99),
      others: alone.others && beside.others && Math.max(alone.others, beside.others),
    };
  }

  async #sell(what: string) {
    const before = await this.#read();
    const latencies = await this.#shop.sell(this.#server, what);
    const after = await this.#read();
    if (before.machine === undefined || after.machine === undefined) return { latencies, others: undefined };
    const own = after.own - before.own;
    const seconds = (after.at - before.at) / 1000;
    return { latencies, others: shareOfOthers(after.machine - before.machine, own, seconds) };
  }

  async #read() {
    const { cpu, ledgerThread } = await this.#server.ask<ConsoleReading>({});
    const { user, system } = process.cpuUsage();
    return { own: cpu + user + system, ledgerThread, machine: machineCpu(), at: performance.now() };
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  async #times(visit: () => Promise<TimedPage>): Promise<readonly TimedPage[]> {
    const pages: TimedPage[] = [];
    for (let place = 0; place < WARM_UP + PAGES; place++) {
      const page = await visit();
      requireGood(page);
      if (place >= WARM_UP) pages.push(page);
    }
    return pages;
  }
}

/** A search that finds one order leads to it. */
function requireGood({ status }: TimedPage): void {
  if (status !== 200 && status !== 303) throw new Error(`a page of the console was answered ${status}`);
}
