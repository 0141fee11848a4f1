/** Which facts the licenses of a line share: of their order, of their subscription, of its charges. */
import test from 'ava';
import type { LedgerLicense } from '../../../src/domain/changes.ts';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { readShared } from '../../../src/domain/life/shared-facts.ts';
import { readView } from '../../../src/domain/view.ts';
import { recordOf } from '../../kit/records.ts';
import { covers, dated, paid, repaid, sold, tie, told } from '../../kit/telling.ts';
import { at } from '../../kit/world.ts';

const BEGUN = '2027-01-01';
const LATER = '2027-01-10';
const S = 'subscription:S';
const asked = (order: string, product = 'extra', day = BEGUN) =>
  told(day, S, { kind: 'asked', order, line: product, product, quantity: 1 }, `asked ${order} ${product}`);
const sale = (day: string, order: string, product: string, more = {}) =>
  told(day, `order:${order}`, sold(product, { subscription: 'S', ...more }), `sold ${order} ${product}`);

/** The subscription's own order, of pro. */
const OWN = sale(BEGUN, 'A', 'pro');
/** The shared facts of a license of an order's line, or of the subscription itself. */
function sharedOf(facts: readonly Fact[], wanted: Partial<LedgerLicense> = {}) {
  const license = recordOf(wanted);
  const view = readView(facts, [license]);
  const line = view.lines.find(
    ({ order, product }) => order === license.order && product === license.product,
  );
  return readShared(license, line, view);
}
const keysOf = (facts: readonly Fact[], wanted?: Partial<LedgerLicense>) =>
  sharedOf(facts, wanted).facts.map(({ key }) => key);

test('a license of a one-time sale shares only the facts of its order', (t) => {
  const own = told(LATER, 'order:A', { kind: 'disputed' }, 'own');
  const others = [told(LATER, 'order:B', { kind: 'disputed' }, 'other'), told(LATER, S, { kind: 'overdue' })];
  const once = told(BEGUN, 'order:A', sold('pro'), 'sale');
  t.deepEqual(keysOf([once, own, ...others]), ['sale', 'own']);
  const { subscription, ownCharge, facts } = readShared(recordOf(), undefined, readView([own], []));
  t.deepEqual([subscription, ownCharge, facts], [undefined, 'order:A', [own]]);
});

test('of a further charge of the subscription only its returns and disputes concern a license', (t) => {
  const bodies: readonly FactBody[] = [
    { kind: 'refunded' },
    repaid(5),
    { kind: 'returned', product: 'pro', quantity: 1 },
    { kind: 'charged-back' },
    { kind: 'disputed' },
    { kind: 'dispute-won' },
    { kind: 'dispute-lost' },
  ];
  const others: readonly FactBody[] = [
    { kind: 'voided' },
    { kind: 'reviewed' },
    { kind: 'noted', note: 'x' },
  ];
  const on = (order: 'order:A' | 'order-id:2') =>
    [...bodies, ...others].map((body) => told(LATER, order, body, `${order} ${body.kind}`));
  const facts = [OWN, told(LATER, 'order-id:2', tie(S)), ...on('order-id:2')];
  t.deepEqual(keysOf(facts).slice(1).sort(), bodies.map(({ kind }) => `order-id:2 ${kind}`).sort());
  t.is(keysOf([OWN, ...on('order:A')]).length, 1 + bodies.length + others.length, 'of its own order all');
});

test('an add-on of a later order shares returns of its own order and of the charges, not of the first order', (t) => {
  const facts = [
    OWN,
    sale(LATER, 'B', 'extra', { companion: true }),
    told(LATER, 'order-id:2', tie(S)),
    ...(['order:A', 'order:B', 'order-id:2'] as const).map((order) =>
      told('2027-02-02', order, { kind: 'disputed' }, `disputed ${order}`),
    ),
  ];
  const disputes = (of: Partial<LedgerLicense>) =>
    keysOf(facts, of).filter((key) => key.startsWith('disputed'));
  t.deepEqual(disputes({ order: 'B', line: 'extra', product: 'extra' }), [
    'disputed order:B',
    'disputed order-id:2',
  ]);
  t.deepEqual(disputes({}), ['disputed order:A', 'disputed order-id:2']);
});

test('a later order of a product that the subscription began with or changed to is no add-on', (t) => {
  const dispute = told('2027-02-02', 'order:A', { kind: 'disputed' }, 'first order');
  const lines = [OWN, sale(BEGUN, 'A', 'basic'), dispute];
  const more = { order: 'B', line: 'pro', product: 'pro' };
  t.true(keysOf([...lines, sale(LATER, 'B', 'pro')], more).includes('first order'));
  const other = { order: 'B', line: 'extra', product: 'extra' };
  const named = told(LATER, S, { kind: 'resized', product: 'extra', quantity: 1, line: 'extra' });
  t.true(keysOf([...lines, sale(LATER, 'B', 'extra'), named], other).includes('first order'));
  t.false(keysOf([...lines, sale(LATER, 'B', 'extra')], other).includes('first order'));
});

