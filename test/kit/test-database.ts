/** Where the ledgers of services in tests are: in a file, or on the PostgreSQL of `npm run test:postgres`. */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';

/** LEDGER_URL of a new ledger; none: a file in the home's folder. */
export function ledgerOfTests(): { readonly LEDGER_URL?: string } {
  const { TEST_POSTGRES_URL: server, TEST_SERVICES_ON: services } = process.env;
  if (server === undefined || services !== 'postgres') return {};
  const schema = `s${randomUUID().replaceAll('-', '')}`;
  // Homes are made without waiting.
  const program = `
    const { Client } = require('pg');
    const client = new Client({ connectionString: process.argv[1] });
    client.connect().then(() => client.query('CREATE SCHEMA ' + process.argv[2])).then(() => client.end());`;
  execFileSync(process.execPath, ['-e', program, server, schema]);
  return { LEDGER_URL: `${server}&options=${encodeURIComponent(`-c search_path=${schema}`)}` };
}
