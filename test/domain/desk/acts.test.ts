/** What holds whatever a seller decides between the facts of a sale, and whenever these arrive. */
import test from 'ava';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { newestReissues } from '../../../src/domain/subscriptions/units.ts';
import {
  type ActedTale,
  actedTale,
  flagsOf,
  type Playing,
  playActs,
  showActs,
  unitsOf,
} from '../../kit/acts.ts';
import fc from '../../kit/fast-check.ts';
import type { Tale } from '../../kit/tales.ts';
import { told } from '../../kit/telling.ts';
import type { World } from '../../kit/world.ts';

const RUNS = 200;

/** Whether both ways of playing a tale come to the same units. */
function compare(one: Playing, others: fc.Arbitrary<Playing>, tales = actedTale) {
  return fc.check(
    fc.property(tales, others, (told, way) => {
      const [first, second] = [one, way].map((playing) => {
        const world = playActs(told, playing);
        return `${unitsOf(world)}\n${flagsOf(world)}`;
      });
      if (first === second) return;
      throw new Error(`${showActs(told)}\n${JSON.stringify(way)}\n${second}\nis not\n${first}`);
    }),
    { numRuns: RUNS },
  );
}

const AS_DRAWN: Playing = {};
const asDrawn = fc.constant(AS_DRAWN);
const isNoReissue: Playing = { does: ({ act }) => act !== 'reissue' };

test('a reissue changes nothing but the code', (t) => {
  const { failed, errorInstance, seed } = compare(isNoReissue, asDrawn);
  t.false(failed, `seed ${seed}: ${errorInstance}`);
});

test('the control: a reissue that forgets the decisions of before changes more', (t) => {
  const isNoDecision = ({ subject }: Fact) => !subject.startsWith('license:');
  t.true(compare(isNoReissue, fc.constant({ finds: isNoDecision })).failed);
});

const someLate = fc
  .uniqueArray(fc.nat(10), { minLength: 1, maxLength: 3 })
  .map((late): Playing => ({ late }));

/** A request is answered by what is known when it comes. */
const unasked = actedTale.map((told): ActedTale => ({ ...told, requests: [] }));

test('what was true before a decision counts the same where it is told after it', (t) => {
  const { failed, errorInstance, seed } = compare(AS_DRAWN, someLate, unasked);
  t.false(failed, `seed ${seed}: ${errorInstance}`);
});

test('the control: what is told late as of its arrival counts otherwise', (t) => {
  const lateAt = (_: Fact, now: number) => now;
  const arriving = someLate.map((playing) => ({ ...playing, lateAt }));
  t.true(compare(AS_DRAWN, arriving, unasked).failed);
});

test('a decision that is made twice changes nothing more', (t) => {
  const twice = fc.constant<Playing>({ twice: ['stopped', 'withdrawn', 'set-until', 'set-updates'] });
  const { failed, errorInstance, seed } = compare(AS_DRAWN, twice);
  t.false(failed, `seed ${seed}: ${errorInstance}`);
});

test('the control: a second reinstatement undoes what the first one left, the end of a fallback plan', (t) => {
  const day = '2027-01-05';
  const later = [
    told(day, 'subscription:S', { kind: 'deactivated', on: day }),
    told(day, 'order-id:1', { kind: 'disputed' }),
  ];
  const drawn: Tale = { bought: 'basic', quantity: 1, later, operators: [], isAsked: true };
  const acts = [{ day: '2027-01-31', place: 0, act: 'reinstated', until: day }] as const;
  const [once, twice] = [AS_DRAWN, { twice: ['reinstated'] } as const].map((playing) =>
    unitsOf(playActs({ drawn, acts, requests: [] }, playing)),
  );
  t.regex(once ?? '', /basic\/0 ended/);
  t.regex(twice ?? '', /basic\/0 active/);
});

const lastDay = fc.constantFrom(
  '2027-01-20',
  '2027-02-02',
  '2027-02-10',
  '2027-03-15',
  '2027-07-01',
  '2028-06-01',
);

/** Whether a look at everything on a day finds what the due dates alone did not bring about. */
function checkDue(begin: (told: ActedTale, day: string) => World) {
  const holds = (told: ActedTale, day: string) => {
    const world = begin(told, day);
    const settled = `${unitsOf(world)}\n${world.flagKinds}`;
    world.wait(day);
    const all = `${unitsOf(world)}\n${world.flagKinds}`;
    if (settled !== all) throw new Error(`${showActs(told)}\n${day}\n${settled}\nis not\n${all}`);
  };
  return fc.check(fc.property(actedTale, lastDay, holds), { numRuns: RUNS });
}

test('whatever time alone changes, of a license or a flag, has a due date', (t) => {
  const { failed, errorInstance, seed } = checkDue((told, until) => playActs(told, { until }));
  t.false(failed, `seed ${seed}: ${errorInstance}`);
});

test('the control: without due dates time alone changes nothing', (t) => {
  t.true(checkDue((told) => playActs(told, { until: '2027-01-05' })).failed);
});

/** The units that you revoked last, and did not reinstate, and their states. */
function revokedLast(world: World, isReinstating: boolean): readonly string[] {
  return newestReissues(world.records).flatMap(({ id, state }) => {
    const decisions = world.found.facts
      .filter(({ subject }) => subject === licenseSubject(id))
      .filter(({ body }) => body.kind === 'withdrawn' || (isReinstating && body.kind === 'reinstated'))
      .sort((a, b) => a.at - b.at);
    return decisions.at(-1)?.body.kind === 'withdrawn' ? [state] : [];
  });
}

function checkRevoked(isReinstating: boolean) {
  const holds = (told: ActedTale) => {
    const others = revokedLast(playActs(told), isReinstating).filter((state) => state !== 'revoked');
    if (others.length > 0) throw new Error(`${showActs(told)}\n${others}`);
  };
  return fc.check(fc.property(actedTale, holds), { numRuns: RUNS });
}

test('what you revoked stays revoked until you reinstate it, whatever is told, requested or reissued', (t) => {
  const { failed, errorInstance, seed } = checkRevoked(true);
  t.false(failed, `seed ${seed}: ${errorInstance}`);
});

test('the control: what you reinstated is not revoked', (t) => {
  t.true(checkRevoked(false).failed);
});
