/** Stories drawn by fast-check: an order with a subscription and a line that is sold once, and later facts. */

import type { LedgerLicense } from '../../src/domain/changes.ts';
import type { Fact, FactBody, Subject } from '../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../src/domain/facts/license-subject.ts';
import fc from './fast-check.ts';
import { productOf } from './product.ts';
import { charged, covers, dated, outcomes, paid, repaid, sold, tie, told } from './telling.ts';
import { at, PLAIN_MINTER, World } from './world.ts';

const PRODUCTS = [
  productOf({ id: 'pro', term: 'P1M', grace: 'P3D', updates: 'P1Y' }),
  productOf({ id: 'basic', term: 'P1M', grace: 'P3D', ended: 'fallback' }),
  productOf({ id: 'app', term: 'perpetual', updates: 'P1Y' }),
  productOf({ id: 'team', term: 'P1M', quantity: 'seats', seats: 5, refund: 'keep' }),
];

const BEGUN = '2027-01-01';
const FINAL_DAY = '2027-12-15';

/** The order A: a line that a subscription renews, and a line that is sold once. */
function saleOf(product: string, quantity: number): Fact[] {
  const price = 10 * quantity;
  return [
    told(BEGUN, 'order-id:1', tie('order:A')),
    told(BEGUN, 'order:A', charged(price + 30), 'charged:1'),
    told(BEGUN, 'order:A', sold(product, { quantity, subscription: 'S', price }), 'sold:1:1'),
    told(BEGUN, 'order:A', sold('app', { price: 30 }), 'sold:1:2'),
    told(BEGUN, 'order:A', { ...sold(null), line: 'else' }, 'sold:1:3'),
  ];
}

const product = fc.constantFrom('pro', 'basic', 'team');
const anyProduct = fc.constantFrom<string | null>('pro', 'basic', 'team', null);
const quantity = fc.integer({ min: 1, max: 3 });
/** Few days, so that several facts share a day. */
const DAYS = [
  '2027-01-02',
  '2027-01-05',
  '2027-01-31',
  '2027-02-01',
  '2027-02-03',
  '2027-03-01',
  '2027-03-02',
  '2027-06-01',
  '2027-11-30',
] as const;
export const when = fc.constantFrom(...DAYS);
const day = fc.constantFrom(...DAYS, '2028-01-01');
const amount = fc.constantFrom(2, 10, 30);
const charge = fc.constantFrom<Subject>('order-id:1', 'order:A', 'order-id:2', 'order-id:3');
const part = fc.constantFrom<Partial<Extract<FactBody, { kind: 'paid' }>>>(
  {},
  {},
  { part: 'first' },
  { part: 'rebill' },
  { part: 'proration' },
  { part: 'extra' },
  { free: true },
);

const kind = <K extends FactBody['kind']>(name: K, more: object = {}) =>
  fc.constant({ kind: name, ...more } as FactBody);

/** Facts about the subscription. */
export const aboutSubscription: fc.Arbitrary<FactBody> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.option(day, { nil: null }),
        part,
        fc.option(fc.tuple(product, quantity), { nil: undefined }),
        fc.option(charge, { nil: undefined }),
      )
      .map(
        ([until, more, covered, of]): FactBody => ({
          ...paid(until, more),
          ...(of !== undefined && { charge: of, total: 10, currency: 'EUR' }),
          ...(covered && { covers: covers(covered[0], covered[1]) }),
        }),
      ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(day, fc.boolean())
      .map(([until, active]) => dated(until, active ? { active: true } : {})),
  },
  fc
    .tuple(anyProduct, fc.option(quantity, { nil: null }))
    .map(([of, count]): FactBody => ({ kind: 'resized', product: of, quantity: count, line: of ?? 'else' })),
  fc
    .tuple(anyProduct, quantity)
    .map(
      ([of, count]): FactBody => ({ kind: 'announced', product: of, quantity: count, line: of ?? 'else' }),
    ),
  fc
    .constantFrom('R1', 'R2')
    .map((order): FactBody => ({ kind: 'asked', order, line: 'pro', product: 'pro', quantity: 1 })),
  kind('overdue'),
  kind('recovered'),
  fc.oneof(
    kind('paused'),
    kind('paused', { scheduled: true }),
    day.map((last): FactBody => ({ kind: 'paused', last })),
  ),
  kind('resumed'),
  day.map((last): FactBody => ({ kind: 'canceled', last })),
  kind('uncanceled'),
  day.map((on): FactBody => ({ kind: 'deactivated', on })),
);

/** Facts about a charge: of the order itself or of a later charge. */
export const aboutCharge: fc.Arbitrary<FactBody> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        amount,
        fc.constantFrom<object>(
          {},
          { tax: true },
          { total: 30 },
          { lines: [{ line: 'app', amount: 30, quantity: 1, full: false }] },
          { lines: [{ line: 'pro', amount: 10, quantity: 1, full: false }] },
        ),
      )
      .map(([sum, more]): FactBody => repaid(sum, more)),
  },
  kind('refunded'),
  kind('charged-back'),
  kind('disputed'),
  kind('dispute-won'),
  kind('dispute-lost'),
  kind('reviewed'),
  kind('cleared'),
  kind('voided'),
  kind('voided', { unsold: true }),
  kind('returned', { product: 'pro', quantity: 1 }),
  kind('sold', { ...sold('pro'), failed: true }),
  kind('linked', { subscription: 'S' }),
  kind('mapped', { line: 'else', product: 'basic' }),
  kind('noted', { note: 'a note', flag: true }),
);

