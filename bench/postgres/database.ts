/** The database of the bench: a private PostgreSQL, its CPU, many licenses, and pgbench. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Cluster, serverPrograms, startCluster } from '../../test/postgres/cluster.ts';
import { connect } from '../../test/postgres/connect.ts';

/** Orders of a group of pgbench, as many as there are connections. */
const GROUP = 32;

/** The pens of pgbench; instances take the lowest. */
const PGBENCH_PEN = 45;

/** Fields of /proc/PID/stat behind the name (proc_stat(5)): CPU of the children that ended, in ticks. */
const CHILDREN_USER = 13;
const CHILDREN_SYSTEM = 14;
const MICROSECONDS_PER_TICK = 10_000;

const NOTICED_MILLISECONDS = 500;

export class BenchDatabase {
  readonly cluster: Cluster;
  /** LEDGER_URL. */
  readonly url: string;

  private constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.url = cluster.url;
  }

  static async start(): Promise<BenchDatabase> {
    const programs = serverPrograms();
    if (programs === undefined)
      throw new TypeError('PostgreSQL is not installed here: apt-get install postgresql');
    return new BenchDatabase(await startCluster(programs, { shared_buffers: '1GB', max_wal_size: '4GB' }));
  }

  async run(text: string): Promise<readonly Record<string, unknown>[]> {
    const client = await connect(this.url);
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** Microseconds of CPU of all processes of the server so far, with those that ended. */
  cpu(): number {
    let sum = 0;
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      try {
        // Those of other servers are in other folders.
        if (!readlinkSync(`/proc/${pid}/cwd`).startsWith(this.cluster.folder)) continue;
        const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
        sum += Number(readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ')[0]) / 1000;
        sum += (Number(fields[CHILDREN_USER]) + Number(fields[CHILDREN_SYSTEM])) * MICROSECONDS_PER_TICK;
      } catch {
        // Ended meanwhile.
      }
    }
    return sum;
  }

  /** Runs pgbench. `cpu`: microseconds of the server's CPU that it took. */
  async runPgbench(
    words: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly cpu: number; readonly ran: SpawnSyncReturns<string> }> {
    const { programs, folder, port } = this.cluster;
    const before = this.cpu();
    const ran = spawnSync(
      join(programs, 'pgbench'),
      ['-n', '-M', 'prepared', '-c', '1', ...words, '-U', 'postgres', '-h', folder, '-p', port, 'postgres'],
      { encoding: 'utf8', env: { ...process.env, ...env } },
    );
    // The CPU of its connection counts once the server has noticed its end; until then it is nowhere.
    await wait(NOTICED_MILLISECONDS);
    return { cpu: this.cpu() - before, ran };
  }

  /** Adds licenses like the first one, with ids in random order. */
  async fill(licenses: number): Promise<void> {
    const made = `generate_series(1, ${licenses}) AS i`;
    const base = 2 ** 40 * 60;
    await this.run(await this.#copies('customer', { number: `${base} + i` }, made));
    await this.run(
      await this.#copies(
        'license',
        {
          number: `${base} + i`,
          customer: `${base} + i`,
          id: `decode(md5('filled ' || i), 'hex')`,
          order_id: `'F' || (200000000 + i * 97)`,
        },
        made,
      ),
    );
    await this.run('VACUUM ANALYZE');
  }

  /** Groups of orders by one statement, their rows made in the server. Microseconds of its CPU an order. */
  async pgbench(seconds: number): Promise<{ readonly cpu: number; readonly perSecond: number }> {
    const given = 'given';
    const statement = [
      `WITH held AS (UPDATE pen SET last_license = last_license + ${GROUP}, last_customer = last_customer + ${GROUP}
        WHERE pen = :pen RETURNING pen, last_license)`,
      `given AS MATERIALIZED (SELECT (held.pen << 40) + held.last_license - ${GROUP} + i AS n FROM held, generate_series(1, ${GROUP}) AS i)`,
      `customers AS (${await this.#copies('customer', { number: 'n' }, given)})`,
      `licenses AS (${await this.#copies('license', { number: 'n', customer: 'n', id: `decode(md5('pgbench ' || n), 'hex')`, order_id: `'P' || n` }, given)})`,
    ].join(',\n');
    const file = join(this.cluster.folder, 'group.sql');
    writeFileSync(
      file,
      `\\set pen ${PGBENCH_PEN} + :client_id\n${`${statement} SELECT pen FROM held`.replace(/\n/g, ' ')};\n`,
    );
    const { cpu, ran } = await this.runPgbench(['-T', String(seconds), '-f', file]);
    const transactions = Number(/transactions actually processed: (\d+)/.exec(ran.stdout)?.[1]);
    if (ran.status !== 0 || !(transactions > 0)) throw new Error(`pgbench: ${ran.stderr}${ran.stdout}`);
    const orders = transactions * GROUP;
    return { cpu: cpu / orders, perSecond: orders / seconds };
  }

  /** A statement that copies the first row of a table, with some columns of its own, for each row of `from`. */
  async #copies(table: string, own: Readonly<Record<string, string>>, from: string): Promise<string> {
    const rows = await this.run(
      `SELECT attname AS name FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum > 0 ORDER BY attnum`,
    );
    const names = rows.map(({ name }) => String(name));
    const values = names.map((name) => own[name] ?? `first.${name}`);
    return `INSERT INTO ${table} (${names.join()}) SELECT ${values.join()}
      FROM ${from}, (SELECT * FROM ${table} ORDER BY number LIMIT 1) AS first`;
  }
}
