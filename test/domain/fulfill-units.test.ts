/** Which unit a fulfillment request gets where units went out before, or came into being by an event. */
import test, { type ExecutionContext } from 'ava';
import { type Fulfilled, type FulfillParts, fulfill, fulfilled } from '../../src/domain/fulfill.ts';
import { Handouts } from '../../src/domain/handouts.ts';
import type { Ledger } from '../../src/domain/ledger.ts';
import { LARGEST_QUANTITY } from '../../src/domain/order.ts';
import { eventOf, factOf, MINTER, openWithMessage, orderOf, SOLD_AT } from '../storage/support.ts';
import { type Bench, benchFor, productOf } from './support.ts';

const SINGLE = productOf();
const SEATS = productOf({ quantity: 'seats', seats: 2 });
const SEPARATE = productOf({ multibuy: 'separate' });

/** Outcome, then the units that it hands out. */
const told = (answer: Fulfilled) =>
  answer.outcome === 'conflict'
    ? [answer.outcome, answer.heldQuantity]
    : [answer.outcome, ...answer.licenses.map(({ unit }) => unit)];

const ask = async (quantity: number, product: typeof SINGLE, parts: FulfillParts) =>
  told(await fulfill(orderOf({ quantity }), product, parts));

/** Asks for a unit; its response goes out whole at this time. */
async function deliver(quantity: number, bench: Bench, at = SOLD_AT): Promise<unknown[]> {
  const answer = await fulfill(orderOf({ quantity }), SEPARATE, { ...bench, now: () => at });
  if (answer.outcome !== 'conflict') await answer.delivery?.finished();
  return told(answer);
}

/** The same parts while the ledger cannot write. */
function readOnly({ ledger, ...parts }: Bench): FulfillParts {
  const only = { findOrder: (key) => ledger.findOrder(key) } satisfies Partial<Ledger>;
  return { ...parts, ledger: only as Partial<Ledger> as Ledger };
}

/** Parts whose ledger learned of so many units by an event; none of them was answered. */
async function behindEvent(t: ExecutionContext, product: typeof SINGLE, quantity: number) {
  const { ledger } = await openWithMessage(t, { products: [product] });
  const { marketplace, order } = orderOf();
  const sold = factOf(`order:${order}`, { kind: 'sold', product: 'app', quantity }, { marketplace });
  await ledger.ingest(eventOf('e1', [sold]));
  return { ledger, minter: MINTER, handouts: new Handouts(), now: () => SOLD_AT };
}

test('a repeat and a conflict write nothing', async (t) => {
  const bench = await benchFor(t);
  await ask(2, SINGLE, bench);
  t.deepEqual(await ask(2, SINGLE, readOnly(bench)), ['repeated', 0, 1]);
  t.deepEqual(await ask(3, SINGLE, readOnly(bench)), ['conflict', 2]);
  const [story] = await bench.ledger.find({ by: 'order', order: orderOf().order });
  t.is(story?.history[0]?.cause, 'fulfillment request');
});

test('a request behind its event gets the units of the event, and no other number of them', async (t) => {
  const parts = await behindEvent(t, SINGLE, 2);
  t.deepEqual(await ask(3, SINGLE, parts), ['conflict', 2]);
  t.deepEqual(await ask(2, SINGLE, parts), ['repeated', 0, 1]);
});

test('a request behind its event gets the seats of the event', async (t) => {
  t.deepEqual(await ask(3, SEATS, await behindEvent(t, SEATS, 3)), ['repeated', 0]);
});

test('a product of seats has nothing to hand out unit by unit', async (t) => {
  const bench = await benchFor(t);
  const product = productOf({ quantity: 'seats', seats: 2, multibuy: 'separate' });
  t.deepEqual(await ask(3, product, bench), ['issued', 0]);
  t.deepEqual(await ask(3, product, bench), ['repeated', 0]);
});

