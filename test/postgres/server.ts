/** The PostgreSQL of the tests and proofs: a schema for each, and ledgers on it. */
import type pg from 'pg';
import { openPostgresLedger, type PostgresLedgerOptions } from '../../src/storage/postgres/open-ledger.ts';
import { PRODUCTS, rulesFor } from '../kit/ledger-data.ts';
import { ID_SECRET } from '../kit/minting.ts';
import type { Owner } from '../kit/service.ts';
import type { DatabaseOptions } from '../storage/contract/database.ts';
import { connect } from './connect.ts';

/** Of the database that main.ts started. */
export function serverUrl(): string {
  const url = process.env['TEST_POSTGRES_URL'];
  if (url === undefined) throw new Error('run the tests of PostgreSQL by npm run test:postgres');
  return url;
}

/** Runs one statement as the superuser. */
export async function run(text: string, url = serverUrl()): Promise<readonly Record<string, unknown>[]> {
  const client = await connect(url);
  try {
    const { rows } = await client.query(text);
    return rows;
  } finally {
    await client.end();
  }
}

/** The URL of a new, empty schema. */
export async function newSchema(): Promise<string> {
  const name = `t${process.hrtime.bigint()}${Math.floor(Math.random() * 1e6)}`;
  await run(`CREATE SCHEMA ${name}`);
  return `${serverUrl()}&options=${encodeURIComponent(`-c search_path=${name}`)}`;
}

/** A role that may log in and is no superuser, and the URL of an empty schema that it owns. */
export async function newOwner(): Promise<{ readonly role: string; readonly url: string }> {
  const role = `owner_${process.hrtime.bigint()}`;
  await run(`CREATE ROLE ${role} LOGIN; CREATE SCHEMA ${role} AUTHORIZATION ${role}`);
  const search = encodeURIComponent(`-c search_path=${role}`);
  return { role, url: `${serverUrl().replace('user=postgres', `user=${role}`)}&options=${search}` };
}

/** The same as `newSchema`, with a clock of the database that a test pushes: PostgreSQL's own, and so many milliseconds. */
export async function schemaWithClock(): Promise<{
  readonly url: string;
  push(milliseconds: number): Promise<unknown>;
}> {
  const schema = await newSchema();
  const url = `${schema}%2Cpg_catalog`;
  await run(
    `CREATE TABLE pushed (ahead interval);
    INSERT INTO pushed VALUES ('0');
    CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
      'SELECT pg_catalog.clock_timestamp() + (SELECT ahead FROM pushed)'`,
    url,
  );
  const push = (milliseconds: number) =>
    run(`UPDATE pushed SET ahead = ahead + ${milliseconds} * interval '1 ms'`, url);
  return { url, push };
}

export async function openOn(
  owner: Owner,
  url: string,
  { products = PRODUCTS, expectsEvents, announce, now }: DatabaseOptions = {},
  options: Partial<PostgresLedgerOptions> = {},
) {
  const ledger = await openPostgresLedger(url, {
    idSecret: ID_SECRET,
    rules: rulesFor(products, expectsEvents, announce),
    ...(now && { now }),
    clock: 'given',
    ...options,
  });
  owner.teardown(() => ledger.close());
  return ledger;
}

/** Nobody reads the table (`SHARE`: writes it) until the returned connection ends. */
export async function lockTable(
  url: string,
  table: string,
  mode: 'ACCESS EXCLUSIVE' | 'SHARE' = 'ACCESS EXCLUSIVE',
): Promise<pg.Client> {
  const client = await connect(url);
  await client.query('BEGIN');
  await client.query(`LOCK TABLE ${table} IN ${mode} MODE`);
  return client;
}
