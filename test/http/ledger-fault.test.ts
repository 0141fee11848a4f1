/** The ledger cannot write: no new order gets 200, and nothing is lost. */
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import test from 'ava';
import Database from 'better-sqlite3';
import request from 'supertest';
import { BUSY_MILLISECONDS, TRY_MILLISECONDS } from '../../src/storage/sqlite/file/connection.ts';
import { assemble, LOCK_PATIENCE } from '../kit/assembly.ts';
import { cliOf } from '../kit/cli.ts';
import { rows } from '../kit/rows.ts';
import { codesIn, signed } from '../kit/sale.ts';
import { post } from '../kit/send-sale.ts';
import { start } from '../kit/service.ts';

/** Holds the lock for 300 ms in a separate thread, like another process. */
const HOLD_LOCK = `
  const { parentPort, workerData } = require('node:worker_threads');
  const other = new (require('better-sqlite3'))(workerData);
  other.exec('BEGIN IMMEDIATE');
  parentPort.postMessage('held');
  setTimeout(() => other.exec('ROLLBACK'), 300);
`;

test('while the ledger is read-only a new order gets 503 with Retry-After; afterwards the same order succeeds', async (t) => {
  const { home, url, connection } = await assemble(t);
  const known = await post(url, signed({ p_order_id: 'known' }));
  connection.pragma('query_only = ON');
  const refused = await post(url, signed());
  t.is(refused.status, 503);
  t.is(refused.headers['retry-after'], '60');
  t.is(refused.headers['content-type'], 'application/problem+json');
  t.like(JSON.parse(refused.text), { code: 'ledger_unavailable', status: 503, request: 'request-2' });
  t.notRegex(refused.text, /SQLITE|readonly|\.ts|sqlite|node:|\//i);
  t.deepEqual(codesIn(refused.text), []);
  t.is(rows(home).license, 1);
  // A recorded order still gets its response.
  t.is((await post(url, signed({ p_order_id: 'known' }))).text, known.text);
  connection.pragma('query_only = OFF');
  t.is((await post(url, signed())).status, 200);
  t.is(rows(home).license, 2);
  const line = home.requestLines().find(({ status }) => status === 503);
  t.like(line, { request: 'request-2', outcome: 'ledger_unavailable', order: '573252' });
  t.regex(JSON.stringify(line), /SQLITE_READONLY/);
});

test('while the ledger is read-only a repeat after a reissue gets the new code', async (t) => {
  const { home, url, connection } = await assemble(t);
  const order = signed({ p_order_id: 'known' });
  const [old] = codesIn((await post(url, order)).text);
  const cli = cliOf(home);
  const isUnmailed = async () => (await cli(['orders', 'list', '--unmailed'])).out.includes('known');
  const found = JSON.parse((await cli(['ledger', 'find', 'known', '--json'])).out);
  const { out } = await cli(['license', 'reissue', found.licenses[0].id, '--reason', 'leaked']);
  const [fresh] = codesIn(out);
  t.not(fresh, old);
  connection.pragma('query_only = ON');
  for (let i = 0; i < 2; i++) {
    const repeat = await post(url, order);
    t.deepEqual([repeat.status, codesIn(repeat.text)], [200, [fresh]]);
  }
  t.true(await isUnmailed());
  connection.pragma('query_only = OFF');
  t.deepEqual(codesIn((await post(url, order)).text), [fresh]);
  t.false(await isUnmailed());
});

test('while another program holds the lock a new order gets 503; afterwards the same order succeeds', async (t) => {
  const { home, url } = await assemble(t);
  const known = await post(url, signed({ p_order_id: 'known' }));
  const other = new Database(home.config.ledgerFile);
  other.exec('BEGIN IMMEDIATE');
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  const begun = performance.now();
  const waiting = Promise.all(
    Array.from({ length: 5 }, (_, i) => post(url, signed({ p_order_id: `order-${i}` }))),
  );
  // A recorded order still gets its response meanwhile.
  t.is((await post(url, signed({ p_order_id: 'known' }))).text, known.text);
  const answers = await waiting;
  delays.disable();
  t.deepEqual(
    answers.map(({ status, headers }) => [status, headers['retry-after']]),
    Array.from({ length: 5 }, () => [503, '60']),
  );
  t.true(performance.now() - begun >= LOCK_PATIENCE, 'the control: they waited for the lock');
  // Half of SQLite's own timeout, because a busy machine adds its own delays.
  t.true(delays.max / 1e6 < BUSY_MILLISECONDS / 2, `the event loop stood still for ${delays.max / 1e6} ms`);
  t.true(TRY_MILLISECONDS <= 100, 'what one try waits inside SQLite');
  other.exec('ROLLBACK');
  other.close();
  const again = await Promise.all(
    Array.from({ length: 5 }, (_, i) => post(url, signed({ p_order_id: `order-${i}` }))),
  );
  t.true(again.every(({ status }) => status === 200));
  t.is(rows(home).license, 6);
});

test('a short lock by another program only delays the response', async (t) => {
  const { home, url } = await start(t);
  const holder = new Worker(HOLD_LOCK, { eval: true, workerData: home.config.ledgerFile });
  const gone = once(holder, 'exit');
  await once(holder, 'message');
  const begun = performance.now();
  t.is((await post(url, signed())).status, 200);
  // Control: the lock existed.
  t.true(performance.now() - begun > 200);
  await gone;
});

test('a full disk or a damaged file gets 503, never 200', async (t) => {
  const { home, url, connection } = await assemble(t);
  const pages = Number(connection.pragma('page_count', { simple: true }));
  connection.pragma(`max_page_count = ${pages}`);
  const refused = await post(url, signed({ p_quantity: '500' }));
  t.is(refused.status, 503);
  t.is(JSON.parse(refused.text).code, 'ledger_unavailable');
  t.is(rows(home).license, 0);
  connection.pragma('max_page_count = 1000000');
  t.is((await post(url, signed({ p_quantity: '500' }))).status, 200);
  connection.exec('PRAGMA foreign_keys = OFF; DELETE FROM message');
  connection.exec('UPDATE license SET message = zeroblob(32)');
  const damaged = await post(url, signed({ p_quantity: '500' }));
  t.is(damaged.status, 503);
  t.is(JSON.parse(damaged.text).code, 'ledger_damaged');
});

test('ready is 503 while the ledger cannot be written, and 200 before and after; live is 200 throughout', async (t) => {
  const { url, connection } = await assemble(t);
  const ready = () => request(url).get('/health/ready');
  const live = () => request(url).get('/health/live');
  t.is((await ready()).status, 200);
  connection.pragma('query_only = ON');
  const refused = await ready();
  t.is(refused.status, 503);
  t.is(refused.headers['retry-after'], '60');
  t.is(refused.body.code, 'ledger_unavailable');
  t.is((await live()).status, 200);
  connection.pragma('query_only = OFF');
  t.is((await ready()).status, 200);
});

test('the check whether the ledger is writable writes nothing', async (t) => {
  const { home, url } = await assemble(t);
  for (let i = 0; i < 5; i++) await request(url).get('/health/ready');
  t.deepEqual(rows(home), { license: 0, code: 0, fulfillment: 0, history: 0, customer: 0 });
});
