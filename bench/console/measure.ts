/** How quick the console is on a large ledger, and what it costs the sales beside it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Shop } from '../beside.ts';
import { MINTMARK } from '../contenders.ts';
import { type ServerOptions, ServerProcess } from '../server-process.ts';
import type { Stage } from '../stage.ts';
import { median, percentile } from '../statistics.ts';
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
  /** Of the overview. */
  readonly bytes: number;
}

/** p99 of a sale, in milliseconds: alone, and beside people who open the overview and search. */
export interface ConsoleRound {
  readonly alone: number;
  readonly beside: number;
  readonly visits: number;
}

export interface ConsoleOptions {
  readonly seconds: number;
  readonly progress: (text: string) => void;
  /** Differences of the service: a weakened build. */
  readonly around?: Pick<ServerOptions, 'imports' | 'env'>;
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
      ...options.around,
    });
    await server.ready();
    const visitor = await Visitor.enter(stage, dataDir, server.port);
    return new ConsoleBench(server, new Shop(stage, dataDir, options), visitor, `Byron ${licenses - 1}`);
  }

  /** The medians. */
  async pages(): Promise<ConsolePages> {
    const overviews = await this.#times(() => this.#visitor.overview());
    const searches = await this.#times(() => this.#visitor.search(this.#name));
    return {
      firstByte: median(overviews.map(({ firstByte }) => firstByte)),
      overview: median(overviews.map(({ whole }) => whole)),
      search: median(searches.map(({ whole }) => whole)),
      bytes: Math.max(...overviews.map(({ bytes }) => bytes)),
    };
  }

  async round(): Promise<ConsoleRound> {
    const alone = await this.#shop.sell(this.#server, 'sales alone');
    let isOver = false;
    let visits = 0;
    const visiting = (async () => {
      while (!isOver) {
        // Both at once, as two people would.
        const pages = await Promise.all([this.#visitor.overview(), this.#visitor.search(this.#name)]);
        for (const page of pages) requireGood(page);
        visits += pages.length;
        await sleep(1000 / VISITS_A_SECOND);
      }
    })();
    const beside = await this.#shop.sell(this.#server, 'sales beside the console');
    isOver = true;
    await visiting;
    return { alone: percentile(alone, 0.99), beside: percentile(beside, 0.99), visits };
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
