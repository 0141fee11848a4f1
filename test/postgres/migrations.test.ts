/** A newer release brings the schema to its own by its start, while instances of the release before it sell. */
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type pg from 'pg';
import { examineUpgrade } from '../../src/doctor/upgrade.ts';
import type { Ledger } from '../../src/domain/ledger.ts';
import { bringSchema } from '../../src/storage/postgres/schema/make-schema.ts';
import { MIGRATIONS, type Migration, OLDEST_SCHEMA } from '../../src/storage/postgres/schema/migrations.ts';
import { Hosts } from '../../src/storage/postgres/session/connection.ts';
import { TABLES } from '../../src/storage/postgres/tables.ts';
import { Sealer } from '../../src/storage/record/sealer.ts';
import { MOVED } from '../../src/storage/sqlite/file/moved.ts';
import { issueOf, keepTexts, soldEvent } from '../kit/ledger-data.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { ID_SECRET, KEYRING } from '../kit/minting.ts';
import { makeHome, startHome } from '../kit/service.ts';
import { connect } from './connect.ts';
import { newOwner, newSchema, openOn, run, serverUrl } from './server.ts';
import { grantService } from './service-role.ts';
import { faultsOf } from './shop-ledgers.ts';

/** The release before this one, and the one after it. */
const BEFORE = { migrations: [] };
const ADDS: Migration = {
  name: 'a column and a table',
  sql: 'ALTER TABLE license ADD COLUMN note text; CREATE TABLE later (number bigint PRIMARY KEY)',
};
const AFTER = { migrations: [...MIGRATIONS, ADDS] };

const sell = async (ledger: Ledger, order: string) => (await ledger.issueFirst(issueOf({ order }))).outcome;
const ask = (ledger: Ledger) => ledger.selfService.ask({ order: 'R1', email: 'ada@example.com' }, SOLD_AT);

async function schemaIn(url: string): Promise<readonly unknown[]> {
  const [row] = await run('SELECT version, readable_from FROM schema_version', url);
  return [Number(row?.['version']), Number(row?.['readable_from'])];
}

/** A ledger of the release before this one, with sales. */
async function ledgerBefore(t: ExecutionContext, url: string) {
  const ledger = await openOn(t, url, {}, BEFORE);
  await keepTexts(ledger);
  for (const order of ['A', 'B']) t.is(await sell(ledger, order), 'issued');
  await ledger.ingest(soldEvent('F1'));
  t.deepEqual(await schemaIn(url), [OLDEST_SCHEMA, OLDEST_SCHEMA]);
  return ledger;
}

/** Of the rows of each table. */
async function digestsIn(url: string): Promise<unknown> {
  const texts = TABLES.map(
    ({ name }) =>
      `(SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM ${name} t) AS ${name}`,
  );
  const [row] = await run(`SELECT ${texts.join()}`, url);
  return row;
}

test.serial('the first start brings an older schema to this one: rows stay as they are', async (t) => {
  const url = await newSchema();
  const before = await ledgerBefore(t, url);
  const digests = await digestsIn(url);
  const ledger = await openOn(t, url);
  t.deepEqual(await schemaIn(url), [OLDEST_SCHEMA + MIGRATIONS.length, OLDEST_SCHEMA]);
  t.deepEqual(await digestsIn(url), digests);
  t.deepEqual(await faultsOf(t, url, { idSecret: ID_SECRET, keyring: KEYRING }), []);
  t.is(await sell(ledger, 'A'), 'known');
  await ask(ledger);
  t.is(await sell(before, 'C'), 'issued', 'the release before goes on');
  t.is(await sell(ledger, 'C'), 'known');
  t.is(await sell(await openOn(t, url, {}, BEFORE), 'C'), 'known', 'and starts again');
});

test.serial('an older schema that was migrated is the one that a new database gets', async (t) => {
  const columnsIn = (url: string) =>
    run(
      `SELECT table_name, column_name, data_type, column_default, is_nullable FROM information_schema.columns
      WHERE table_schema = current_schema() ORDER BY 1, 2`,
      url,
    );
  const [old, made] = [await newSchema(), await newSchema()];
  await ledgerBefore(t, old);
  await openOn(t, old, {}, AFTER);
  await openOn(t, made, {}, AFTER);
  t.deepEqual(await columnsIn(old), await columnsIn(made));
});

test.serial('four starts at once migrate once', async (t) => {
  const url = await newSchema();
  await ledgerBefore(t, url);
  const ledgers = await Promise.all([1, 2, 3, 4].map(() => openOn(t, url, {}, AFTER)));
  t.deepEqual(await schemaIn(url), [OLDEST_SCHEMA + AFTER.migrations.length, OLDEST_SCHEMA]);
  for (const ledger of ledgers) t.is(await sell(ledger, 'A'), 'known');
});