test('a period paid before an add-on was sold pays nothing for it; its date is known', (t) => {
  const addOn = { order: 'B', line: 'extra', product: 'extra' };
  const before = [
    told('2027-01-02', S, paid('2027-02-01'), 'paid'),
    told('2027-01-03', S, dated('2027-02-03'), 'dated'),
    told('2027-01-04', S, paid(null), 'paid, no date'),
    asked('C', 'extra', '2027-01-05'),
  ];
  const companion = sale(LATER, 'B', 'extra', { companion: true });
  const others = [
    told('2027-01-06', S, { kind: 'overdue' }, 'overdue'),
    told(LATER, S, paid('2027-03-01'), 'paid at once'),
    told('2027-01-11', S, dated('2027-04-01'), 'dated later'),
  ];
  const facts = [OWN, ...before, companion, ...others];
  const shared = sharedOf(facts, addOn);
  t.deepEqual(
    shared.facts.map(({ key }) => key),
    ['sold B extra', 'overdue', 'paid at once', 'dated later'],
  );
  t.is(shared.joined?.until, '2027-02-03');
  t.is(shared.joined?.at, at(LATER));
  t.deepEqual(shared.joined?.paid, before);
  for (const [told, until] of [
    [before.slice(0, 1), '2027-02-01'],
    [before.slice(1, 2), '2027-02-03'],
    [before.slice(3), undefined],
    [[], undefined],
  ] as const) {
    const one = sharedOf([OWN, ...told, companion], addOn);
    t.is(one.joined?.until, until);
    t.deepEqual(one.facts, [companion]);
  }
  t.is(sharedOf(facts).joined, undefined, 'of the subscription’s own product');
  t.is(sharedOf(facts).facts.length, before.length + others.length, 'without the request for the add-on');
});

test('an add-on of the first order, and a license without a line, share the earlier paid periods', (t) => {
  const early = told('2026-12-31', S, dated('2027-02-01'), 'early');
  const extra = { line: 'extra', product: 'extra' };
  const together = sharedOf([early, OWN, sale(BEGUN, 'A', 'extra', { companion: true })], extra);
  t.true(together.facts.includes(early));
  const brought = sharedOf([early, OWN], { ...extra, order: S });
  t.deepEqual(brought.facts, [early]);
  t.is(brought.ownCharge, undefined);
  t.is(brought.joined, undefined);
});

test('a license issued by a subscription shares the subscription’s charges and has no charge of its own', (t) => {
  const charge = [
    told(BEGUN, 'order-id:2', tie(S)),
    told(BEGUN, S, paid('2027-02-01', { charge: 'order-id:2', covers: covers('pro') }), 'paid'),
    told(LATER, 'order-id:2', { kind: 'refunded' }, 'refunded'),
  ];
  const shared = sharedOf(charge, { order: S });
  t.is(shared.subscription?.id, 'S');
  t.is(shared.ownCharge, undefined);
  t.deepEqual(shared.facts.map(({ key }) => key).sort(), ['paid', 'refunded']);
});

test('a request is a charge of the subscription unless an event states its order as sold', (t) => {
  const request = asked('B', 'pro', LATER);
  const isShared = (...facts: readonly Fact[]) => keysOf([OWN, request, ...facts]).includes(request.key);
  t.true(isShared());
  t.false(isShared(sale(LATER, 'B', 'pro')));
  t.true(isShared(sale(LATER, 'B', 'pro', { failed: true })), 'its fulfillment failed, which is no sale');
  t.true(isShared(sale(LATER, 'B', 'pro'), told(LATER, 'order:B', tie(S))), 'told as a charge too');
});

test('a cancellation counts while no event tells the order as sold; a failed delivery tells no completed sale', (t) => {
  const canceled = told(LATER, 'order:A', { kind: 'voided', unsold: true }, 'canceled');
  const once = (more = {}) => told(BEGUN, 'order:A', sold('pro', more), 'sale');
  t.deepEqual(keysOf([canceled]), ['canceled']);
  t.deepEqual(keysOf([once(), canceled]), ['sale']);
  t.deepEqual(keysOf([once({ failed: true }), canceled]), ['sale', 'canceled']);
  const failed = told(LATER, 'order:A', { kind: 'voided' }, 'failed');
  t.deepEqual(keysOf([once(), failed]), ['sale', 'failed'], 'a payment that failed later');
});
