/** Turns of the bench on PostgreSQL: instances that sell at the same time, their CPU and that of the database. */
import type { ClientProcess } from '../client-process.ts';
import type { ServerProcess } from '../server-process.ts';
import { median } from '../statistics.ts';
import type { BenchDatabase } from './database.ts';

export interface Entrant {
  readonly title: string;
  readonly kind: 'new orders' | 'repeats';
  /** The instances; requests are shared among them. */
  readonly servers: readonly ServerProcess[];
  /** Requests at the same time, of all instances together. */
  readonly connections: number;
}

/** Microseconds an order; milliseconds. */
export interface Turn {
  readonly node: number;
  readonly database: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Acts that shared a transaction. */
  readonly group: number;
}

export class Turns {
  readonly #clients: readonly ClientProcess[];
  readonly #database: BenchDatabase;
  #next = 0;
  /** The first order of each client's last turn of new orders. */
  #last: readonly number[] = [];

  constructor(clients: readonly ClientProcess[], database: BenchDatabase) {
    this.#clients = clients;
    this.#database = database;
  }

  async play({ kind, servers, ...entrant }: Entrant, requests: number): Promise<Turn> {
    const count = Math.ceil(requests / servers.length);
    const connections = Math.ceil(entrant.connections / servers.length);
    const pairs = servers.flatMap((server, place) => {
      const client = this.#clients[place];
      return client === undefined ? [] : [{ server, client }];
    });
    if (kind === 'new orders') {
      this.#last = pairs.map((_, place) => this.#next + place * count);
      this.#next += pairs.length * count;
    }
    // At the same time: a connection that waits for the orders of another client would be closed.
    await Promise.all(
      pairs.map(({ server, client }, place) =>
        client.prepare({ kind, port: server.port, connections, first: this.#last[place] ?? 0, count }),
      ),
    );
    const cpu = async () => {
      const readings = await Promise.all(servers.map((server) => server.read()));
      return readings.reduce((sum, reading) => sum + reading.cpu, 0);
    };
    const groups = { before: await commitsOf(servers), after: { acts: 0, commits: 0 } };
    const before = { node: await cpu(), database: this.#database.cpu() };
    const done = await Promise.all(pairs.map(({ client }) => client.go()));
    const after = { node: await cpu(), database: this.#database.cpu() };
    groups.after = await commitsOf(servers);
    const all = count * pairs.length;
    return {
      node: (after.node - before.node) / all,
      database: (after.database - before.database) / all,
      perSecond: all / Math.max(...done.map(({ seconds }) => seconds)),
      p50: median(done.map(({ p50 }) => p50)),
      p99: Math.max(...done.map(({ p99 }) => p99)),
      group: (groups.after.acts - groups.before.acts) / (groups.after.commits - groups.before.commits || 1),
    };
  }
}

/** The median of each figure. */
export function medianTurn(turns: readonly Turn[]): Turn {
  const of = (figure: keyof Turn) => median(turns.map((turn) => turn[figure]));
  return {
    node: of('node'),
    database: of('database'),
    perSecond: of('perSecond'),
    p50: of('p50'),
    p99: of('p99'),
    group: of('group'),
  };
}

/** How many acts the servers have committed so far, and in how many transactions. */
async function commitsOf(servers: readonly ServerProcess[]) {
  const texts = await Promise.all(
    servers.map(async ({ port }) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()),
  );
  const sum = (name: string) =>
    texts.reduce((all, text) => all + Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0), 0);
  return { acts: sum('mintmark_commit_acts_sum'), commits: sum('mintmark_commit_acts_count') };
}
