/** What instances on one database tell of themselves: their product files, their connections. */
import { randomUUID } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import { eventOf, keepTexts } from '../kit/ledger-data.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { makeHome, startHome } from '../kit/service.ts';
import { connect } from './connect.ts';
import { newOwner, newSchema, openOn, run } from './server.ts';

const MINUTE = 60_000;

/** Two instances with these product files. */
async function twoWith(t: ExecutionContext, one: string, two: string) {
  const url = await newSchema();
  const ids = [randomUUID(), randomUUID()] as const;
  const ledgers = [await openOn(t, url), await openOn(t, url)] as const;
  const note = async () => {
    await ledgers[0].database.noteInstance(ids[0], one);
    return ledgers[1].database.noteInstance(ids[1], two);
  };
  const age = (column: string, minutes: number, id: string) =>
    run(`UPDATE instance SET ${column} = ${column} - ${minutes * MINUTE} WHERE id = '${id}'`, url);
  return { url, ids, note, age };
}

test.serial('instances with the same product files do not differ, however long they run', async (t) => {
  const { ids, note, age } = await twoWith(t, 'a', 'a');
  t.deepEqual(await note(), { others: 1, differing: 0 });
  for (const id of ids) await age('started_at', 60, id);
  t.deepEqual(await note(), { others: 1, differing: 0 });
});

test.serial('other product files are a rollout for 10 minutes, and then a difference', async (t) => {
  const { ids, note, age } = await twoWith(t, 'a', 'b');
  t.deepEqual(await note(), { others: 1, differing: 0 });
  await age('started_at', 60, ids[0]);
  t.deepEqual(await note(), { others: 1, differing: 0 }, 'this instance has just started');
  await age('started_at', 11, ids[1]);
  t.deepEqual(await note(), { others: 1, differing: 1 });
});

test.serial('an instance that ended counts no more, and its row is taken by a later one', async (t) => {
  const { url, ids, note, age } = await twoWith(t, 'a', 'b');
  await note();
  await age('seen_at', 4, ids[0]);
  const ledger = await openOn(t, url);
  t.deepEqual(await ledger.database.noteInstance(ids[1], 'b'), { others: 0, differing: 0 });
  await age('seen_at', 25 * 60, ids[0]);
  t.deepEqual(await ledger.database.noteInstance(randomUUID(), 'b'), { others: 1, differing: 0 });
  const [row] = await run('SELECT count(*)::int AS rows FROM instance', url);
  t.is(row?.['rows'], 2);
});

test.serial('an instance knows by how much its clock is ahead of the database', async (t) => {
  const url = await newSchema();
  const HOUR = 60 * MINUTE;
  for (const ahead of [0, HOUR, -HOUR]) {
    const ledger = await openOn(t, url, { now: () => Date.now() + ahead }, { clock: 'database' });
    const found = await ledger.database.clockAhead();
    t.true(Math.abs(found - ahead) < 20 * MINUTE, `${found} of ${ahead}`);
  }
});

test.serial('the metrics show the connections, and the other instances', async (t) => {
  const home = makeHome(t, { env: { LEDGER_URL: await newSchema() } });
  await startHome(t, home);
  const second = await startHome(t, home);
  const metrics = async () => (await fetch(`${second.url}/metrics`)).text();
  let text = await metrics();
  for (let tries = 0; tries < 100 && !text.includes('other_instances{'); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    text = await metrics();
  }
  t.regex(text, /^mintmark_other_instances\{products="same"\} 1$/m);
  t.regex(text, /^mintmark_other_instances\{products="other"\} 0$/m);
  t.regex(text, /^mintmark_database_connections\{use="write"\} 1$/m);
  t.regex(text, /^mintmark_database_connections\{use="read"\} 1$/m);
  t.regex(text, /^mintmark_database_busy\{use="write"\} 0$/m);
  t.regex(text, /^mintmark_database_waiting\{use="list"\} \d+$/m);
});

test.serial('what an instance notes, the next one finds', async (t) => {
  const url = await newSchema();
  const { database } = await openOn(t, url);
  t.is(await database.findNote('a'), undefined);
  for (const text of ['one', 'two']) await database.writeNote('a', text);
  const { database: other } = await openOn(t, url);
  t.deepEqual([await other.findNote('a'), await other.findNote('b')], ['two', undefined]);
});

test.serial(
  'old payloads are deleted by one instance at a time: whoever has no lock leaves them to it',
  async (t) => {
    const url = await newSchema();
    let now = SOLD_AT;
    const [one, other] = [await openOn(t, url, { now: () => now }), await openOn(t, url, { now: () => now })];
    await keepTexts(one);
    await one.ingest(eventOf('old', []));
    now += 1000;
    const holder = await connect(url);
    t.teardown(() => holder.end());
    await holder.query(`BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('retention',
    ('x' || encode(substr(secret, 1, 8), 'hex'))::bit(64)::bigint)) FROM identity`);
    t.is(await other.forgetEvents(now), 0);
    await holder.query('ROLLBACK');
    t.is(await other.forgetEvents(now), 1);
    t.is(await one.forgetEvents(now), 0);
  },
);

test.serial('the free connections are those that the server keeps for no other role', async (t) => {
  const { role, url } = await newOwner();
  const most = async (at: string) => {
    const ledger = await openOn(t, at);
    const found = await ledger.database.connections();
    await ledger.close();
    return found.most;
  };
  const [limits] = await run(
    `SELECT current_setting('max_connections')::int AS all, current_setting('superuser_reserved_connections')::int AS kept`,
  );
  const [all, kept] = [Number(limits?.['all']), Number(limits?.['kept'])];
  t.is(await most(url), all - kept);
  // A server of version 15 has neither the setting nor the role.
  await run(`CREATE FUNCTION ${role}.current_setting(name text, missing boolean) RETURNS text LANGUAGE sql AS
    $$SELECT CASE name WHEN 'reserved_connections' THEN '4' ELSE pg_catalog.current_setting(name, missing) END$$`);
  const reserving = `${url}%2Cpg_catalog`;
  t.is(await most(reserving), all - kept - 4);
  const [known] = await run(`SELECT 1 FROM pg_roles WHERE rolname = 'pg_use_reserved_connections'`);
  if (known === undefined) {
    await run(`SET allow_system_table_mods = on; CREATE ROLE reserved_connections_user;
      UPDATE pg_authid SET rolname = 'pg_use_reserved_connections' WHERE rolname = 'reserved_connections_user'`);
  }
  await run(`GRANT pg_use_reserved_connections TO ${role}`);
  t.is(await most(reserving), all - kept);
});

test.serial(
  'no limit of the role or the database holds for a superuser, and none is kept from one',
  async (t) => {
    const { role, url } = await newOwner();
    await run(`ALTER ROLE ${role} CONNECTION LIMIT 12`);
    const ledger = await openOn(t, url);
    t.is((await ledger.database.connections()).most, 12, 'the control');
    await run(`ALTER ROLE ${role} SUPERUSER CONNECTION LIMIT 1`);
    const held = await connect(url);
    t.teardown(() => held.end());
    const [limits] = await run(`SELECT current_setting('max_connections')::int AS all`);
    t.is((await ledger.database.connections()).most, Number(limits?.['all']));
  },
);
