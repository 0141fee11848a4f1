/** Requests, repeats, deliveries and restarts in orders that fast-check draws. */
import test from 'ava';
import { type Delivery, fulfill } from '../../../src/domain/requests/fulfill.ts';
import type { Order } from '../../../src/domain/values/order.ts';
import type { Product } from '../../../src/domain/values/product.ts';
import fc from '../../kit/fast-check.ts';
import { benchFor, orderOf, productOf } from '../../kit/memory-ledger.ts';
import { separateProduct } from '../../kit/product.ts';

const SINGLE = productOf();
const SEPARATE = separateProduct();

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

/** Plays steps against a ledger and compares each answer with all earlier answers. */
class Run {
  #bench = benchFor();
  #underway: Promise<void>[] = [];
  #deliveries: Delivery[] = [];
  /** Order and unit -> the code, once answered. */
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
      // Node.js emits close after finish, too.
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
