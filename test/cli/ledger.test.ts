import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import Database from 'better-sqlite3';
import { makeMissing } from '../../src/keyring/bootstrap.ts';
import { type Cli, cliOf } from '../kit/cli.ts';
import { codesIn, signed } from '../kit/sale.ts';
import { post } from '../kit/send-sale.ts';
import { type Home, makeHome, startHome } from '../kit/service.ts';

test('find shows the licenses by order, e-mail, license id or code, and prints the code', async (t) => {
  const { cli, codes } = await prepared(t);
  const { licenses } = JSON.parse((await cli(['ledger', 'find', '573252', '--json'])).out);
  t.deepEqual(
    licenses.map(({ code }: { code: string }) => code),
    codes,
  );
  const [first] = licenses;
  for (const [text, count] of [
    ['573252', 2],
    [' 573252 ', 2],
    ['grace@example.com', 2],
    ['GRACE@Example.com', 2],
    ['hopper', 2],
    ['GRACE', 2],
    ['@example', 2],
    [first.id, 1],
    [first.id.toUpperCase(), 1],
    [codes[0], 1],
    [codes[0]?.toLowerCase(), 1],
    [codes[0]?.match(/.{8}/g)?.join('-'), 1],
    [`Hello,\n> ${codes[0]}\n`, 1],
  ] as const) {
    const { status, out } = await cli(['ledger', 'find', text ?? '']);
    t.is(status, 0, text);
    t.is(codesIn(out).length, count, text);
    t.true(out.includes('customer    Grace Hopper, grace@example.com'));
    t.regex(out, /unit 0 of order 573252 \(paddle-classic, live\)/);
    t.regex(out, /history {5}2026-11-20T12:00:00\.000Z {2}active: fulfillment request/);
  }
});

test('--json prints a license with everything but the customer', async (t) => {
  const { cli, codes } = await prepared(t);
  const { out } = await cli(['ledger', 'find', '573252', '--json']);
  t.is(out.split('\n').length, 2);
  const { licenses } = JSON.parse(out);
  const { id, ...license } = licenses[1];
  t.regex(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  t.deepEqual(license, {
    marketplace: 'paddle-classic',
    mode: 'live',
    order: '573252',
    line: '',
    reissue: 0,
    handed: 0,
    product: 'app',
    unit: 1,
    state: 'active',
    revision: 0,
    issued: '2026-11-20',
    lastValid: '2027-11-20',
    updatesUntil: null,
    seats: 1,
    features: 0,
    subscription: null,
    code: codes[1],
    history: [{ at: '2026-11-20T12:00:00.000Z', from: null, to: 'active', cause: 'fulfillment request' }],
  });
  t.notRegex(out, /grace/i);
});

test('find is exit status 1 without a match or without a ledger, and makes no ledger', async (t) => {
  const { home, cli } = await prepared(t);
  for (const text of [
    'none',
    'x@example.com',
    // One letter matches almost every name.
    'g',
    '00000000-0000-0000-0000-000000000000',
    '',
    '%',
    "' OR 1=1 --",
  ]) {
    const said = await cli(['ledger', 'find', text]);
    t.is(said.status, 1, text);
    t.is(said.err, 'The ledger has no such license.\n');
    t.is(said.out, '');
  }
  rmSync(home.config.ledgerFile);
  for (const words of [['find', 'x'], ['check'], ['backup', join(home.folder, 'copy')]]) {
    const said = await cli(['ledger', ...words]);
    t.is(said.status, 1);
    t.regex(said.err, /^There is no ledger at .*: the service makes it when it starts\.\n$/);
    t.false(existsSync(home.config.ledgerFile));
  }
});

test('check passes a sound ledger and finds any edited row: exit status 1, and each fault on a line', async (t) => {
  const { home, cli } = await prepared(t);
  t.deepEqual(await cli(['ledger', 'check']), { status: 0, out: '2 licenses, no faults.\n', err: '' });
  t.deepEqual(JSON.parse((await cli(['ledger', 'check', '--json'])).out), { licenses: 2, findings: [] });
  for (const [edit, undo] of [
    ["UPDATE license SET cause = 'x'", "UPDATE license SET cause = 'fulfillment request'"],
    ["UPDATE license SET state = 'revoked'", "UPDATE license SET state = 'active'"],
    ['UPDATE license SET quantity = 3', 'UPDATE license SET quantity = 2'],
    ["UPDATE license SET order_id = 'x'", "UPDATE license SET order_id = '573252'"],
  ] as const) {
    change(home, edit);
    const said = await cli(['ledger', 'check']);
    t.is(said.status, 1, edit);
    t.true(said.out.trimEnd().split('\n').length >= 1 && said.out !== '', edit);
    t.regex(said.err, /faults in a ledger of 2 licenses/);
    const { findings } = JSON.parse((await cli(['ledger', 'check', '--json'])).out);
    t.true(findings.length > 0 && findings.every((each: object) => 'where' in each && 'fault' in each));
    change(home, undo);
    t.is((await cli(['ledger', 'check'])).status, 0, undo);
  }
});

test('backup makes a copy that a service can run on, while one runs, and never replaces a file', async (t) => {
  const { home, cli } = await prepared(t);
  const { url } = await startHome(t, home);
  const copy = join(home.folder, 'copy.sqlite');
  const said = await cli(['ledger', 'backup', copy]);
  t.is(said.status, 0);
  t.regex(said.out, /^Copied the ledger to .*copy\.sqlite\. Keep a copy of .*keys with it\.\n$/);
  t.is(statSync(copy).mode & 0o077, 0);
  const before = await post(url, signed({ p_quantity: '2' }));

  const moved = { ...home, config: { ...home.config, ledgerFile: copy } };
  t.is((await cliOf(moved)(['ledger', 'check'])).out, '2 licenses, no faults.\n');
  const other = await startHome(t, moved);
  t.is((await post(other.url, signed({ p_quantity: '2' }))).text, before.text);

  const again = await cli(['ledger', 'backup', copy, '--json']);
  t.is(again.status, 1);
  t.is(again.out, '');
  t.deepEqual(JSON.parse((await cli(['ledger', 'backup', `${copy}2`, '--json'])).out), { file: `${copy}2` });
});

function change({ config }: Home, sql: string): void {
  const ledger = new Database(config.ledgerFile);
  ledger.exec(sql);
  ledger.close();
}

/** A home whose ledger holds one order of two units. */
async function prepared(t: ExecutionContext): Promise<{ home: Home; cli: Cli; codes: readonly string[] }> {
  const home = makeHome(t);
  await makeMissing(home.config.keysDir, { today: '2026-11-20', simulator: false, ledgerExists: false });
  const service = await startHome(t, home);
  const { text } = await post(service.url, signed({ p_quantity: '2' }));
  await service.stop();
  return { home, cli: cliOf(home), codes: codesIn(text) };
}
