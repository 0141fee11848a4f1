/** The pooler PgBouncer between a service and the PostgreSQL of the tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Owner } from '../kit/service.ts';
import { answers, makeFolder, runIn } from './cluster.ts';
import { run } from './server.ts';

/** For how long a client keeps a connection of the server. */
export type PoolMode = 'session' | 'transaction' | 'statement';

const PROGRAM = 'pgbouncer';

export interface Pooler {
  /** The URL through the pooler of a URL of the database. `options`: as it is; else without them, which PgBouncer refuses. */
  through(url: string, options?: 'options'): string;
  /** What it passed on so far, and the connections of the server that a role has by it. */
  count(role: string): Promise<{ readonly transactions: number; readonly connections: number }>;
}

export interface PoolerSettings {
  readonly mode: PoolMode;
  /** The most connections of the server for one role. */
  readonly size: number;
  /** Parameters of connections that it drops; default: it refuses those that it does not know. */
  readonly ignored?: string | undefined;
}

export async function startPgBouncer(
  owner: Owner,
  server: string,
  { mode, size, ignored = '' }: PoolerSettings,
): Promise<Pooler> {
  const folder = makeFolder('mintmark-pgbouncer-');
  const params = new URL(server, 'postgres://x').searchParams;
  writeFileSync(join(folder, 'users'), '"postgres" ""\n');
  const settings = {
    unix_socket_dir: folder,
    listen_port: 5432,
    auth_type: 'trust',
    auth_file: join(folder, 'users'),
    // Other roles are looked up in the database.
    auth_user: 'postgres',
    admin_users: 'postgres',
    pool_mode: mode,
    default_pool_size: size,
    ignore_startup_parameters: ignored,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(
    file,
    `[databases]\n* = host=${params.get('host')} port=${params.get('port')}\n[pgbouncer]\n${lines.join('\n')}\n`,
  );
  const { env, ...place } = runIn(folder);
  // Debian's place of it.
  const programs = { ...env, PATH: `${env.PATH}:/usr/sbin` };
  const pooler = spawn(PROGRAM, ['-q', file], { ...place, env: programs, stdio: 'ignore' });
  owner.teardown(() => {
    pooler.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const through = (url: string, options?: 'options') => {
    const other = url.replace(/host=[^&]*/, `host=${encodeURIComponent(folder)}`);
    return options === undefined ? other.replace(/&options=[^&]*/, '') : other;
  };
  const admin = through(server.replace('/postgres?', '/pgbouncer?'));
  await untilAnswering(pooler, through(server));
  return {
    through,
    count: async (role) => {
      const totals = await run('SHOW STATS_TOTALS', admin);
      const transactions = totals
        .map((row) => Number(row['xact_count']))
        .reduce((sum, each) => sum + each, 0);
      const servers = await run('SHOW SERVERS', admin);
      return { transactions, connections: servers.filter(({ user }) => user === role).length };
    },
  };
}

async function untilAnswering(pooler: ChildProcess, url: string): Promise<void> {
  let fault: unknown = `there is no ${PROGRAM}: apt-get install pgbouncer`;
  pooler.once('error', (error) => {
    fault = error;
  });
  for (let tries = 0; tries < 100 && pooler.exitCode === null; tries++) {
    if (await answers(url)) return;
    await wait(50);
  }
  throw new Error('PgBouncer did not start', { cause: fault });
}
