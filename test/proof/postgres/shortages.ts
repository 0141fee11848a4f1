/** What PostgreSQL can run out of; each returns what ends it. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import pg from 'pg';
import type { Cluster } from '../../postgres/cluster.ts';
import { connect } from '../../postgres/connect.ts';
import { run } from '../../postgres/server.ts';

/** The role of the instances. */
export const SELLER = 'seller';

export interface Shortage {
  readonly title: string;
  readonly begin: (cluster: Cluster, url: string) => Promise<() => Promise<unknown>>;
}

const END_SESSIONS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${SELLER}' AND application_name = 'mintmark'`;

export const DISK_FULL: Shortage = { title: 'disk full', begin: fillDisk };

export const SHORTAGES: readonly Shortage[] = [
  { title: 'no connection left', begin: takeConnections },
  {
    title: 'no connection for the role',
    begin: async ({ url }) => {
      await run(`ALTER ROLE ${SELLER} CONNECTION LIMIT 0`, url);
      await run(END_SESSIONS, url);
      return () => run(`ALTER ROLE ${SELLER} CONNECTION LIMIT -1`, url);
    },
  },
  {
    title: 'read-only',
    begin: async ({ url }) => {
      await setForAll(url, 'default_transaction_read_only = on');
      return () => setForAll(url, 'default_transaction_read_only = off');
    },
  },
  DISK_FULL,
];

/** Takes every connection that is free, and those of the instances when they end. */
async function takeConnections({ url: server }: Cluster, url: string): Promise<() => Promise<unknown>> {
  const admin = await connect(server);
  const taken: pg.Client[] = [];
  const take = async () => {
    for (;;) {
      try {
        taken.push(await connect(url));
      } catch (error) {
        if (error instanceof pg.DatabaseError && error.code === '53300') return;
        throw error;
      }
    }
  };
  await take();
  for (;;) {
    const { rowCount } = await admin.query(END_SESSIONS);
    if (rowCount === 0) break;
    await take();
  }
  return async () => {
    for (const client of taken) await client.end();
    await admin.end();
  };
}

async function setForAll(url: string, setting: string): Promise<void> {
  await run(`ALTER SYSTEM SET ${setting}`, url);
  await run('SELECT pg_reload_conf()', url);
  const [name, value] = setting.split(' = ');
  for (;;) {
    const [row] = await run(`SHOW ${name}`, url);
    if (row?.[name ?? ''] === value) return;
  }
}

/** Leaves the tables no room to grow; their last pages may have some. */
async function fillDisk({ space }: Cluster): Promise<() => Promise<unknown>> {
  const filler = `${space}/filler`;
  const handle = openSync(filler, 'w');
  try {
    for (;;) writeSync(handle, Buffer.alloc(4096));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    closeSync(handle);
  }
  return async () => rmSync(filler);
}
