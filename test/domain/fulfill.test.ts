import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { type Delivery, type Fulfilled, fulfill } from '../../src/domain/fulfill.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Product } from '../../src/domain/product.ts';
import { benchFor, orderOf, productOf, SOLD_AT, worldOf } from '../kit/memory-ledger.ts';
import { separateProduct } from '../kit/product.ts';
import { PLAIN_MINTER } from '../kit/world.ts';

const SINGLE = productOf();
const SEATS = productOf({ quantity: 'seats', seats: 2 });
const SEPARATE = separateProduct();

test('one request gets all units, and each repeat the same codes', async (t) => {
  const bench = benchFor();
  const first = licensed(t, await fulfill(orderOf({ quantity: 3 }), SINGLE, bench));
  t.is(first.outcome, 'issued');
  t.is(first.delivery, undefined);
  t.deepEqual(
    first.licenses.map(({ unit }) => unit),
    [0, 1, 2],
  );
  t.is(new Set(codesOf(first)).size, 3);
  const again = licensed(t, await fulfill(orderOf({ quantity: 3 }), SINGLE, bench));
  t.is(again.outcome, 'repeated');
  t.deepEqual(again.licenses, first.licenses);
});

test('a product of seats gets one code for all units', async (t) => {
  const bench = benchFor(worldOf(SEATS));
  const { licenses } = licensed(t, await fulfill(orderOf({ quantity: 3 }), SEATS, bench));
  t.is(licenses.length, 1);
  t.is(PLAIN_MINTER.entitlementOf(licenses[0].code).seats, 6);
  t.is((await fulfill(orderOf({ quantity: 4 }), SEATS, bench)).outcome, 'conflict');
});

test('a repeat is answered as before, whatever became of the product, the clock and the customer', async (t) => {
  const bench = benchFor();
  const first = licensed(t, await fulfill(orderOf({ quantity: 2 }), SINGLE, bench));
  const later = { ...bench, now: () => SOLD_AT + 400 * 86_400_000 };
  for (const product of [SEATS, productOf({ term: 'perpetual', seats: 9, trial: true })]) {
    const order = orderOf({ quantity: 2, soldAt: later.now(), customer: { name: 'Eve', email: undefined } });
    const again = licensed(t, await fulfill(order, product, later));
    t.deepEqual(again.licenses, first.licenses);
    t.deepEqual(again.held.customer, first.held.customer);
  }
});

test('the same order with another quantity is a conflict, and changes nothing', async (t) => {
  const bench = benchFor();
  const first = licensed(t, await fulfill(orderOf({ quantity: 2 }), SINGLE, bench));
  const before = JSON.stringify(bench.world.story);
  for (const quantity of [1, 3, 1000]) {
    const conflict = await fulfill(orderOf({ quantity }), SINGLE, bench);
    t.deepEqual(conflict, { outcome: 'conflict', heldQuantity: 2 });
  }
  t.is(JSON.stringify(bench.world.story), before);
  t.deepEqual(licensed(t, await fulfill(orderOf({ quantity: 2 }), SINGLE, bench)).licenses, first.licenses);
});

test('of two quantities at the same time one is fulfilled and the other a conflict', async (t) => {
  const bench = benchFor();
  const all = await Promise.all([2, 3].map((quantity) => fulfill(orderOf({ quantity }), SINGLE, bench)));
  t.deepEqual(all.map(({ outcome }) => outcome).sort(), ['conflict', 'issued']);
  t.is(bench.world.records.length, 2);
});

test('separate multibuy: each request gets the next unit once the one before was delivered', async (t) => {
  const bench = benchFor();
  const codes: string[] = [];
  for (const unit of [0, 1, 2]) {
    const { licenses, delivery, outcome } = licensed(t, await fulfill(orderOf(), SEPARATE, bench));
    t.is(outcome, 'issued');
    t.deepEqual(
      licenses.map((license) => license.unit),
      [unit],
    );
    codes.push(licenses[0].code);
    await delivery?.finished();
  }
  t.is(new Set(codes).size, 3);
});

test('separate multibuy: a unit whose answer was lost is handed out again, by a restarted service too', async (t) => {
  const bench = benchFor();
  const lost = licensed(t, await fulfill(orderOf(), SEPARATE, bench));
  lost.delivery?.abandoned();
  const retry = licensed(t, await fulfill(orderOf(), SEPARATE, bench));
  t.deepEqual(retry.licenses, lost.licenses);
  // On its way still, when the process dies.
  const restarted = benchFor(bench.world);
  t.deepEqual(licensed(t, await fulfill(orderOf(), SEPARATE, restarted)).licenses, lost.licenses);
});

test('a product that was handed out unit by unit and is no more: as many count as were asked for', async (t) => {
  const bench = benchFor();
  for (let unit = 0; unit < 2; unit++) {
    const { delivery } = licensed(t, await fulfill(orderOf(), SEPARATE, bench));
    await delivery?.finished();
  }
  t.deepEqual(await fulfill(orderOf(), SINGLE, bench), { outcome: 'conflict', heldQuantity: 2 });
  const both = licensed(t, await fulfill(orderOf({ quantity: 2 }), SINGLE, bench));
  t.is(both.outcome, 'repeated');
  t.is(both.licenses.length, 2);
});

test('a product that was handed out at once and is handed out unit by unit now keeps its quantity', async (t) => {
  const bench = benchFor();
  const all = licensed(t, await fulfill(orderOf({ quantity: 3 }), SINGLE, bench));
  t.deepEqual(await fulfill(orderOf({ quantity: 4 }), SEPARATE, bench), {
    outcome: 'conflict',
    heldQuantity: 3,
  });
  const one = licensed(t, await fulfill(orderOf({ quantity: 3 }), SEPARATE, bench));
  t.deepEqual(codesOf(one), codesOf(all).slice(0, 1));
});

