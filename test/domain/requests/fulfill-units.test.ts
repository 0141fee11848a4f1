/** Which unit a fulfillment request gets if units were handed out before or issued by an event. */
import test from 'ava';
import type { HeldOrder } from '../../../src/domain/ledger.ts';
import { type Fulfilled, type FulfillmentContext, fulfill } from '../../../src/domain/requests/fulfill.ts';
import { fulfilled } from '../../../src/domain/requests/fulfilled.ts';
import { UNMARKED_REQUEST } from '../../../src/domain/values/causes.ts';
import { LARGEST_QUANTITY } from '../../../src/domain/values/order.ts';
import {
  type Bench,
  benchFor,
  ledgerOn,
  orderOf,
  productOf,
  SOLD_AT,
  worldOf,
} from '../../kit/memory-ledger.ts';
import { separateProduct } from '../../kit/product.ts';

const SINGLE = productOf();
const SEATS = productOf({ quantity: 'seats', seats: 2 });
const SEPARATE = separateProduct();

/** Outcome, then the units that it hands out. */
const told = (answer: Fulfilled): unknown[] => {
  if (answer.outcome === 'conflict') return [answer.outcome, answer.heldQuantity];
  return 'licenses' in answer
    ? [answer.outcome, ...answer.licenses.map(({ unit }) => unit)]
    : [answer.outcome];
};

const ask = async (quantity: number, product: typeof SINGLE, parts: FulfillmentContext) =>
  told(await fulfill(orderOf({ quantity }), product, parts));

/** Requests a unit; its response is complete at this time. */
async function deliver(quantity: number, bench: Bench, at = SOLD_AT): Promise<unknown[]> {
  const answer = await fulfill(orderOf({ quantity }), SEPARATE, { ...bench, now: () => at });
  if ('licenses' in answer) await answer.delivery?.finished();
  return told(answer);
}

/** The same context while the ledger cannot write. */
function readOnly({ world, ...parts }: Bench): FulfillmentContext {
  return { ...parts, ledger: ledgerOn(world, true) };
}

/** A context whose ledger got this many units from an event; none was answered. */
function behindEvent(product: typeof SINGLE, quantity: number): Bench {
  const world = worldOf(product);
  const body = { kind: 'sold', product: 'app', quantity } as const;
  world.tell([world.fact(`order:${orderOf().order}`, body, { at: SOLD_AT })]);
  return benchFor(world);
}

test('a repeat and a conflict write nothing', async (t) => {
  const bench = benchFor();
  await ask(2, SINGLE, bench);
  t.deepEqual(await ask(2, SINGLE, readOnly(bench)), ['repeated', 0, 1]);
  t.deepEqual(await ask(3, SINGLE, readOnly(bench)), ['conflict', 2]);
  t.is(bench.world.records[0]?.cause, 'fulfillment request');
});

test('a request after its event gets the units of the event, and no other number', async (t) => {
  const parts = behindEvent(SINGLE, 2);
  t.deepEqual(await ask(3, SINGLE, parts), ['conflict', 2]);
  t.deepEqual(await ask(2, SINGLE, parts), ['repeated', 0, 1]);
});

test('a request after its event gets the seats of the event', async (t) => {
  t.deepEqual(await ask(3, SEATS, behindEvent(SEATS, 3)), ['repeated', 0]);
});

test('a product of seats is not handed out unit by unit', async (t) => {
  const product = separateProduct({ quantity: 'seats', seats: 2 });
  const bench = benchFor(worldOf(product));
  t.deepEqual(await ask(3, product, bench), ['issued', 0]);
  t.deepEqual(await ask(3, product, bench), ['repeated', 0]);
});

test('separate multibuy: units of an event are handed out one by one, then the first again', async (t) => {
  const parts = behindEvent(SEPARATE, 2);
  t.deepEqual(await ask(2, SEPARATE, parts), ['repeated', 0]);
  t.deepEqual(await ask(2, SEPARATE, parts), ['repeated', 1]);
  t.deepEqual(await ask(2, SEPARATE, parts), ['repeated', 0]);
});

