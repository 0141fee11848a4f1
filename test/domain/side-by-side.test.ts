/** Said of a part, applied to the part: of two subjects side by side, facts of one do not affect the other. */
import test from 'ava';
import type { CoveredLine, Fact, FactBody, Subject } from '../../src/domain/facts/fact.ts';
import fc from '../kit/fast-check.ts';
import { productOf } from '../kit/product.ts';
import { aboutCharge, aboutSubscription, when } from '../kit/tales.ts';
import { charged, dated, outcomes, paid, repaid, sold, tie, told } from '../kit/telling.ts';
import { at, World } from '../kit/world.ts';

const BEGUN = '2027-01-01';
const FINAL_DAY = '2027-12-15';
const TERMS = { term: 'P1M', grace: 'P3D', updates: 'P1Y' } as const;

/** One of the two: its products, order, subscription and charges have its letter. */
interface Side {
  readonly letter: 'A' | 'B';
  readonly order: string;
}

const nameOf = (side: Side, name: string) => `${name}-${side.letter.toLowerCase()}`;
const PRODUCTS = ['A', 'B'].flatMap((letter) => [
  productOf({ id: `pro-${letter.toLowerCase()}`, ...TERMS }),
  productOf({ id: `basic-${letter.toLowerCase()}`, ...TERMS, ended: 'fallback' }),
  productOf({ id: `team-${letter.toLowerCase()}`, ...TERMS, quantity: 'seats', seats: 5 }),
]);

/** The fact for this side, with the side's own names and products. */
function of(side: Side, { subject, key, body, ...fact }: Fact): Fact {
  const own = (product: string | null) => (product === null ? null : nameOf(side, product));
  const named = (name: Subject): Subject => {
    if (name.startsWith('subscription:')) return `subscription:${side.letter}`;
    if (name === 'order:A' || name === 'order-id:1') return `order:${side.order}`;
    return `${name}${side.letter}` as Subject;
  };
  const translated = {
    ...body,
    ...('product' in body && { product: own(body.product ?? null) }),
    ...('line' in body && body.line !== undefined && { line: nameOf(side, body.line) }),
    ...('charge' in body && body.charge !== undefined && { charge: named(body.charge) }),
    ...('of' in body && { of: named(body.of) }),
    ...('order' in body && { order: `${body.order}${side.letter}` }),
    ...('subscription' in body && { subscription: side.letter }),
    ...('covers' in body && {
      covers: body.covers?.map((line: CoveredLine) => ({
        ...line,
        line: nameOf(side, line.line),
        product: own(line.product),
      })),
    }),
    ...('lines' in body && {
      lines: body.lines?.map((line) => ({ ...line, line: nameOf(side, line.line) })),
    }),
  } as FactBody;
  return { ...fact, subject: named(subject), key: `${key}:${side.letter}`, body: translated };
}

/** Facts of one subject on some days. */
const story = (bodies: fc.Arbitrary<readonly [Subject, FactBody]>) =>
  fc.uniqueArray(
    fc.tuple(when, bodies).map(([day, [subject, body]]) => told(day, subject, body)),
    { maxLength: 6, selector: ({ subject, key }) => `${subject} ${key}` },
  );

const ofSubscription = aboutSubscription.map((body) => ['subscription:S', body] as const);
const ofCharge = fc.tuple(fc.constantFrom<Subject>('order-id:2', 'order-id:3'), aboutCharge);
const ties = fc.constantFrom(
  ['order-id:2', tie('subscription:S')] as const,
  ['order-id:3', tie('subscription:S')] as const,
);
const ofOrder = aboutCharge.map((body) => ['order-id:1', body] as const);

function sale({ letter, order }: Side, product: string, subscription: boolean): readonly Fact[] {
  const side = { letter, order };
  const line = nameOf(side, product);
  return [
    told(
      BEGUN,
      `order:${order}`,
      sold(line, { line, quantity: 2, price: 20, ...(subscription && { subscription: letter }) }),
      `sold ${letter}`,
    ),
    ...(order === letter ? [told(BEGUN, `order:${order}`, charged(20), `charged ${letter}`)] : []),
  ];
}

/** Plays the two sides together. Their licenses, by the letter of their products. */
function play(
  sides: readonly (readonly [Side, readonly Fact[]])[],
  isSubscribed: boolean,
  isLeaking: boolean,
) {
  const world = new World(PRODUCTS, at(BEGUN));
  for (const [side] of sides)
    world.ask(
      { order: side.order, product: nameOf(side, 'pro'), line: nameOf(side, 'pro'), quantity: 2 },
      {},
    );
  for (const [side] of sides) world.tell(sale(side, 'pro', isSubscribed));
  world.now = at(FINAL_DAY);
  for (const [side, facts] of sides) {
    // The control: facts of the second side name the first.
    const named = isLeaking ? (sides[0]?.[0] ?? side) : side;
    world.tell(facts.map((fact) => ({ ...of(named, fact), key: `${fact.key}:${side.letter}` })));
  }
  world.wait(FINAL_DAY);
  return (letter: string) => outcomes(world, ({ product }) => product.endsWith(`-${letter.toLowerCase()}`));
}