test('separate multibuy: requests at the same time get a unit each', async (t) => {
  const bench = benchFor();
  const all = await Promise.all(Array.from({ length: 5 }, () => fulfill(orderOf(), SEPARATE, bench)));
  t.deepEqual(
    all.map((each) => licensed(t, each).licenses[0].unit),
    [0, 1, 2, 3, 4],
  );
});

test('separate multibuy: a connection that closes behind a finished response does not put its unit back', async (t) => {
  const bench = benchFor();
  const first = licensed(t, await fulfill(orderOf(), SEPARATE, bench));
  // As Node tells it: finish, then close at once, while the note is still on its way to the disk.
  const noted = first.delivery?.finished();
  first.delivery?.abandoned();
  const second = licensed(t, await fulfill(orderOf(), SEPARATE, bench));
  await noted;
  t.is(second.licenses[0].unit, 1);
});

test('separate multibuy: a quantity caps the count, and a request beyond it repeats a unit', async (t) => {
  const bench = benchFor();
  const units: number[] = [];
  for (let i = 0; i < 5; i++) {
    const { licenses, delivery } = licensed(t, await fulfill(orderOf({ quantity: 2 }), SEPARATE, bench));
    units.push(licenses[0].unit);
    await delivery?.finished();
  }
  t.deepEqual(units.slice(0, 2), [0, 1]);
  t.true(units.every((unit) => unit < 2));
  t.is(bench.world.records.length, 2);
  t.is((await fulfill(orderOf({ quantity: 3 }), SEPARATE, bench)).outcome, 'conflict');
  t.is(bench.world.records.length, 2);
});

type Step =
  | { readonly do: 'request'; readonly order: number; readonly quantity: number }
  | { readonly do: 'deliver' | 'abandon'; readonly which: number }
  | { readonly do: 'wait' }
  | { readonly do: 'restart' };

const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('request' as const),
      // Each order keeps its product's setting: odd ones are asked for unit by unit.
      order: fc.nat(3),
      quantity: fc.constantFrom(1, 1, 2, 3),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('deliver' as const, 'abandon' as const), which: fc.nat(9) }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'wait' } as const) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' } as const) },
);

test('any requests, repeats, deliveries and restarts leave one license a unit and never change an answer', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(STEP, { minLength: 3, maxLength: 25 }), async (steps) => {
      const run = new Run();
      for (const step of steps) await run.take(step);
      await run.end();
    }),
    { numRuns: 100, seed: 20_261_121 },
  );
  t.pass();
});

/** Plays steps against a ledger and holds each answer against all that were given before. */
class Run {
  #bench = benchFor();
  #underway: Promise<void>[] = [];
  #deliveries: Delivery[] = [];
  /** Order and unit -> the code, once told. */
  readonly #told = new Map<string, string>();

  async take(step: Step): Promise<void> {
    if (step.do === 'request') {
      const order = orderOf({ order: `order-${step.order}`, quantity: step.quantity });
      this.#underway.push(this.#ask(order, step.order % 2 === 1 ? SEPARATE : SINGLE));
    } else if (step.do === 'wait') await this.#settle();
    else if (step.do === 'restart') {
      await this.#settle();
      this.#bench = benchFor(this.#bench.world);
      this.#deliveries = [];
    } else {
      const [delivery] = this.#deliveries.splice(step.which % Math.max(this.#deliveries.length, 1), 1);
      if (step.do === 'deliver' && delivery) this.#underway.push(delivery.finished());
      // Node closes behind a finish, too.
      delivery?.abandoned();
    }
  }

  async end(): Promise<void> {
    await this.#settle();
    for (const order of ['order-0', 'order-1', 'order-2', 'order-3']) {
      const held = this.#bench.world.records.filter((license) => license.order === order);
      for (const [unit, license] of held.entries()) {
        this.#hold(license.unit === unit, `units of ${order} without a gap`);
        this.#hold(
          (this.#told.get(`${order} ${unit}`) ?? license.code) === license.code,
          `the code of ${order} ${unit}`,
        );
      }
      this.#hold(new Set(held.map(({ code }) => code)).size === held.length, 'no code twice');
    }
  }

  async #ask(order: Order, product: Product): Promise<void> {
    const { ledger } = this.#bench;
    const before = await ledger.findOrder(order);
    const answer = await fulfill(order, product, this.#bench);
    if (!('licenses' in answer)) return;
    if (answer.delivery) this.#deliveries.push(answer.delivery);
    this.#hold(answer.licenses.length === (product === SINGLE ? order.quantity : 1), 'as many as asked for');
    for (const { unit, code, answer: given } of answer.licenses) {
      const key = `${order.order} ${unit}`;
      const known = this.#told.get(key) ?? before?.licenses[unit]?.code ?? code;
      this.#hold(known === code && given.code === code, `one code for ${key}`);
      this.#told.set(key, code);
    }
  }

  async #settle(): Promise<void> {
    const underway = this.#underway;
    this.#underway = [];
    await Promise.all(underway);
  }

  #hold(holds: boolean, what: string): void {
    if (!holds) throw new Error(`not held: ${what}`);
  }
}

type Licensed = Extract<Fulfilled, { readonly licenses: unknown }>;

function licensed(t: ExecutionContext, fulfilled: Fulfilled): Licensed {
  if ('licenses' in fulfilled) return fulfilled;
  t.fail(fulfilled.outcome);
  throw new Error(fulfilled.outcome);
}

function codesOf({ licenses }: { licenses: readonly { code: string }[] }): string[] {
  return licenses.map(({ code }) => code);
}