test('separate multibuy: a unit whose answer was lost is handed out again without a write', async (t) => {
  const bench = benchFor();
  const lost = await fulfill(orderOf(), SEPARATE, bench);
  if ('licenses' in lost) lost.delivery?.abandoned();
  t.deepEqual(await ask(1, SEPARATE, readOnly(bench)), ['repeated', 0]);
});

test('separate multibuy: a stated quantity caps only requests that state one', async (t) => {
  const bench = benchFor();
  t.deepEqual(await deliver(1, bench), ['issued', 0]);
  t.deepEqual(await deliver(3, bench), ['issued', 1]);
  t.deepEqual(await deliver(2, bench), ['conflict', 3]);
  t.deepEqual(await deliver(1, bench), ['issued', 2]);
  t.deepEqual(await deliver(1, bench), ['issued', 3]);
});

test('separate multibuy: beyond the cap the oldest unit being sent is repeated, else the last delivered', async (t) => {
  for (const [first, second, last] of [
    [1000, 2000, 1],
    [2000, 1000, 0],
  ] as const) {
    const bench = benchFor();
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
    const again = benchFor(bench.world);
    t.deepEqual(await deliver(2, again, first), ['repeated', 0]);
    t.deepEqual(await deliver(2, again, second), ['repeated', 1]);
    t.deepEqual(await ask(2, SEPARATE, readOnly(again)), ['repeated', last]);
  }
});

test('separate multibuy: a unit being sent comes before a delivered unit', async (t) => {
  const bench = benchFor();
  await deliver(2, bench);
  t.deepEqual(await ask(2, SEPARATE, bench), ['issued', 1]);
  t.deepEqual(await ask(2, SEPARATE, bench), ['repeated', 1]);
});

test('separate multibuy: without a quantity an order has at most the largest quantity of units', async (t) => {
  const bench = benchFor();
  await ask(LARGEST_QUANTITY, SINGLE, bench);
  for (let unit = 0; unit < LARGEST_QUANTITY; unit++) bench.handouts.take(orderOf(), unit);
  t.deepEqual(await ask(1, SEPARATE, bench), ['conflict', LARGEST_QUANTITY]);
});

test('units handed out one by one count as answered', async (t) => {
  const bench = benchFor();
  await deliver(3, bench);
  await deliver(3, bench);
  t.deepEqual(await ask(3, SINGLE, bench), ['conflict', 2]);
});

test('only answered units that are not revoked are handed out', async (t) => {
  const bench = benchFor();
  await deliver(1, bench);
  const held = await bench.ledger.findOrder(orderOf());
  const [first] = held?.licenses ?? [];
  if (held === undefined || first === undefined) return t.fail();
  const unanswered = { ...first, unit: 1, answer: null };
  t.deepEqual(told(fulfilled('repeated', held, [unanswered, first], undefined)), ['repeated', 0]);
  const revoked = { ...first, state: 'revoked' } as const;
  t.deepEqual(told(fulfilled('repeated', held, [revoked], undefined)), ['revoked']);
  t.deepEqual(told(fulfilled('issued', held, [revoked, { ...first, unit: 2 }], undefined)), ['issued', 2]);
});

test('a failed order gets no further unit, and no unit stays marked as being sent', async (t) => {
  const bench = benchFor();
  await deliver(2, bench);
  const { world, handouts } = bench;
  world.tell([world.fact(`order:${orderOf().order}`, { kind: 'voided' }, { at: SOLD_AT })]);
  t.deepEqual(await ask(1, SEPARATE, bench), ['revoked']);
  t.false((await handouts.unitsOut(orderOf())).has(1));
});

