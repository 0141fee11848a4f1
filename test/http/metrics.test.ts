import test from 'ava';
import request from 'supertest';
import { Metrics } from '../../src/metrics.ts';
import { assemble } from '../kit/assembly.ts';
import { rsaKey } from '../kit/rsa-keys.ts';
import { codesIn, signed } from '../kit/sale.ts';
import { get, post } from '../kit/send-sale.ts';
import { start } from '../kit/service.ts';

const ENDPOINT = '/fulfillment/paddle-classic/:product';

test('requests are counted by endpoint and outcome, licenses by marketplace, mode and product', async (t) => {
  const { url } = await start(t);
  await post(url, signed({ p_quantity: '3' }));
  await post(url, signed({ p_quantity: '3' }));
  await get(url, signed({ p_quantity: '3' }));
  await post(url, signed({ p_quantity: '2' }));
  await post(url, signed({ p_order_id: 't' }, rsaKey('sandbox')), 'team');
  await post(url, signed({}, rsaKey('stranger')));
  await request(url).get('/nowhere/at/all');
  await request(url).get('/health/live');
  const { text, headers } = await request(url).get('/metrics');
  t.regex(headers['content-type'] ?? '', /^text\/plain; version=0\.0\.4/);
  for (const line of [
    `mintmark_requests_total{endpoint="${ENDPOINT}",outcome="issued"} 2`,
    `mintmark_requests_total{endpoint="${ENDPOINT}",outcome="repeated"} 2`,
    `mintmark_requests_total{endpoint="${ENDPOINT}",outcome="order_conflict"} 1`,
    `mintmark_requests_total{endpoint="${ENDPOINT}",outcome="bad_signature"} 1`,
    'mintmark_requests_total{endpoint="none",outcome="unknown_path"} 1',
    'mintmark_requests_total{endpoint="/health/live",outcome="ok"} 1',
    'mintmark_licenses_issued_total{marketplace="paddle-classic",mode="live",product="app"} 3',
    'mintmark_licenses_issued_total{marketplace="paddle-classic",mode="test",product="team"} 1',
    `mintmark_request_seconds_count{endpoint="${ENDPOINT}"} 6`,
  ]) {
    t.true(
      text.split('\n').includes(line),
      `${line}\n${text.match(/^mintmark_(requests|licenses).*/gm)?.join('\n')}`,
    );
  }
  t.regex(text, /^mintmark_commit_acts_count [1-9]/m);
  t.regex(text, /^mintmark_commit_seconds_count [1-9]/m);
});

test('the time of the newest event is told for each marketplace that was heard of', async (t) => {
  const metrics = new Metrics();
  metrics.event('toy-shop', 'applied', 1_000_000);
  metrics.event('toy-shop', 'known', 1_500_000);
  const lines = (await metrics.text()).split('\n').filter((line) => line.startsWith('mintmark_newest_event'));
  t.deepEqual(lines, ['mintmark_newest_event_timestamp_seconds{marketplace="toy-shop"} 1500']);
});

test('requested paths, products and methods of strangers create no metric label', async (t) => {
  const { url } = await start(t);
  for (let i = 0; i < 20; i++) {
    await request(url).get(`/CANARY-${i}`);
    await post(url, signed(), `canary-${i}`);
  }
  const { text } = await request(url).get('/metrics');
  t.notRegex(text, /canary/i);
  t.is(text.match(/^mintmark_requests_total/gm)?.length, 2);
});

test('no personal data, code, signature or secret is in a log line or the metrics, whatever the outcome', async (t) => {
  const { home, url, connection } = await assemble(t);
  const buyer = {
    name: 'CANARYNAME',
    email: 'canaryemail@example.com',
    passthrough: 'CANARYPASS',
    p_coupon: 'CANARYCOUPON',
  };
  const told: string[] = [];
  const send = async (form: string, product?: string) => {
    told.push(new URLSearchParams(form).get('p_signature') ?? '');
    return post(url, form, product);
  };
  const issued = await send(signed({ ...buyer, p_quantity: '2' }));
  const codes = codesIn(issued.text);
  t.is(codes.length, 2);
  t.regex(issued.text, /CANARYNAME/);
  await send(signed({ ...buyer, p_quantity: '2' }));
  await send(signed({ ...buyer, p_quantity: '3' }));
  await send(signed({ ...buyer, p_quantity: 'CANARYQUANTITY' }));
  await send(signed({ ...buyer, p_order_id: 'CANARY ORDER' }));
  await send(signed(buyer, rsaKey('stranger')));
  await send(`${signed(buyer)}&name=CANARYNAME`);
  await send(`${signed(buyer)}&x=%zzCANARYRAW`);
  await send(signed({ ...buyer, p_product_id: 'CANARYPRODUCT' }), 'bound');
  await send(signed(buyer), 'CANARYPATH');
  await get(url, signed({ ...buyer, p_order_id: 'by-get' }));
  await post(url, signed({ ...buyer, p_order_id: 'unit' }), 'single');
  await request(url)
    .get('/CANARYPATH?CANARYQUERY')
    .set('X-CANARYHEADER', 'CANARYHEADER')
    .auth('CANARYUSER', 'CANARYPW');
  connection.pragma('query_only = ON');
  await send(signed({ ...buyer, p_order_id: 'refused' }));
  connection.pragma('query_only = OFF');
  connection.exec(
    'PRAGMA foreign_keys = OFF; DELETE FROM message; UPDATE license SET message = zeroblob(32)',
  );
  await send(signed({ ...buyer, p_quantity: '2' }));
  const metrics = (await request(url).get('/metrics')).text;
  const log = JSON.stringify(home.lines);
  t.deepEqual([...new Set(home.requestLines().map(({ outcome }) => outcome))].toSorted(), [
    'bad_signature',
    'issued',
    'ledger_damaged',
    'ledger_unavailable',
    'malformed_request',
    'ok',
    'order_conflict',
    'repeated',
    'unknown_path',
    'unknown_product',
    'wrong_product',
  ]);
  for (const secret of [...told.filter((text) => text !== ''), ...codes]) {
    t.false(log.includes(secret.slice(0, 40)) || metrics.includes(secret.slice(0, 40)));
  }
  t.notRegex(log, /canary/i);
  t.notRegex(metrics, /canary/i);
  t.notRegex(log, /PRIVATE KEY/);
  // Control: the permitted data is there and is found by the same search.
  t.regex(log, /573252/);
});
