/** What a seller decides about licenses between the facts of a tale, each on its day, as the desk decides it. */
import type { Fact, FactBody, FactKind } from '../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../src/domain/facts/license-subject.ts';
import { unitKey } from '../../src/domain/sales/line-key.ts';
import { newestReissues } from '../../src/domain/subscriptions/units.ts';
import fc from './fast-check.ts';
import { factsOf, play, show, type Tale, tale, when } from './tales.ts';
import { told } from './telling.ts';
import { at, MARKET, PLAIN_MINTER, type World } from './world.ts';

const MINUTE = 60_000;
const ACTS = ['stopped', 'reinstated', 'withdrawn', 'set-until', 'set-updates', 'reissue'] as const;

export interface Act {
  readonly day: string;
  /** The place of the unit among those of the sale; of a reissue, among all units there are by then. */
  readonly place: number;
  readonly act: (typeof ACTS)[number];
  readonly until: string;
}

const act: fc.Arbitrary<Act> = fc.record({
  day: when,
  place: fc.nat(5),
  act: fc.constantFrom(...ACTS),
  until: fc.constantFrom('2027-06-15', '2028-03-01'),
});

/** A request for a plan under the subscription, which its marketplace then tells or not. */
interface Request {
  readonly day: string;
  readonly product: string;
}

export interface ActedTale {
  readonly drawn: Tale;
  readonly acts: readonly Act[];
  readonly requests: readonly Request[];
}

export const actedTale: fc.Arbitrary<ActedTale> = fc.record({
  drawn: tale.map((drawn) => ({ ...drawn, operators: [], isAsked: true })),
  acts: fc.array(act, { maxLength: 4 }),
  requests: fc.array(fc.record({ day: when, product: fc.constantFrom('pro', 'basic') }), { maxLength: 1 }),
});

export interface Playing {
  /** Places of facts that are told after everything else, each with its own time. */
  readonly late?: readonly number[];
  /** Acts that are done again a minute later. */
  readonly twice?: readonly Act['act'][];
  /** Whether an act is done at all. */
  readonly does?: (act: Act) => boolean;
  /** The last day of the tale; what is due is settled by its dates alone. Absent: all is told, and looked at in the end. */
  readonly until?: string;
  /** For controls: the time of a fact that is told late. */
  readonly lateAt?: (fact: Fact, now: number) => number;
  /** For controls: the facts that a reissue finds. */
  readonly finds?: (fact: Fact) => boolean;
}

/** A first code's days are of the telling that brought it about: what issues is told in time. */
const ISSUING: ReadonlySet<FactKind> = new Set(['sold', 'paid', 'resized', 'announced', 'mapped']);

export function playActs({ drawn, acts, requests }: ActedTale, playing: Playing = {}): World {
  const { late = [], twice = [], does = () => true, lateAt = ({ at: own }) => own } = playing;
  const facts = [...factsOf(drawn)].sort((a, b) => a.at - b.at);
  const [sale, later] = [false, true].map((isLater) =>
    facts.filter((fact) => fact.at > at(BEGUN) === isLater),
  ) as [Fact[], Fact[]];
  const world = play(drawn, [], BEGUN);
  world.tell(sale);
  const sold = world.records.length;
  const isLate = (fact: Fact) => late.includes(later.indexOf(fact)) && !ISSUING.has(fact.body.kind);
  const steps = [
    ...later
      .filter((fact) => !isLate(fact))
      .map((fact) => ({ at: fact.at, go: () => void world.tell([fact]) })),
    ...requests.map(({ day, product }, place) => ({
      at: at(day, 13),
      go: () => request(world, product, `Q${place}`),
    })),
    ...acts.filter(does).flatMap((one, place) => {
      const time = at(one.day, 14 + place);
      const times = twice.includes(one.act) ? [time, time + MINUTE] : [time];
      return times.map((each) => ({ at: each, go: () => decide(world, one, each, sold, playing.finds) }));
    }),
  ];
  const last = playing.until === undefined ? undefined : at(playing.until);
  for (const step of steps.sort((a, b) => a.at - b.at)) {
    if (last !== undefined && step.at > last) break;
    if (last !== undefined) world.settleDue(step.at);
    world.now = Math.max(world.now, step.at);
    step.go();
  }
  if (last !== undefined) {
    world.settleDue(last);
    return world;
  }
  world.now = Math.max(world.now, at('2027-12-01'));
  for (const fact of later.filter(isLate)) world.tell([{ ...fact, at: lateAt(fact, world.now) }]);
  // A day may come with what is due on it.
  for (const _ of [1, 2]) world.wait('2027-12-15');
  return world;
}

const BEGUN = '2027-01-01';

function request(world: World, product: string, order: string): void {
  const body = { kind: 'asked', order, line: product, product, quantity: 1 } as const;
  const asked = { ...told(BEGUN, 'subscription:S', body, `asked ${order}`), at: world.now };
  world.ask({ order, product, line: product }, { subscription: 'S', facts: [asked] });
}

/** About the newest license of a unit: a decision about a former one is refused. */
function decide(
  world: World,
  { act: name, until, place }: Act,
  time: number,
  sold: number,
  finds?: Playing['finds'],
): void {
  const keys = [...new Set(world.records.map(unitKey))];
  const key = keys[place % (name === 'reissue' ? keys.length : sold)];
  const newest = newestReissues(world.records).find((one) => unitKey(one) === key);
  if (newest === undefined) throw new TypeError('no unit was sold');
  const subject = licenseSubject(newest.id);
  const fact = (body: FactBody): Fact => {
    const own = `operator:${name}:${subject}:${time}`;
    return { ...MARKET, subject, key: own, at: time, cause: `${name} by ada: ticket 17`, body };
  };
  if (name === 'reissue') world.reissue(newest.id, fact({ kind: 'withdrawn' }), finds);
  else if (name === 'set-until' || name === 'set-updates') world.decide(fact({ kind: name, until }));
  else world.decide(fact({ kind: name }));
}

/**
 * The newest license of each unit, without the day of issue, which is of its telling. One that the subscription left before
 * anybody got it exists only if the ledger was read in between.
 */
export function unitsOf(world: World): string {
  const units = newestReissues(world.records).filter(
    ({ order, handed, state }) =>
      !(order.startsWith('subscription:') && handed === null && state !== 'active'),
  );
  const lines = units.map(({ order, line, product, unit, state, code }) => {
    const { issued: _, ...entitlement } = PLAIN_MINTER.entitlementOf(code);
    return `${order} ${line} ${product}/${unit} ${state} ${state === 'revoked' ? '' : JSON.stringify(entitlement)}`;
  });
  return lines.sort().join('\n');
}

/** Open flags. Whether a code was handed out, a reissue changes. */
export function flagsOf(world: World): string {
  return world.found.flags
    .filter(
      ({ settledAt, kind }) => settledAt === null && kind !== 'undelivered' && kind !== 'unknown-product',
    )
    .map(({ kind, key }) => `${kind} ${key.replace(/ again:\d+$/, '')}`)
    .sort()
    .join('\n');
}

/** For a counterexample that a person can read. */
export function showActs({ drawn, acts, requests }: ActedTale): string {
  const { bought, quantity } = drawn;
  const facts = [...factsOf(drawn)].sort((a, b) => a.at - b.at).map(show);
  return [
    JSON.stringify({ bought, quantity, requests }),
    ...facts,
    ...acts.map((one) => JSON.stringify(one)),
  ].join('\n');
}
