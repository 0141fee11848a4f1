/** PgBouncer between the service and PostgreSQL. */
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { AppError } from '../../src/errors.ts';
import { readIdSecret } from '../../src/keyring/id-secret.ts';
import { checkLedgerOf, moveLedger } from '../../src/service/ledger-files.ts';
import { PostgresReader } from '../../src/storage/postgres/reader.ts';
import { issueOf, keepTexts } from '../kit/ledger-data.ts';
import { NOW, signed } from '../kit/sale.ts';
import { post } from '../kit/send-sale.ts';
import { makeHome, startHome } from '../kit/service.ts';
import { connect } from './connect.ts';
import { type PoolMode, startPgBouncer } from './pgbouncer.ts';
import { newOwner, openOn, run, serverUrl } from './server.ts';

/** `size`: connections that the pooler has to the server. `ignored`: parameters of connections that it drops. */
async function pooled(t: ExecutionContext, mode: PoolMode, size: number, ignored?: string) {
  const { role, url: direct } = await newOwner();
  await run(`ALTER ROLE ${role} SET search_path = ${role}`);
  const pooler = await startPgBouncer(t, serverUrl(), { mode, size, ignored });
  return {
    role,
    url: pooler.through(direct),
    withOptions: pooler.through(direct, 'options'),
    direct,
    pooler,
  };
}

// A session of the pooler keeps a connection of the server, and an instance has several.
for (const [mode, size] of [
  ['transaction', 2],
  ['session', 40],
] as const) {
  test.serial(`three instances sell, repeat and read through a pooler in ${mode} mode`, async (t) => {
    const { role, url, direct, pooler } = await pooled(t, mode, size);
    const ledgers = [await openOn(t, url), await openOn(t, url), await openOn(t, url)];
    const [first] = ledgers;
    if (first === undefined) throw new Error('no instance');
    await keepTexts(first);
    const orders = Array.from({ length: 30 }, (_, place) => `P${place}`);
    const settled = await Promise.all(
      orders.flatMap((order) => ledgers.map((ledger) => ledger.issueFirst(issueOf({ order })))),
    );
    t.is(settled.filter(({ outcome }) => outcome === 'issued').length, orders.length);
    t.is(settled.filter(({ outcome }) => outcome === 'known').length, 2 * orders.length);
    for (const ledger of ledgers) t.is((await ledger.find({ by: 'order', order: 'P7' })).length, 1);
    t.deepEqual(await first.count(), { live: 30, test: 0 });
    await first.probe();
    const [row] = await run('SELECT count(*)::int AS rows FROM license', direct);
    t.is(row?.['rows'], orders.length);
    const { transactions, connections } = await pooler.count(role);
    t.true(
      transactions > 10 && connections <= size,
      `${transactions} transactions, ${connections} connections`,
    );
  });
}

test.serial('a ledger moves to a pooled database, is sold from, read, checked, and moves back', async (t) => {
  const { url } = await pooled(t, 'transaction', 2);
  const home = makeHome(t);
  const [known, later] = [signed({ p_order_id: 'P-1' }), signed({ p_order_id: 'P-2' })];
  const first = await startHome(t, home);
  const { text } = await post(first.url, known);
  await first.stop();
  await moveLedger(home.config, url);
  const config = { ...home.config, ledgerDatabase: url };
  const second = await startHome(t, { ...home, config });
  t.is((await post(second.url, known)).text, text);
  t.is((await post(second.url, later)).status, 200);
  const reader = new PostgresReader(url, readIdSecret(config.keysDir));
  t.is((await reader.listOrderPage({ mode: 'live', limit: 10, now: NOW })).length, 2);
  await reader.close();
  await second.stop();
  for await (const finding of checkLedgerOf(config)) t.fail(JSON.stringify(finding));
  const ledgerFile = join(home.folder, 'back.sqlite');
  await moveLedger(config, `sqlite:${ledgerFile}`);
  const third = await startHome(t, { ...home, config: { ...home.config, ledgerFile } });
  t.is((await post(third.url, known)).text, text);
});

test.serial('control: through it, what one connection sets another sees', async (t) => {
  const { url } = await pooled(t, 'transaction', 1);
  const [one, two] = [await connect(url), await connect(url)];
  for (const client of [one, two]) t.teardown(() => client.end());
  await one.query("SET mintmark.control = 'one'");
  const { rows } = await two.query("SELECT current_setting('mintmark.control', true) AS seen");
  t.deepEqual(rows, [{ seen: 'one' }]);
});

test.serial('where a pooler refuses options, the start says so, and what to do', async (t) => {
  const { withOptions, url } = await pooled(t, 'transaction', 2);
  const error = await t.throwsAsync(openOn(t, withOptions), {
    instanceOf: AppError,
    code: 'ledger_unavailable',
    message: /refuses the connection \(unsupported startup parameter: options\)/,
  });
  t.regex(error?.message ?? '', /remove &options=… from LEDGER_URL.*ALTER ROLE … SET search_path/);
  await t.notThrowsAsync(openOn(t, url), 'what the message says');
});

test.serial('where a pooler drops options, no ledger is made in another schema', async (t) => {
  const { withOptions, url, role, direct } = await pooled(t, 'transaction', 2, 'options');
  await run(
    `CREATE SCHEMA other_${role} AUTHORIZATION ${role}; ALTER ROLE ${role} SET search_path = other_${role}`,
  );
  await t.throwsAsync(openOn(t, withOptions), {
    instanceOf: AppError,
    code: 'ledger_unavailable',
    message: /drops the options of LEDGER_URL, so that search_path is other_.*: remove &options/,
  });
  const tables = () => run(`SELECT FROM pg_tables WHERE schemaname = 'other_${role}'`, direct);
  t.deepEqual(await tables(), []);
  await openOn(t, url);
  t.true((await tables()).length > 0, 'the control');
});

test.serial('a pooler that allows no transactions is refused with the setting to change', async (t) => {
  const { url } = await pooled(t, 'statement', 2);
  await t.throwsAsync(openOn(t, url), {
    instanceOf: AppError,
    code: 'ledger_unavailable',
    message: /pool_mode = statement, which allows no transactions: set it to transaction/,
  });
});
