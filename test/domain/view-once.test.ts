/** A story is viewed once: what is issued by the view changes nothing of it. */
import test from 'ava';
import fc from 'fast-check';
import type { Story } from '../../src/domain/changes.ts';
import { Draft } from '../../src/domain/draft.ts';
import type { Fact } from '../../src/domain/fact.ts';
import { issueMissing } from '../../src/domain/missing.ts';
import { readView } from '../../src/domain/view.ts';
import { factsOf, play, tale } from '../kit/tales.ts';
import { at, type World } from '../kit/world.ts';

const NOW = at('2027-06-01');

function shown({ facts, licenses }: Draft) {
  const { names, factsOf: _, ...view } = readView(facts, licenses);
  const named = facts.map(({ subject }) => [subject, names.of(subject), [...names.chargedTo(subject)]]);
  return { ...view, named };
}

/** The view of a story and further facts, before and after what is missing was issued; how many licenses that were. */
function issueOf({ rules }: World, story: Story, facts: readonly Fact[]) {
  const draft = new Draft(story);
  const news = draft.addFacts(facts);
  const before = shown(draft);
  issueMissing(draft, readView(draft.facts, draft.licenses), rules, { now: NOW, news, codes: [] });
  return { before, after: shown(draft), issued: draft.licenses.length - story.licenses.length };
}

test('the view of a story is the same when what was missing is there', (t) => {
  let issued = 0;
  fc.assert(
    fc.property(tale, fc.nat(10), (drawn, place) => {
      const facts = factsOf(drawn);
      const world = play(drawn, [facts.slice(0, place)]);
      // Also with all of it missing, as in a ledger that was lost.
      for (const licenses of [world.story.licenses, []]) {
        const one = issueOf(world, { ...world.story, licenses }, facts.slice(place));
        t.deepEqual(one.after, one.before);
        issued += one.issued;
      }
    }),
    { numRuns: 500 },
  );
  t.true(issued > 500, `${issued} were issued`);
});

test('the control: a license that no line calls for is a line of its own', (t) => {
  const [drawn] = fc.sample(tale, { numRuns: 1, seed: 1 });
  if (drawn === undefined) throw new TypeError('no tale');
  const { story } = play({ ...drawn, isAsked: true }, []);
  t.notDeepEqual(shown(new Draft(story)).lines, shown(new Draft({ ...story, licenses: [] })).lines);
});
