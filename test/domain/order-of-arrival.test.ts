/** The result does not depend on how facts arrive: in any order, in parts, repeated. */
import test from 'ava';
import fc from 'fast-check';
import type { Fact, FactKind } from '../../src/domain/fact.ts';
import { endOf, factsOf, play, show, type Tale, tale } from '../kit/tales.ts';

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
  const { failed, errorInstance } = checkArrival((drawn, parts) => endOf(play(drawn, parts)), 200);
  t.false(failed, String(errorInstance));
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