test.serial('a migration that fails changes nothing', async (t) => {
  const url = await newSchema();
  await ledgerBefore(t, url);
  const wrong = [...AFTER.migrations, { name: 'wrong', sql: 'SELECT 1 / 0' }];
  await t.throwsAsync(openOn(t, url, {}, { migrations: wrong }));
  t.deepEqual(await schemaIn(url), [OLDEST_SCHEMA, OLDEST_SCHEMA]);
  t.deepEqual(
    await run("SELECT FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'later'", url),
    [],
  );
});

/** Somebody reads a table for long, as a backup does. */
async function readForLong(url: string): Promise<pg.Client> {
  const client = await connect(url);
  await client.query('BEGIN; LOCK TABLE license IN ACCESS SHARE MODE');
  return client;
}

test.serial('while a migration waits for a table, the release before sells', async (t) => {
  const url = await newSchema();
  const before = await ledgerBefore(t, url);
  const reader = await readForLong(url);
  let isOpen = false;
  const opening = openOn(t, url, {}, AFTER).then((ledger) => {
    isOpen = true;
    return ledger;
  });
  for (let count = 0; count < 30; count++) {
    t.is(await sell(before, `W${count}`), 'issued');
    await wait(100);
  }
  t.false(isOpen, 'it waits');
  await reader.end();
  t.is(await sell(await opening, 'W0'), 'known');
  t.is(await sell(before, 'W30'), 'issued');
});

test.serial(
  'a migration that gets no table for long is given up with a sentence, and changes nothing',
  async (t) => {
    const url = await newSchema();
    await ledgerBefore(t, url);
    const reader = await readForLong(url);
    const session = await new Hosts(url).connect();
    const given = bringSchema(session, new Sealer(ID_SECRET), AFTER.migrations, 0);
    await t.throwsAsync(given, {
      code: 'ledger_unavailable',
      message: /another transaction holds .*start again/,
    });
    await session.close();
    await reader.end();
    t.deepEqual(await schemaIn(url), [OLDEST_SCHEMA, OLDEST_SCHEMA]);
  },
);

test.serial('control: behind a migration that waits without a limit no sale gets through', async (t) => {
  const url = await newSchema();
  const before = await ledgerBefore(t, url);
  const reader = await readForLong(url);
  const migrating = run(ADDS.sql, url);
  await wait(100);
  await t.throwsAsync(sell(before, 'W0'), { code: 'ledger_unavailable' });
  await reader.end();
  await migrating;
});

const asSuperuser = ({ role, url }: { readonly role: string; readonly url: string }) =>
  url.replace(`user=${role}`, 'user=postgres');

/** A ledger of a role that owns it, and the URL of a role that serves and may make tables, too. */
async function twoRoles(t: ExecutionContext) {
  const owner = await newOwner();
  const role = `serves_${process.hrtime.bigint()}`;
  await (await ledgerBefore(t, owner.url)).close();
  await run(
    `CREATE ROLE ${role} LOGIN; GRANT USAGE, CREATE ON SCHEMA ${owner.role} TO ${role};
    GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA ${owner.role} TO ${role};
    GRANT DELETE ON handout TO ${role}`,
    asSuperuser(owner),
  );
  return { owner, role, url: owner.url.replace(`user=${owner.role}`, `user=${role}`) };
}

test.serial(
  'a role that does not own the tables is told who must start first, and may use what was added then',
  async (t) => {
    const { owner, role, url } = await twoRoles(t);
    const told = new RegExp(
      `the role ${role} may not .* as the role .*postgres://${owner.role}:.* npm start`,
    );
    await t.throwsAsync(openOn(t, url), { code: 'bad_configuration', message: told });
    t.deepEqual(await schemaIn(owner.url), [OLDEST_SCHEMA, OLDEST_SCHEMA]);
    await (await openOn(t, owner.url)).close();
    const ledger = await openOn(t, url);
    await ask(ledger);
    await run('UPDATE done_act SET at = 0', owner.url);
    await ledger.forgetEvents(0);
    t.deepEqual(
      await run('SELECT FROM done_act', owner.url),
      [],
      'and may delete where it may delete leases',
    );
  },
);

test.serial('what a superuser migrates belongs to the owner of the ledger', async (t) => {
  const { owner, url } = await twoRoles(t);
  await openOn(t, asSuperuser(owner));
  const owners = await run(
    'SELECT DISTINCT tableowner AS role FROM pg_tables WHERE schemaname = current_schema()',
    owner.url,
  );
  t.deepEqual(owners, [{ role: owner.role }]);
  await ask(await openOn(t, url));
});

