/** Where the ledgers of services in tests are: in a file, or on the PostgreSQL of `npm run test:postgres`. */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';

/** Runs one statement, and waits for it: homes are made, and rows counted, without `await`. */
const PROGRAM = `
  const { Client } = require('pg');
  const client = new Client({ connectionString: process.argv[1] });
  client.connect()
    .then(() => client.query(process.argv[2]))
    .then(({ rows }) => process.stdout.write(JSON.stringify(rows)))
    .then(() => client.end());`;

/** The rows that a statement on PostgreSQL answers. */
export function askPostgres(url: string, text: string): readonly Readonly<Record<string, unknown>>[] {
  return JSON.parse(execFileSync(process.execPath, ['-e', PROGRAM, url, text], { encoding: 'utf8' }));
}

/** LEDGER_URL of a new ledger; none: a file in the home's folder. */
export function ledgerOfTests(): { readonly LEDGER_URL?: string } {
  const { TEST_POSTGRES_URL: server, TEST_SERVICES_ON: services } = process.env;
  if (server === undefined || services !== 'postgres') return {};
  const schema = `s${randomUUID().replaceAll('-', '')}`;
  askPostgres(server, `CREATE SCHEMA ${schema}`);
  return { LEDGER_URL: `${server}&options=${encodeURIComponent(`-c search_path=${schema}`)}` };
}
