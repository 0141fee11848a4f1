/** Events: each kept once, applied once, seen when it fails, forgotten in time. */
import { createHash } from 'node:crypto';
import test from 'ava';
import { fulfill } from '../../../src/domain/fulfill.ts';
import { Handouts } from '../../../src/domain/handouts.ts';
import { ingest } from '../../../src/domain/ingest.ts';
import type { Product } from '../../../src/domain/product.ts';
import { productOf } from '../../domain/support.ts';
import {
  eventOf,
  factOf,
  findingsOf,
  MINTER,
  openLedger,
  openWithMessage,
  orderOf,
  SOLD_AT,
  standingOf,
} from '../support.ts';

const PRODUCTS = [productOf()];
const ORDER = 'order:R1';
const sold = (quantity = 1, product = 'app') =>
  factOf(ORDER, { kind: 'sold', product, quantity }, { key: `sold:${product}`, at: SOLD_AT });

test('an event that comes 32 times at once is applied once', async (t) => {
  const { ledger, connection } = await openWithMessage(t, { products: PRODUCTS });
  const outcomes = await Promise.all(
    Array.from({ length: 32 }, () => ledger.ingest(eventOf('e1', [sold(3)]))),
  );
  t.is(outcomes.filter((outcome) => outcome === 'applied').length, 1);
  t.deepEqual(await ledger.count(), { live: 3, test: 0 });
  t.is((await ledger.findEvents({ limit: 99 })).length, 1);
  t.deepEqual(findingsOf(connection), []);
});

test('an event that comes at once to two processes, and again after a restart, is applied once', async (t) => {
  const { ledger, file } = await openWithMessage(t, { products: PRODUCTS });
  const other = openLedger(t, { file, products: PRODUCTS });
  const outcomes = await Promise.all(
    Array.from({ length: 32 }, (_, i) =>
      (i % 2 === 0 ? ledger : other.ledger).ingest(eventOf('e1', [sold()])),
    ),
  );
  t.is(outcomes.filter((outcome) => outcome === 'applied').length, 1);
  await ledger.close();
  await other.ledger.close();
  const again = openLedger(t, { file, products: PRODUCTS });
  t.is(await again.ledger.ingest(eventOf('e1', [sold()])), 'known');
  t.deepEqual(await again.ledger.count(), { live: 1, test: 0 });
});

test('of an event and a fulfillment request for one order at once, the same license comes, and one a unit', async (t) => {
  for (const first of ['event', 'request']) {
    const { ledger, connection } = await openWithMessage(t, { products: PRODUCTS });
    const parts = { ledger, minter: MINTER, handouts: new Handouts(), now: () => SOLD_AT + 1000 };
    const order = orderOf({ marketplace: 'fastspring', order: 'R1', quantity: 2 });
    const ask = () => fulfill(order, PRODUCTS[0]!, parts);
    const tell = () => ledger.ingest(eventOf('e1', [sold(2)]));
    const acts = Array.from({ length: 16 }, () => (first === 'event' ? [tell(), ask()] : [ask(), tell()]));
    const answers = (await Promise.all(acts.flat())).filter((answer) => typeof answer === 'object');
    const codes = answers.map((answer) =>
      answer.outcome === 'conflict'
        ? 'conflict'
        : answer.licenses.map(({ answer: { code } }) => code).join(' '),
    );
    t.is(codes.length, 16);
    t.is(new Set(codes).size, 1);
    t.deepEqual(await ledger.count(), { live: 2, test: 0 });
    t.deepEqual(findingsOf(connection), []);
  }
});

test('a resend under a new event id changes nothing, as a fact has a key of its own', async (t) => {
  const { ledger } = await openWithMessage(t, { products: PRODUCTS });
  const returned = (key: string) => factOf(ORDER, { kind: 'returned', product: 'app', quantity: 1 }, { key });
  await ledger.ingest(eventOf('e1', [sold(3)]));
  await ledger.ingest(eventOf('e2', [returned('return:1')]));
  await ledger.ingest(eventOf('e3', [returned('return:1')]));
  const states = async () => (await standingOf(ledger, 'R1')).map(({ state }) => state);
  t.deepEqual(await states(), ['active', 'active', 'revoked']);
  // The control: were it known by its event's id alone, a second unit would go.
  await ledger.ingest(eventOf('e4', [returned('e4')]));
  t.deepEqual(await states(), ['active', 'revoked', 'revoked']);
});