test.serial(
  'what a superuser migrates is in the schema of the ledger, also beside one named as its owner',
  async (t) => {
    const { role } = await newOwner();
    const database = `ledger_${role}`;
    await run(`CREATE DATABASE ${database} OWNER ${role}`);
    const superuser = serverUrl().replace('/postgres?', `/${database}?`);
    const inPublic = superuser.replace('user=postgres', `user=${role}&options=-c%20search_path%3Dpublic`);
    await (await ledgerBefore(t, inPublic)).close();
    await run(`CREATE SCHEMA ${role} AUTHORIZATION ${role}`, superuser);
    await openOn(t, superuser);
    const found = await run("SELECT schemaname FROM pg_tables WHERE tablename = 'done_act'", superuser);
    t.deepEqual(found, [{ schemaname: 'public' }]);
  },
);

test.serial('a ledger that is moved away while a start migrates it stays moved', async (t) => {
  const url = await newSchema();
  await (await ledgerBefore(t, url)).close();
  const mover = await connect(url);
  await mover.query(`BEGIN; UPDATE schema_version SET readable_from = ${MOVED}`);
  // A start that waits for too long looks again, and is then refused.
  const starting = openOn(t, url).catch((error: Error) => t.regex(error.message, /moved/));
  await wait(200);
  await mover.query('COMMIT');
  await mover.end();
  await starting;
  t.is((await schemaIn(url))[1], MOVED);
  await t.throwsAsync(openOn(t, url), { message: /moved/ });
});

test.serial(
  'a start that stands still in the middle of a migration is undone, and others do it',
  async (t) => {
    const url = await newSchema();
    await (await ledgerBefore(t, url)).close();
    const still = await new Hosts(url).connect();
    t.teardown(() => still.close());
    await bringSchema(still, new Sealer(ID_SECRET), AFTER.migrations);
    const limit = await still.rows("SELECT current_setting('idle_in_transaction_session_timeout') AS is");
    t.deepEqual(limit, [{ is: '30s' }]);
    // The same, sooner.
    await still.rows("SELECT set_config('idle_in_transaction_session_timeout', '500', true)");
    await ask(await openOn(t, url));
    t.deepEqual(await schemaIn(url), [OLDEST_SCHEMA + MIGRATIONS.length, OLDEST_SCHEMA]);
  },
);

/** A backup from before the migrations was restored. */
const goBack = (url: string) =>
  run(`DROP TABLE done_act; UPDATE schema_version SET version = ${OLDEST_SCHEMA}`, url);

test.serial('an instance that finds an older schema than at its start says to restart it', async (t) => {
  const url = await newSchema();
  const ledger = await openOn(t, url);
  await ask(ledger);
  await goBack(url);
  await t.throwsAsync(ask(ledger), { code: 'ledger_unavailable', message: /older schema .*restart/ });
  await t.throwsAsync(sell(ledger, 'A'), { code: 'ledger_unavailable' });
  const restarted = await openOn(t, url);
  await keepTexts(restarted);
  await ask(restarted);
  t.is(await sell(restarted, 'A'), 'issued');
});

test.serial('a migration that older releases cannot live with closes the ledger to them', async (t) => {
  const url = await newSchema();
  await (await ledgerBefore(t, url)).close();
  const closes = { ...ADDS, readableFrom: OLDEST_SCHEMA + AFTER.migrations.length };
  await openOn(t, url, {}, { migrations: [...MIGRATIONS, closes] });
  await t.throwsAsync(openOn(t, url), { code: 'bad_configuration', message: /newer Mintmark.*update/ });
});

test.serial('upgrade check says what the start will change, and changes nothing', async (t) => {
  const url = await newSchema();
  const home = makeHome(t);
  const config = { ...home.config, ledgerDatabase: url };
  await (await startHome(t, { ...home, config })).stop();
  await goBack(url);
  const found = await examineUpgrade(config);
  t.deepEqual(
    found.filter(({ level }) => level === 'fault'),
    [],
  );
  const says = `from schema ${OLDEST_SCHEMA} to ${OLDEST_SCHEMA + MIGRATIONS.length} (11: acts that were done)`;
  t.true(found.some(({ so }) => so.includes(says)));
  const ownedBySomebodyElse = await examineUpgrade({ ...config, ledgerDatabase: await grantService(url) });
  const fault = ownedBySomebodyElse.find(({ level }) => level === 'fault');
  t.regex(fault?.so ?? '', /Start this version once as the role that owns them/);
  t.is(fault?.remedy, 'Follow this message before you upgrade.');
  t.deepEqual(await schemaIn(url), [OLDEST_SCHEMA, OLDEST_SCHEMA]);
});