test('a request for one unit passes on its sale options', async (t) => {
  const bench = benchFor();
  const charged = { total: 39, currency: 'EUR' };
  await fulfill(orderOf(), SEPARATE, bench, { facts: [], renewal: undefined, charged, isUnmarked: true });
  t.like(bench.world.records[0], { charged, cause: UNMARKED_REQUEST });
});

test('a product no longer handed out unit by unit counts only answered units', async (t) => {
  const bench = benchFor();
  await deliver(1, bench);
  const { world } = bench;
  const body = { kind: 'sold', product: 'app', quantity: 2, line: '' } as const;
  world.tell([world.fact(`order:${orderOf().order}`, body, { at: SOLD_AT })]);
  t.is(world.records.length, 2);
  t.deepEqual(await ask(1, SINGLE, readOnly(bench)), ['repeated', 0]);
});

test('separate multibuy: a unit stays marked as being sent until its delivery is noted, also after the connection closes', async (t) => {
  const bench = benchFor();
  let note = () => {};
  const noted = new Promise<void>((resolve) => {
    note = resolve;
  });
  const slow = { ...bench, ledger: { ...ledgerOn(bench.world), noteDelivery: () => noted } };
  const first = await fulfill(orderOf(), SEPARATE, slow);
  if (!('licenses' in first)) return t.fail();
  const finished = first.delivery?.finished();
  first.delivery?.abandoned();
  t.true((await bench.handouts.unitsOut(orderOf())).has(0));
  note();
  await finished;
  t.false((await bench.handouts.unitsOut(orderOf())).has(0));
});

test('separate multibuy: a retry for a unit that was revoked as surplus gets a live one: being sent, or delivered last', async (t) => {
  const [unit] = (await benchWith(1)).licenses;
  const revoked = { ...unit!, state: 'revoked' } as const;
  const at = (number: number, deliveredAt: number | null, of = unit!) => ({
    ...of,
    unit: number,
    answer: { ...of.answer!, deliveredAt },
  });
  const given = async (licenses: HeldOrder['licenses'], out: readonly number[] = []) => {
    const { bench, held } = await benchWith(1);
    for (const number of out) await bench.handouts.take(orderOf(), number);
    const ledger = { ...readOnly(bench).ledger, findOrder: async () => ({ ...held, licenses }) };
    return ask(1, SEPARATE, { ...bench, ledger });
  };
  const lost = at(0, null, revoked);
  t.deepEqual(await given([lost, at(1, 5), at(2, 9), at(3, 7)]), ['repeated', 2], 'delivered last');
  t.deepEqual(await given([lost, at(1, 5), at(2, 9), at(3, null)], [3]), ['repeated', 3], 'being sent');
  t.deepEqual(await given([lost, at(1, 5), at(2, null)]), ['repeated', 2], 'another that waits goes first');
  t.deepEqual(await given([lost, at(1, 9, revoked), at(2, 5)]), ['repeated', 2], 'a revoked one is not live');
  t.deepEqual(await given([lost, at(1, 9, revoked)]), ['revoked'], 'all are');
});

test('separate multibuy: a request for an order that has no further unit gets one that it has', async (t) => {
  const { bench, held, licenses } = await benchWith(2);
  await bench.handouts.take(orderOf(), 0);
  const given = (after: HeldOrder['licenses']) => {
    const issue = async () => ({ outcome: 'repeated' as const, held: { ...held, licenses: after } });
    return ask(1, SEPARATE, { ...bench, ledger: { ...bench.ledger, issue } });
  };
  t.deepEqual(await given(licenses), ['repeated', 0], 'the one that is being sent');
  t.deepEqual(await given([...licenses, { ...licenses[0], unit: 2 }]), ['repeated', 2], 'the control');
});

/** So many units, each answered. */
async function benchWith(units: number) {
  const bench = benchFor();
  for (let unit = 0; unit < units; unit++) await deliver(units, bench);
  const held = await bench.ledger.findOrder(orderOf());
  if (held === undefined) throw new Error('no order');
  return { bench, held, licenses: held.licenses };
}