test('an event that fails hurts no neighbor, is seen with its attempts, and is applied by a replay once its fault is mended', async (t) => {
  const products: Product[] = [productOf(), productOf({ id: 'plus' })];
  const { ledger, connection } = await openWithMessage(t, { products });
  await ledger.ingest(eventOf('e0', [factOf('order:R2', { kind: 'sold', product: 'plus', quantity: 1 })]));
  products.pop();
  const bad = eventOf('e2', [factOf('order:R2', { kind: 'refunded' })]);
  const received = [eventOf('e1', [sold()]), bad, eventOf('e3', [factOf(ORDER, { kind: 'overdue' })])].map(
    (event) => ({ head: event, read: () => event }),
  );
  for (const attempts of [1, 2]) {
    const results = await ingest(received, ledger);
    t.deepEqual(
      results.map(({ outcome }) => outcome),
      attempts === 1 ? ['applied', 'failed', 'applied'] : ['known', 'failed', 'known'],
    );
    const [failed, ...others] = await ledger.findEvents({ failed: true, limit: 9 });
    t.deepEqual([failed?.id, failed?.attempts, others.length], ['e2', attempts, 0]);
    t.regex(failed?.fault ?? '', /plus\.md is gone/);
  }
  t.deepEqual(
    (await standingOf(ledger, 'R2')).map(({ state }) => state),
    ['active'],
  );
  products.push(productOf({ id: 'plus' }));
  t.is(await ledger.ingest(bad, { again: true }), 'applied');
  t.deepEqual(
    (await standingOf(ledger, 'R2')).map(({ state }) => state),
    ['revoked'],
  );
  t.deepEqual(await ledger.findEvents({ failed: true, limit: 9 }), []);
  t.deepEqual(findingsOf(connection), []);
});

test('a sale of a product that is not there yet is issued by a replay when its file is', async (t) => {
  const products: Product[] = [productOf()];
  const { ledger } = await openWithMessage(t, { products });
  const event = eventOf('e1', [sold(2, 'later')]);
  await ledger.ingest(event);
  t.deepEqual(await standingOf(ledger, 'R1'), []);
  products.push(productOf({ id: 'later' }));
  t.is(await ledger.ingest(event), 'known');
  t.is(await ledger.ingest(event, { again: true }), 'applied');
  t.is((await standingOf(ledger, 'R1')).length, 2);
});

test('an order of more units than an order may have fails whole, and is seen', async (t) => {
  const { ledger } = await openWithMessage(t, { products: PRODUCTS });
  const event = eventOf('e1', [sold(1_000_000)]);
  const [result] = await ingest([{ head: event, read: () => event }], ledger);
  t.is(result?.outcome, 'failed');
  t.deepEqual(await ledger.count(), { live: 0, test: 0 });
  t.regex((await ledger.findEvents({ failed: true, limit: 9 }))[0]?.fault ?? '', /1000000 units/);
});

test('events are forgotten once they are old: the payload goes, its digest and the failed ones stay', async (t) => {
  let now = SOLD_AT;
  const { ledger, connection } = await openWithMessage(t, { products: PRODUCTS, now: () => now });
  const old = eventOf('old', [sold()]);
  await ledger.ingest(old);
  await ledger.keepFailed(eventOf('failed', []), 'a fault');
  now += 1000;
  await ledger.ingest(eventOf('young', []));
  t.is(await ledger.forgetEvents(now), 1);
  t.is(await ledger.forgetEvents(now), 0);
  const payloads = Object.fromEntries(
    (await ledger.findEvents({ limit: 9 })).map(({ id, payload }) => [id, payload]),
  );
  t.deepEqual(payloads, { old: null, failed: '{"id":"failed"}', young: '{"id":"young"}' });
  const digest = connection.prepare("SELECT digest FROM event WHERE event_id = 'old'").pluck().get();
  t.deepEqual(digest, createHash('sha256').update(old.payload).digest());
  t.is(await ledger.ingest(old), 'known');
});

test('what is not clear is flagged, shown, and revokes nothing', async (t) => {
  const { ledger } = await openWithMessage(t, { products: PRODUCTS });
  await ledger.ingest(eventOf('e1', [sold()]));
  await ledger.ingest(eventOf('e2', [factOf(ORDER, { kind: 'noted', note: 'not clear', flag: true })]));
  t.deepEqual(
    (await ledger.findEvents({ flagged: true, limit: 9 })).map(({ id }) => id),
    ['e2'],
  );
  t.is((await standingOf(ledger, 'R1'))[0]?.state, 'active');
});