/** Whether the first side ends as it does without facts of the second. */
function check(
  bodies: fc.Arbitrary<readonly [Subject, FactBody]>,
  order: string,
  { isSubscribed = true, isLeaking = false } = {},
) {
  const [one, other]: readonly Side[] = [
    { letter: 'A', order: 'A' },
    { letter: 'B', order },
  ];
  return fc.check(
    fc.property(story(bodies), story(bodies), (first, second) => {
      if (one === undefined || other === undefined) return;
      const alone = play(
        [
          [one, first],
          [other, []],
        ],
        isSubscribed,
        isLeaking,
      )('A');
      const beside = play(
        [
          [one, first],
          [other, second],
        ],
        isSubscribed,
        isLeaking,
      )('A');
      if (JSON.stringify(alone) !== JSON.stringify(beside))
        throw new Error(`${JSON.stringify([first, second])}\n${alone}\nis not\n${beside}`);
    }),
    { numRuns: 80 },
  );
}

for (const [what, bodies, order, options] of [
  ['two subscriptions of one order', ofSubscription, 'A', {}],
  ['two subscriptions of two orders', ofSubscription, 'B', {}],
  ['the charges of two subscriptions of one order', fc.oneof(ofCharge, ties, ofSubscription), 'A', {}],
  ['the charges of two subscriptions of two orders', fc.oneof(ofCharge, ties, ofSubscription), 'B', {}],
  ['two orders of one-time sales', ofOrder, 'B', { isSubscribed: false }],
  ['two orders with subscriptions', fc.oneof(ofOrder, ofSubscription, ofCharge, ties), 'B', {}],
] as const) {
  test(`facts of one of ${what} do not affect the other`, (t) => {
    const { failed, errorInstance, seed } = check(bodies, order, options);
    t.false(failed, `seed ${seed}: ${errorInstance}`);
    t.true(check(bodies, order, { ...options, isLeaking: true }).failed, 'the control');
  });
}

const LINES = ['one', 'two'].map((id) => productOf({ id, ...TERMS }));

test('a return of one line of an order does not affect the other line', (t) => {
  const back = (line: string, amounts: readonly number[]) => {
    const world = new World(LINES, at(BEGUN));
    for (const id of ['one', 'two']) world.ask({ order: 'A', product: id, line: id, quantity: 2 });
    world.tell([
      told(BEGUN, 'order:A', charged(100)),
      ...['one', 'two'].map((id) => told(BEGUN, 'order:A', sold(id, { quantity: 2, price: 40 }), id)),
    ]);
    const facts = amounts.map((amount, place) =>
      told(
        '2027-01-02',
        'order:A',
        repaid(amount, { lines: [{ line, amount, quantity: 1, full: false }] }),
        `${place}`,
      ),
    );
    world.tell(facts);
    return outcomes(world, ({ product }) => product === 'one');
  };
  fc.assert(
    fc.property(fc.array(fc.constantFrom(5, 20), { maxLength: 2 }), (amounts) => {
      t.deepEqual(back('two', amounts), back('two', []));
    }),
  );
  t.notDeepEqual(back('one', [20]), back('one', []), 'the control');
});

test('a return of one charge of a subscription does not affect another period', (t) => {
  const charges = ['2', '3', '4'] as const;
  const endAfter = (
    returned: readonly string[],
    subject: (charge: string) => Subject = (charge) => `order-id:${charge}`,
  ) => {
    const world = new World(LINES, at(BEGUN));
    world.ask({ order: 'A', product: 'one', line: 'one' });
    world.tell([
      told(BEGUN, 'order:A', sold('one', { subscription: 'S' })),
      told(BEGUN, 'subscription:S', dated('2027-02-01')),
      ...charges.flatMap((charge, place) => [
        told(`2027-0${place + 2}-01`, `order-id:${charge}`, tie('subscription:S')),
        told(
          `2027-0${place + 2}-01`,
          'subscription:S',
          paid(`2027-0${place + 3}-01`, { charge: `order-id:${charge}`, total: 9, currency: 'EUR' }),
        ),
      ]),
    ]);
    world.tell(returned.map((charge) => told('2027-06-01', subject(charge), { kind: 'refunded' })));
    return outcomes(world).join();
  };
  fc.assert(
    fc.property(fc.subarray([...charges]), (returned) => {
      const last = charges.filter((charge) => !returned.includes(charge)).at(-1);
      const day = last === undefined ? '2027-02-04' : `2027-0${Number(last) + 1}-04`;
      t.regex(endAfter(returned), new RegExp(`^one active to ${day}`));
    }),
  );
  // The control: a return of the subscription's first order is another charge's money.
  t.notDeepEqual(
    endAfter(['4'], () => 'order:A'),
    endAfter(['4']),
  );
});
