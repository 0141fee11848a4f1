/** The service and the commands on PostgreSQL. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { examine } from '../../src/doctor/examine.ts';
import { AppError } from '../../src/errors.ts';
import { readIdSecret } from '../../src/keyring/id-secret.ts';
import { backUpLedger, checkLedgerOf } from '../../src/service/ledger-files.ts';
import { openLedger } from '../../src/service/open.ts';
import { openLedgerFile } from '../../src/storage/sqlite/file/open.ts';
import { NOW, signed } from '../kit/sale.ts';
import { post } from '../kit/send-sale.ts';
import { type Home, makeHome, startHome } from '../kit/service.ts';
import { newOwner, newSchema, run } from './server.ts';

/** Two homes with the same keys are two instances; `with` another folder of keys. */
async function homeOn(t: ExecutionContext, url?: string): Promise<Home> {
  return makeHome(t, { env: { LEDGER_URL: url ?? (await newSchema()) } });
}

async function findingsOf(home: Home): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { where, fault } of checkLedgerOf(home.config)) found.push(`${where}: ${fault}`);
  return found;
}

test.serial(
  'two instances on one database: what one sold, the other answers with the same bytes',
  async (t) => {
    const home = await homeOn(t);
    const [one, two] = [await startHome(t, home), await startHome(t, home)];
    const form = signed({ p_order_id: 'P-1' });
    const first = await post(one.url, form, 'app');
    t.is(first.status, 200);
    const again = await post(two.url, form, 'app');
    t.is(again.status, 200);
    t.is(again.text, first.text);
    t.false(existsSync(home.config.ledgerFile), 'no file was made');
    await one.stop();
    t.is((await post(two.url, form, 'app')).text, first.text);
    t.deepEqual(await findingsOf(home), []);
  },
);

test.serial(
  'a backup is a file that passes the check and holds the licenses; it never replaces a file',
  async (t) => {
    const home = await homeOn(t);
    const { url } = await startHome(t, home);
    t.is((await post(url, signed({ p_order_id: 'P-2' }), 'app')).status, 200);
    const file = join(home.folder, 'backup.sqlite');
    await backUpLedger(home.config, file);
    const copy = { ...home, config: { ...home.config, ledgerDatabase: undefined, ledgerFile: file } };
    t.deepEqual(await findingsOf(copy), []);
    const ledger = await openLedger(copy.config);
    t.teardown(() => ledger.close());
    t.is((await ledger.find({ by: 'order', order: 'P-2' })).length, 1);
    await t.throwsAsync(backUpLedger(home.config, file), { code: 'bad_usage' });
    const connection = openLedgerFile(file, readIdSecret(home.config.keysDir));
    t.is(connection.prepare('SELECT count(*) FROM pen').pluck().get(), 64);
    connection.close();
  },
);

test.serial('the check finds an edited row', async (t) => {
  const url = await newSchema();
  const home = await homeOn(t, url);
  const service = await startHome(t, home);
  t.is((await post(service.url, signed({ p_order_id: 'P-3' }), 'app')).status, 200);
  await run("UPDATE license SET cause = 'another'", url);
  const found = await findingsOf(home);
  t.is(found.length, 1);
  t.regex(found[0] ?? '', /its time, cause, line, terms or first answer was edited/);
});

test.serial('an instance with another id secret does not start', async (t) => {
  const url = await newSchema();
  const home = await homeOn(t, url);
  await (await startHome(t, home)).stop();
  const other = await homeOn(t, url);
  const error = await t.throwsAsync(startHome(t, other), { instanceOf: AppError });
  t.is((error as AppError).code, 'bad_configuration');
});

test.serial('the doctor examines a database', async (t) => {
  const home = await homeOn(t);
  await (await startHome(t, home)).stop();
  const findings = await examine(() => home.config, NOW);
  t.deepEqual(
    findings.filter(({ level, check }) => level === 'fault' && check !== 'clock').map(({ so }) => so),
    [],
  );
});

test.serial(
  '/health/ready tells a database that takes no writes from one that does, and doctor names it',
  async (t) => {
    const owner = await newOwner();
    const home = await homeOn(t, owner.url);
    const { url } = await startHome(t, home);
    const ready = () => fetch(`${url}/health/ready`);
    t.is((await ready()).status, 200);
    const turn = async (isReadOnly: boolean) => {
      await run(`ALTER ROLE ${owner.role} SET default_transaction_read_only = ${isReadOnly}`);
      await run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${owner.role}'`);
    };
    await turn(true);
    const refused = await ready();
    t.is(refused.status, 503);
    t.regex(await refused.text(), /takes no writes now: it is a standby, or read-only/);
    const findings = await examine(() => home.config, NOW);
    t.true(
      findings.some(({ level, so }) => level === 'fault' && /takes no writes/.test(so)),
      JSON.stringify(findings),
    );
    await turn(false);
    t.is((await ready()).status, 200);
  },
);
