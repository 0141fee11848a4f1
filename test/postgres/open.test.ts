/** What a start asks of a database, and how it reads its URL. */

import test from 'ava';
import Database from 'better-sqlite3';
import { examineUpgrade } from '../../src/doctor/upgrade.ts';
import { OLDEST_SCHEMA } from '../../src/storage/postgres/schema/migrations.ts';
import { hostsOf, shownUrl } from '../../src/storage/postgres/session/connection.ts';
import { columnsOf } from '../../src/storage/postgres/table-memory.ts';
import { TABLES } from '../../src/storage/postgres/tables.ts';
import { migrate } from '../../src/storage/sqlite/file/open.ts';
import { issueOf, keepTexts } from '../kit/ledger-data.ts';
import { ID_SECRET } from '../kit/minting.ts';
import { makeHome, startHome } from '../kit/service.ts';
import { newSchema, openOn, run } from './server.ts';

/** Columns that only PostgreSQL has. */
const OWN: Readonly<Record<string, readonly string[]>> = { pen: ['last_group'] };

test.serial('every table of a file is a table of the database, with the same columns', async (t) => {
  const url = await newSchema();
  await openOn(t, url);
  const file = new Database(':memory:');
  migrate(file, ID_SECRET);
  const names = file
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .pluck()
    .all();
  const rows = await run(
    'SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()',
    url,
  );
  for (const name of names) {
    const own = OWN[name] ?? [];
    const columns = rows
      .filter((row) => row['table_name'] === name && !own.includes(String(row['column_name'])))
      .map((row) => String(row['column_name']));
    t.deepEqual(columns.sort(), [...columnsOf(file, name)].sort(), name);
  }
  const written = new Set([...TABLES.map(({ name }) => name), 'identity', 'schema_version']);
  t.deepEqual(
    names.filter((name) => !written.has(name)),
    [],
    'acts write every table',
  );
});

test.serial('four starts at once make one schema', async (t) => {
  const url = await newSchema();
  const ledgers = await Promise.all([1, 2, 3, 4].map(() => openOn(t, url)));
  t.is(ledgers.length, 4);
  const [row] = await run(
    'SELECT count(*)::int AS pens, (SELECT count(*)::int FROM identity) AS identities FROM pen',
    url,
  );
  t.deepEqual(row, { pens: 64, identities: 1 });
});

test.serial('a newer schema is refused, unless it is readable from the known one on', async (t) => {
  const url = await newSchema();
  await (await openOn(t, url)).close();
  await run('UPDATE schema_version SET version = version + 1', url);
  await t.notThrowsAsync(openOn(t, url));
  await run('UPDATE schema_version SET readable_from = version', url);
  await t.throwsAsync(openOn(t, url), { code: 'bad_configuration', message: /newer Mintmark/ });
});

test.serial(
  'a schema older than the oldest migration is refused with the way to move the ledger, and upgrade check says so before',
  async (t) => {
    const url = await newSchema();
    const home = makeHome(t);
    const config = { ...home.config, ledgerDatabase: url };
    await (await startHome(t, { ...home, config })).stop();
    const faults = async () => (await examineUpgrade(config)).filter(({ level }) => level === 'fault');
    t.deepEqual(await faults(), [], 'the control');
    await run(`UPDATE schema_version SET version = ${OLDEST_SCHEMA - 1}`, url);
    const way = /ledger copy --to sqlite:FILE.*LEDGER_URL=sqlite:FILE mintmark ledger copy --to postgres/;
    await t.throwsAsync(openOn(t, url), { code: 'bad_configuration', message: way });
    const [fault, ...others] = await faults();
    t.regex(fault?.so ?? '', way);
    t.deepEqual(others, []);
  },
);

test.serial('a database whose commits are not durable is refused', async (t) => {
  const url = await newSchema();
  const weak = url.replace('search_path', 'synchronous_commit%3Doff%20-c%20search_path');
  await t.throwsAsync(openOn(t, weak), { code: 'bad_configuration', message: /synchronous_commit = off/ });
});

test.serial('a search path without a schema is refused', async (t) => {
  const url = (await newSchema()).replace(/search_path%3D\w+/, 'search_path%3Dmissing');
  await t.throwsAsync(openOn(t, url), { code: 'bad_configuration', message: /search_path/ });
});

test.serial(
  'a database that cannot be reached is unavailable, and a ledger recovers when its connections are cut',
  async (t) => {
    await t.throwsAsync(openOn(t, 'postgres:///x?host=/nonexistent'), { code: 'ledger_unavailable' });
    const url = await newSchema();
    const ledger = await openOn(t, `${url}&application_name=cut`);
    await keepTexts(ledger);
    await run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cut'", url);
    t.is((await ledger.issueFirst(issueOf())).outcome, 'issued');
    t.is((await ledger.count()).live, 1);
  },
);

test.serial('of several options in a URL the last one counts, and no pooler is blamed', async (t) => {
  const url = await newSchema();
  const twice = url.replace('&options=', '&options=-c%20search_path%3Dnowhere&options=');
  const ledger = await openOn(t, twice);
  await keepTexts(ledger);
  await ledger.issueFirst(issueOf({ order: 'A' }));
  t.is((await (await openOn(t, url)).find({ by: 'order', order: 'A' })).length, 1);
});

test('a URL with several hosts is a URL for each; its password is shown to nobody', (t) => {
  const url = 'postgres://ada:s3cret@one.example.com,two.example.com:5433/ledger?sslmode=verify-full';
  t.deepEqual(hostsOf(url), [
    'postgres://ada:s3cret@one.example.com/ledger?sslmode=verify-full',
    'postgres://ada:s3cret@two.example.com:5433/ledger?sslmode=verify-full',
  ]);
  t.false(shownUrl(url).includes('s3cret'));
  t.deepEqual(hostsOf('postgres:///ledger?host=/run'), ['postgres:///ledger?host=/run']);
  for (const secret of ['p@s3cret', 's3cret/x', 's3cret?x', 's3cret#x', 'x/s3cret@x:s3cret'])
    t.is(shownUrl(`postgres://ada:${secret}@db.example.com/ledger`), 'postgres://ada@db.example.com/ledger');
  t.is(
    shownUrl('postgres:///ledger?user=ada&password=s3cret&x=1'),
    'postgres:///ledger?user=ada&password=…&x=1',
  );
  t.deepEqual(hostsOf('postgres://ada:s@cret@one,two/ledger'), [
    'postgres://ada:s@cret@one/ledger',
    'postgres://ada:s@cret@two/ledger',
  ]);
});
