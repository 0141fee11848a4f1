/** Rebills: the renewed code of the license there is, the same again for the same request. */
import test from 'ava';
import type { Fact } from '../../../src/domain/fact.ts';
import { fulfill } from '../../../src/domain/fulfill.ts';
import { Handouts } from '../../../src/domain/handouts.ts';
import { renewOrFulfill } from '../../../src/domain/renew.ts';
import type { SqliteLedger } from '../../../src/storage/sqlite/sqlite-ledger.ts';
import { productOf } from '../../domain/support.ts';
import {
  eventOf,
  factOf,
  findingsOf,
  MINTER,
  openWithMessage,
  orderOf,
  SOLD_AT,
  standingOf,
} from '../support.ts';

const PRODUCT = productOf();
const MONTH = 30 * 86_400_000;
const sold = factOf(
  'order:R1',
  { kind: 'sold', product: 'app', quantity: 1, subscription: 'S1' },
  { at: SOLD_AT },
);
const paid = (until: string | null, at: number): Fact =>
  factOf('subscription:S1', { kind: 'paid', until, sequence: 2 }, { at });

function asking(ledger: SqliteLedger) {
  const parts = { ledger, minter: MINTER, handouts: new Handouts(), now: () => SOLD_AT + 1000 };
  const codes = (fulfilled: Awaited<ReturnType<typeof fulfill>>) =>
    fulfilled.outcome === 'conflict' ? [] : fulfilled.licenses.map(({ answer }) => answer.code);
  const orderNamed = (order: string) => orderOf({ marketplace: 'fastspring', order });
  return {
    first: async () => codes(await fulfill(orderNamed('R1'), PRODUCT, parts)),
    rebill: async (order: string, at = SOLD_AT + MONTH) => {
      const facts = [paid(null, at)].map((fact) => ({ ...fact, key: `request:${order}` }));
      const linked = factOf(`order:${order}`, { kind: 'linked', subscription: 'S1', product: 'app' }, { at });
      const renewal = { subscription: 'S1', sequence: 2, facts };
      return codes(await renewOrFulfill(orderNamed(order), PRODUCT, parts, [linked], renewal));
    },
  };
}

test('a request behind an event gets the code that the event issued, and behind a renewal the first one again', async (t) => {
  const { ledger, connection } = await openWithMessage(t, { products: [PRODUCT] });
  const ask = asking(ledger);
  await ledger.ingest(eventOf('e1', [sold]));
  const [issued] = await ledger.find({ by: 'order', order: 'R1' });
  t.deepEqual(await ask.first(), [issued?.code]);
  await ledger.ingest(eventOf('e2', [paid('2027-02-01', SOLD_AT + MONTH)]));
  const [renewed] = await ledger.find({ by: 'order', order: 'R1' });
  t.is(renewed?.revision, 1);
  t.not(renewed?.code, issued?.code);
  t.deepEqual(await ask.first(), [issued?.code]);
  t.deepEqual(findingsOf(connection), []);
});

test('a rebill gets the renewed code of the same license, and its repeat the same bytes, also behind later charges', async (t) => {
  const { ledger, connection } = await openWithMessage(t, { products: [PRODUCT] });
  const ask = asking(ledger);
  const first = await ask.first();
  await ledger.ingest(eventOf('e1', [sold]));
  await ledger.ingest(eventOf('e2', [paid('2027-01-21', SOLD_AT + MONTH - 1000)]));
  const second = await ask.rebill('R1B2');
  t.is(second.length, 1);
  t.notDeepEqual(second, first);
  // The request assumes a date; the charge told it.
  t.is(MINTER.entitlementOf(second[0]!).lastValid, '2027-02-04');
  await ledger.ingest(eventOf('e3', [{ ...paid('2027-03-01', SOLD_AT + 2 * MONTH), key: 'third' }]));
  t.deepEqual(await ask.rebill('R1B2'), second);
  t.deepEqual(await ask.rebill('R1B2', SOLD_AT + 3 * MONTH), second);
  t.notDeepEqual(await ask.rebill('R1B3', SOLD_AT + 2 * MONTH), second);
  t.deepEqual(await ledger.count(), { live: 1, test: 0 });
  t.deepEqual(findingsOf(connection), []);
});

test('32 requests of one rebill at once get one answer', async (t) => {
  const { ledger, connection } = await openWithMessage(t, { products: [PRODUCT] });
  const ask = asking(ledger);
  await ask.first();
  await ledger.ingest(eventOf('e1', [sold]));
  const answers = await Promise.all(Array.from({ length: 32 }, () => ask.rebill('R1B2')));
  t.is(new Set(answers.map(String)).size, 1);
  t.deepEqual(findingsOf(connection), []);
});

test('a rebill of a subscription that nobody told of gets a license of its own, which stays the only one of that order', async (t) => {
  const { ledger, connection } = await openWithMessage(t, { products: [PRODUCT] });
  const ask = asking(ledger);
  const own = await ask.rebill('R1B2');
  t.is(own.length, 1);
  await ledger.ingest(eventOf('e1', [sold]));
  await ledger.ingest(eventOf('e2', [factOf('order:R1B2', { kind: 'alias', of: 'subscription:S1' })]));
  await ledger.ingest(
    eventOf('e3', [factOf('subscription:S1', { kind: 'resized', product: 'app', quantity: 3 })]),
  );
  t.deepEqual(await ask.rebill('R1B2'), own);
  t.is((await standingOf(ledger, 'R1B2')).length, 1);
  t.is((await standingOf(ledger, 'R1')).length, 3);
  t.deepEqual(findingsOf(connection), []);
});