const laterFact: fc.Arbitrary<Fact> = fc
  .tuple(
    when,
    fc.oneof(
      { weight: 3, arbitrary: aboutSubscription.map((body) => ['subscription:S', body] as const) },
      { weight: 1, arbitrary: fc.tuple(charge, aboutCharge) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          ['order-id:2', tie('subscription:S')] as const,
          ['order-id:3', tie('subscription:S')] as const,
        ),
      },
    ),
  )
  .map(([on, [subject, body]]) => told(on, subject, body));

/** Decisions of an operator about the first license of the order. */
const OPERATORS = ['stopped', 'reinstated', 'withdrawn', 'set-until', 'set-updates'] as const;
const operator = fc.tuple(when, fc.constantFrom(...OPERATORS), day);

export interface Tale {
  readonly bought: string;
  readonly quantity: number;
  readonly later: readonly Fact[];
  readonly operators: readonly (readonly [string, (typeof OPERATORS)[number], string])[];
  readonly isAsked: boolean;
}

/** A marketplace tells changes that wait for their charge, or changes that take effect by themselves: none tells both. */
function ofOneMarketplace(facts: readonly Fact[]): readonly Fact[] {
  const waits = facts.some(({ body }) => body.kind === 'announced');
  return waits ? facts.filter(({ body }) => body.kind !== 'resized') : facts;
}

export const tale: fc.Arbitrary<Tale> = fc.record({
  bought: product,
  quantity,
  later: fc
    .uniqueArray(laterFact, { maxLength: 10, selector: ({ subject, key }) => `${subject} ${key}` })
    .map(ofOneMarketplace),
  operators: fc.uniqueArray(operator, { maxLength: 2, selector: ([on, name]) => `${on} ${name}` }),
  isAsked: fc.boolean(),
});

/** Facts that can arrive in any order: all but the sale itself, where the first code comes by its event. */
export function factsOf({ bought, quantity: count, later, operators, isAsked }: Tale): readonly Fact[] {
  const [license] = play({ bought, quantity: count, later, operators, isAsked: true }, []).records;
  const subject = licenseSubject(license?.id ?? new Uint8Array());
  const decided = operators.map(([on, name, until]) =>
    told(on, subject, (name.startsWith('set-') ? { kind: name, until } : { kind: name }) as FactBody),
  );
  return [...(isAsked ? saleOf(bought, count) : []), ...later, ...decided];
}

/** The sale on its day, by requests or by its event; then groups of facts, one after the other, on the last day. */
export function play(
  { bought, quantity: count, isAsked }: Tale,
  groups: readonly (readonly Fact[])[],
  lastDay = FINAL_DAY,
): World {
  const world = new World(PRODUCTS, at(BEGUN));
  if (isAsked) {
    const link: FactBody = { kind: 'linked', subscription: 'S', product: bought, line: bought };
    world.ask(
      { order: 'A', product: bought, line: bought, quantity: count },
      { facts: [told(BEGUN, 'order:A', link)], subscription: 'S' },
    );
    world.ask({ order: 'A', product: 'app', line: 'app' });
  } else world.tell(saleOf(bought, count));
  world.now = at(lastDay);
  for (const group of groups) world.tell(group);
  world.wait(lastDay);
  return world;
}

/**
 * Licenses and open flags, without the reasons of flags, which depend on the time. Without licenses that a subscription
 * left before they were delivered: these exist only if the ledger was read in between. So does one that stays for a unit
 * that the seller revoked, where fewer units are paid for later.
 */
export function endOf(world: World): string {
  const flags = world.found.flags
    // One flag a path, whichever order raised it: no story alone clears it.
    .filter(({ settledAt, kind }) => settledAt === null && kind !== 'unknown-product')
    .map(({ kind, key }) => `${kind} ${key.replace(/ again:\d+$/, '')}`)
    .sort();
  const revokes = world.found.facts.some(({ body }) => body.kind === 'withdrawn');
  return JSON.stringify({ licenses: outcomes(world, (license) => isSeen(license, revokes)), flags });
}

/** A fact on one line, for a readable counterexample. */
export function show({ at: time, subject, body: { kind: name, ...more } }: Fact): string {
  return `${new Date(time).toISOString().slice(0, 10)} ${subject} ${name} ${JSON.stringify(more)}`;
}

function isSeen({ order, state, code, handed }: LedgerLicense, revokes: boolean): boolean {
  const { lastValid } = PLAIN_MINTER.entitlementOf(code);
  // What a fallback keeps has no end. A dispute or an operator can hold it suspended.
  const isFollowed = state === 'active' || (state === 'suspended' && lastValid !== null);
  return !(order.startsWith('subscription:') && handed === null && (revokes || !isFollowed));
}
