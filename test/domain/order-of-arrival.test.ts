/** The result does not depend on how facts arrive: in any order, in parts, repeated. */
import test from 'ava';
import type { Fact, FactKind } from '../../src/domain/facts/fact.ts';
import fc from '../kit/fast-check.ts';
import { endOf, factsOf, play, show, type Tale, tale } from '../kit/tales.ts';
import { covers, dated, paid, repaid, tie, told } from '../kit/telling.ts';

const DAY = 86_400_000;
const ISSUING: ReadonlySet<FactKind> = new Set(['sold', 'paid', 'resized', 'mapped']);

/** Facts, twice in another order, and the parts into which they are cut. */
const arrival = tale.chain((drawn) => {
  const facts = factsOf(drawn);
  // Told again a day later under the same key: the earlier telling counts. A first code's days are of the telling
  // that brought it about.
  const again = facts.map((fact) => (ISSUING.has(fact.body.kind) ? fact : { ...fact, at: fact.at + DAY }));
  return fc.record({
    drawn: fc.constant(drawn),
    arriving: fc.shuffledSubarray([...facts, ...again], { minLength: 2 * facts.length }),
    size: fc.integer({ min: 1, max: 4 }),
  });
});

function partsOf(facts: readonly Fact[], size: number): Fact[][] {
  const parts: Fact[][] = [];
  for (let place = 0; place < facts.length; place += size) parts.push(facts.slice(place, place + size));
  return parts;
}

function checkArrival(
  playAll: (drawn: Tale, parts: readonly (readonly Fact[])[]) => string,
  numRuns: number,
  seed?: number,
) {
  return fc.check(
    fc.property(arrival, ({ drawn, arriving, size }) => {
      const whole = playAll(drawn, [factsOf(drawn)]);
      const end = playAll(drawn, partsOf(arriving, size));
      if (end === whole) return;
      const told = [JSON.stringify({ ...drawn, later: undefined }), ...arriving.map(show)].join('\n');
      throw new Error(`${told}\nby ${size}\n${end}\nis not\n${whole}`);
    }),
    { numRuns, ...(seed !== undefined && { seed }) },
  );
}

test('any order, any parts and any repetition of the facts give the same result', (t) => {
  const { failed, errorInstance, seed } = checkArrival((drawn, parts) => endOf(play(drawn, parts)), 300);
  t.false(failed, `seed ${seed}: ${errorInstance}`);
});

test('the control: a ledger that takes the later of two versions ends differently in some order', (t) => {
  const { failed } = checkArrival((drawn, parts) => {
    const latest = new Map<string, Fact>();
    for (const fact of parts.flat()) latest.set(fact.key, fact);
    return endOf(play(drawn, [[...latest.values()]]));
  }, 200);
  t.true(failed);
});

test('the control: a ledger that counts a repetition as a new fact ends differently', (t) => {
  const { failed } = checkArrival((drawn, parts) => {
    const all = parts.flat().map((fact, place) => ({ ...fact, key: `${fact.key}:${place}` }));
    return endOf(play(drawn, [all]));
  }, 200);
  t.true(failed);
});

const BOUGHT: Tale = { bought: 'pro', quantity: 1, later: [], operators: [], isAsked: false };
const S = 'subscription:S';

/** The end where the facts come at once, and the end where each comes alone, from the last to the first. */
const endsOf = (facts: readonly Fact[], bought = BOUGHT) =>
  [[facts], [...facts].reverse().map((fact) => [fact])].map((groups) => endOf(play(bought, groups)));

test('a path that an operator mapped is what the subscription was for, whatever is told of the same moment', (t) => {
  const day = '2027-01-02';
  const [atOnce, alone] = endsOf([
    told(day, S, { kind: 'announced', product: 'pro', quantity: 1, line: 'pro' }),
    told(day, S, { kind: 'resized', product: null, quantity: null, line: 'else' }),
    told(day, 'order-id:1', { kind: 'mapped', line: 'else', product: 'basic' }),
    told(day, S, paid(null)),
  ]);
  t.is(alone, atOnce);
});

test('a change is waited for whatever the subscription was for in between', (t) => {
  const [atOnce, alone] = endsOf([
    told('2027-06-01', S, { kind: 'announced', product: 'pro', quantity: 2, line: 'pro' }),
    told('2027-03-01', S, paid('2027-01-02', { covers: covers('pro', 1) })),
    told('2027-01-02', S, paid('2028-01-01', { covers: covers('pro', 2) })),
  ]);
  t.is(alone, atOnce);
  t.true(atOnce?.includes('unconfirmed-change'));
});

test('a subscription that changed to as many units as were sold has them, whatever a lost charge named before', (t) => {
  const day = '2027-01-02';
  const [atOnce, alone] = endsOf(
    [
      told(day, 'order-id:1', { kind: 'dispute-lost' }),
      told(day, S, { kind: 'resized', product: 'pro', quantity: null, line: 'pro' }),
      told(day, S, paid(null, { charge: 'order-id:1', covers: covers('pro', 1) })),
      told('2027-02-01', S, paid(null)),
    ],
    { ...BOUGHT, bought: 'basic', quantity: 2 },
  );
  t.is(alone, atOnce);
  t.is(atOnce?.split('pro active').length, 3);
});

test('a license that nobody got, of a plan that the subscription was for in between, decides no flag', (t) => {
  const bought: Tale = { ...BOUGHT, bought: 'team', isAsked: true };
  const day = '2027-01-02';
  const change = 'order-id:2';
  const facts = [
    told(day, S, dated(day)),
    told(day, S, { kind: 'announced', product: 'pro', quantity: 1, line: 'pro' }),
    told(day, S, { kind: 'asked', order: 'R1', line: 'pro', product: 'pro', quantity: 1 }),
    told(day, change, tie(S)),
    told(day, S, { ...paid(null, { part: 'proration', charge: change }), total: 10, currency: 'EUR' }),
    told(day, change, repaid(10)),
  ];
  const sale = factsOf(bought);
  const alone = endOf(play(bought, [...facts.map((fact) => [fact]), sale]));
  t.is(alone, endOf(play(bought, [[...sale, ...facts]])));
  t.false(alone.includes('change-returned'), 'the plan that was bought keeps refunds');
});
