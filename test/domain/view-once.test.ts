/** The view is made once: licenses issued from the view do not change it. */
import test from 'ava';
import type { Found } from '../../src/domain/changes.ts';
import { Draft } from '../../src/domain/draft.ts';
import type { Fact } from '../../src/domain/facts/fact.ts';
import { issueMissing } from '../../src/domain/life/missing.ts';
import { readView } from '../../src/domain/view.ts';
import fc from '../kit/fast-check.ts';
import { factsOf, play, tale } from '../kit/tales.ts';
import { at, type World } from '../kit/world.ts';

const NOW = at('2027-06-01');

function shown({ facts, licenses }: Draft) {
  const { names, factsOf: _, ...view } = readView(facts, licenses);
  const named = facts.map(({ subject }) => [subject, names.of(subject), [...names.chargedTo(subject)]]);
  return { ...view, named };
}

/** The view of loaded and further facts, before and after missing licenses are issued, and their number. */
function issueOf({ rules }: World, found: Found, facts: readonly Fact[]) {
  const draft = new Draft(found);
  const news = draft.addFacts(facts);
  const before = shown(draft);
  issueMissing(draft, readView(draft.facts, draft.licenses), rules, { now: NOW, news, codes: [] });
  return { before, after: shown(draft), issued: draft.licenses.length - found.licenses.length };
}

test('the view is the same after missing licenses are issued', (t) => {
  let issued = 0;
  fc.assert(
    fc.property(tale, fc.nat(10), (drawn, place) => {
      const facts = factsOf(drawn);
      const world = play(drawn, [facts.slice(0, place)]);
      // Also without any license, as in a lost ledger.
      for (const licenses of [world.found.licenses, []]) {
        const one = issueOf(world, { ...world.found, licenses }, facts.slice(place));
        t.deepEqual(one.after, one.before);
        issued += one.issued;
      }
    }),
    { numRuns: 500 },
  );
  t.true(issued > 500, `${issued} were issued`);
});

test('the control: a license without a line is a line of its own', (t) => {
  const [drawn] = fc.sample(tale, { numRuns: 1, seed: 1 });
  if (drawn === undefined) throw new TypeError('no tale');
  const { found } = play({ ...drawn, isAsked: true }, []);
  t.notDeepEqual(shown(new Draft(found)).lines, shown(new Draft({ ...found, licenses: [] })).lines);
});