test('separate multibuy: units of an event are handed out one by one, then the first again', async (t) => {
  const parts = await behindEvent(t, SEPARATE, 2);
  t.deepEqual(await ask(2, SEPARATE, parts), ['repeated', 0]);
  t.deepEqual(await ask(2, SEPARATE, parts), ['repeated', 1]);
  t.deepEqual(await ask(2, SEPARATE, parts), ['repeated', 0]);
});

test('separate multibuy: a unit whose answer was lost is handed out again without a write', async (t) => {
  const bench = await benchFor(t);
  const lost = await fulfill(orderOf(), SEPARATE, bench);
  if (lost.outcome !== 'conflict') lost.delivery?.abandoned();
  t.deepEqual(await ask(1, SEPARATE, readOnly(bench)), ['repeated', 0]);
});

test('separate multibuy: a quantity told once caps only requests that tell one', async (t) => {
  const bench = await benchFor(t);
  t.deepEqual(await deliver(1, bench), ['issued', 0]);
  t.deepEqual(await deliver(3, bench), ['issued', 1]);
  t.deepEqual(await deliver(2, bench), ['conflict', 3]);
  t.deepEqual(await deliver(1, bench), ['issued', 2]);
  t.deepEqual(await deliver(1, bench), ['issued', 3]);
});

test('separate multibuy: beyond the cap the oldest unit on its way is repeated, else the last delivered', async (t) => {
  for (const [first, second, last] of [
    [1000, 2000, 1],
    [2000, 1000, 0],
  ] as const) {
    const bench = await benchFor(t);
    const [one, two] = [
      await fulfill(orderOf({ quantity: 2 }), SEPARATE, bench),
      await fulfill(orderOf({ quantity: 2 }), SEPARATE, bench),
    ];
    t.deepEqual(
      [told(one), told(two)],
      [
        ['issued', 0],
        ['issued', 1],
      ],
    );
    t.deepEqual(await ask(2, SEPARATE, bench), ['repeated', 0]);
    const again = await benchFor(t, bench.file);
    t.deepEqual(await deliver(2, again, first), ['repeated', 0]);
    t.deepEqual(await deliver(2, again, second), ['repeated', 1]);
    t.deepEqual(await ask(2, SEPARATE, readOnly(again)), ['repeated', last]);
  }
});

test('separate multibuy: a unit that is out comes before one that was delivered', async (t) => {
  const bench = await benchFor(t);
  await deliver(2, bench);
  t.deepEqual(await ask(2, SEPARATE, bench), ['issued', 1]);
  t.deepEqual(await ask(2, SEPARATE, bench), ['repeated', 1]);
});

test('separate multibuy: without a quantity an order has as many units as there can be, and no more', async (t) => {
  const bench = await benchFor(t);
  await ask(LARGEST_QUANTITY, SINGLE, bench);
  for (let unit = 0; unit < LARGEST_QUANTITY; unit++) bench.handouts.take(orderOf(), unit);
  t.deepEqual(await ask(1, SEPARATE, bench), ['conflict', LARGEST_QUANTITY]);
});

test('units that were handed out one by one count as many as were answered', async (t) => {
  const bench = await benchFor(t);
  await deliver(3, bench);
  await deliver(3, bench);
  t.deepEqual(await ask(3, SINGLE, bench), ['conflict', 2]);
});

test('an answer without a license is a fault of the ledger, and no answer', (t) => {
  t.throws(() => fulfilled(true, { licenses: [], customer: undefined }, [], undefined), {
    instanceOf: TypeError,
    message: /^the ledger answered/,
  });
});

test('only units that were answered are handed out', async (t) => {
  const bench = await benchFor(t);
  await deliver(1, bench);
  const held = await bench.ledger.findOrder(orderOf());
  const [first] = held?.licenses ?? [];
  if (held === undefined || first === undefined) return t.fail();
  const unanswered = { ...first, unit: 1, answer: undefined };
  t.deepEqual(told(fulfilled(false, held, [unanswered, first], undefined)), ['repeated', 0]);
});
