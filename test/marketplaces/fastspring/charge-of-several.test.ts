/** One charge of several subscriptions, told by the events of all of them, of some, or of one. */
import test from 'ava';
import { at, World } from '../../kit/world.ts';
import { bodiesOf, day, factsOf, flags, order, read, sold, subjects, subscription } from './reading.ts';

const CHARGED = 'subscription.charge.completed';
const MONTHLY = { term: 'P1M', grace: 'P14D' } as const;
const SOLD = [sold('plan', [], MONTHLY), sold('addon', [], MONTHLY), sold('app', [])];
const tell = factsOf(SOLD);
const ITEMS = [
  { product: 'plan', quantity: 1, subtotal: 10, subscription: 's1' },
  { product: 'addon', quantity: 1, subtotal: 10, subscription: 's2' },
];

const ORDER = { id: 'o9', order: 'o9', reference: 'R9B', total: 20, currency: 'EUR' };

/** The charge of 2026-12-01, told by the event of one of its subscriptions. */
function charge(id: string, items: readonly object[] = ITEMS, more: object = {}): object {
  const dates = { nextChargeDate: day('2027-01-05'), next: day('2027-01-05') };
  return {
    order: { ...ORDER, items },
    currency: 'EUR',
    total: 20,
    timestamp: day('2026-12-01'),
    sequence: 7,
    subscription: subscription({
      id,
      subscription: id,
      product: id === 's1' ? 'plan' : 'addon',
      quantity: 1,
      sequence: 7,
      ...dates,
    }),
    ...more,
  };
}

const SALES = ['s1', 's2'].flatMap((id, place) => {
  const item = ITEMS[place] ?? {};
  const sale = order([item], { id: `o${id}`, order: `o${id}`, reference: `R${id}`, total: 10 });
  const begun = subscription({
    ...{ ...item, id, subscription: id, initialOrderReference: `R${id}` },
    ...{ nextChargeDate: day('2026-12-01'), next: day('2026-12-01') },
  });
  const created = day('2026-11-01');
  return [
    tell('order.completed', sale, `sale ${id}`, created),
    tell('subscription.activated', begun, `begun ${id}`, created + 1000),
  ];
});

/** A ledger with both subscriptions, after the events, one after the other. */
function told(...events: readonly (readonly [type: string, data: object])[]): World {
  const world = new World(SOLD, at('2026-11-01'));
  for (const facts of SALES) world.tell(facts);
  world.wait('2026-12-02');
  for (const [place, [type, data]] of events.entries())
    world.tell(tell(type, data, `e${place}`, day('2026-12-01') + 60_000 * place));
  return world;
}

const active = (until: string) => [`Rs1/plan/plan/0 active ${until}`, `Rs2/addon/addon/0 active ${until}`];
const unclear = (world: World) => world.flags.filter((flag) => !flag.startsWith('undelivered'));

test('a charge pays for each subscription that its items name, whichever of their events come, in any order', (t) => {
  const own = (id: string, seconds = 0) =>
    [CHARGED, charge(id, ITEMS, { timestamp: day('2026-12-01') + seconds * 1000 })] as const;
  t.deepEqual(told(own('s1'), own('s2')).licenses, active('2027-01-19'));
  t.deepEqual(told(own('s2'), own('s1')).licenses, active('2027-01-19'));
  t.deepEqual(told(own('s1'), own('s2', 9)).licenses, active('2027-01-19'), 'the second is later');
  t.deepEqual(told(own('s1', 9), own('s2')).licenses, active('2027-01-19'), 'the second is earlier');
  t.deepEqual(told(own('s1'), own('s2'), own('s1'), own('s2')).licenses, active('2027-01-19'), 'repeated');
  const alone = told(own('s1'));
  t.deepEqual(alone.licenses, ['Rs1/plan/plan/0 active 2027-01-19', 'Rs2/addon/addon/0 active 2027-01-15']);
  t.deepEqual(unclear(alone), []);
});

test('control: a charge pays for no subscription that its items do not name', (t) => {
  t.deepEqual(told([CHARGED, charge('s1', ITEMS.slice(0, 1))]).licenses, [
    'Rs1/plan/plan/0 active 2027-01-19',
    'Rs2/addon/addon/0 active 2026-12-15',
  ]);
});

test('the return of such a charge takes the period of each subscription, in any order', (t) => {
  const back = {
    ...{ return: 'ret', totalReturn: 20, currency: 'EUR', type: 'RETURN' },
    original: { id: 'o9', order: 'o9', reference: 'R9B', total: 20, subscriptions: ['s1', 's2'] },
    items: ITEMS.map((item) => ({ ...item, refundType: 'Full Refund' })),
  };
  const events = [
    [CHARGED, charge('s1')],
    ['return.created', back],
  ] as const;
  t.deepEqual(told(...events).licenses, active('2026-12-15'));
  t.deepEqual(told(...[...events].reverse()).licenses, active('2026-12-15'));
  t.deepEqual(told(...events, [CHARGED, charge('s2')]).licenses, active('2026-12-15'));
});

test('an add-on of a further subscription ends nothing of it, and its return takes the add-on alone', (t) => {
  const late = { timestamp: day('2026-12-10') };
  const bought = [{ ...ITEMS[0], product: 'app' }, ITEMS[1] ?? {}];
  const add = charge('s2', bought, {
    ...late,
    order: { ...ORDER, id: 'o8', order: 'o8', reference: 'R8', items: bought },
  });
  const back = {
    ...{ return: 'ret', totalReturn: 10, currency: 'EUR', type: 'RETURN' },
    original: { id: 'o8', order: 'o8', reference: 'R8', total: 20, subscriptions: ['s1', 's2'] },
    items: bought.slice(0, 1).map((item) => ({ ...item, refundType: 'Full Refund' })),
  };
  const rebill = [CHARGED, charge('s1', ITEMS.slice(0, 1))] as const;
  const ends = (world: World) => world.licenses.map((text) => text.replace(/ (\w+) .*$/, ' $1')).sort();
  const both = ['Rs1/plan/plan/0 active', 'Rs2/addon/addon/0 active'];
  t.deepEqual(ends(told(rebill, [CHARGED, add])), [...both, 'subscription:s1/app/app/0 active']);
  t.deepEqual(ends(told([CHARGED, add], rebill)), [...both, 'subscription:s1/app/app/0 active']);
  const returned = told(rebill, [CHARGED, add], ['return.created', back]);
  t.deepEqual(ends(returned), [...both, 'subscription:s1/app/app/0 revoked']);
  t.deepEqual(unclear(returned), []);
});

test('a further subscription of a charge has the money of the order, and no period number of the event’s', (t) => {
  const { facts } = read(CHARGED, charge('s1', ITEMS, { total: 10 }));
  const fact = facts.find(({ subject, body }) => subject === 'subscription:s2' && body.kind === 'paid');
  t.is(fact?.key, 'charge:s2:o9:items');
  t.like(fact?.body, { sequence: null, total: 20, until: null, charge: 'order-id:o9' });
});

test('a further subscription that is told whole has its own date', (t) => {
  const whole = subscription({ id: 's2', subscription: 's2', product: 'addon', sequence: 3 });
  const items = [ITEMS[0] ?? {}, { ...ITEMS[1], subscription: whole }];
  t.like(bodiesOf('paid', CHARGED, charge('s1', items))[1], { until: '2026-12-20', sequence: 3 });
});

test('an item of no subscription beside one that names its own is flagged, once for all events of the charge', (t) => {
  const items = [...ITEMS, { product: 'app', quantity: 1, subtotal: 5 }];
  const note = 'the charge of order R9B has an item of no subscription (app): no license was renewed for it';
  t.deepEqual(flags(CHARGED, charge('s1', items)), [`unclear: ${note}`]);
  t.is(unclear(told([CHARGED, charge('s1', items)], [CHARGED, charge('s2', items)])).length, 1);
  t.deepEqual(flags(CHARGED, charge('s1')), []);
});

test('items of a further subscription that may pay for no period of it are flagged, and renew nothing', (t) => {
  const [first, second] = ITEMS;
  const { subscription: _, ...addon } = second ?? {};
  const cases = {
    'nothing was paid for it': [first ?? {}, { ...second, subtotal: 0 }],
    'a proration of another': [{ ...first, proratedItemTotal: 4 }, second ?? {}],
    'only an add-on of it': [first ?? {}, { ...addon, parentSubscription: 's2' }],
  };
  for (const [what, items] of Object.entries(cases)) {
    const world = told([CHARGED, charge('s1', items)]);
    t.is(world.licenses[1], 'Rs2/addon/addon/0 active 2026-12-15', what);
    const isOfItems = (flag: string) => flag.includes(' has items of this subscription');
    t.is(unclear(world).filter(isOfItems).length, 1, what);
    // A proration of what was paid for before is flagged too: of further units, or of all.
    t.is(unclear(world).length, what === 'a proration of another' ? 2 : 1, what);
  }
  const prorated = ITEMS.map((item) => ({ ...item, proratedItemTotal: 4 }));
  t.deepEqual(
    bodiesOf('paid', CHARGED, charge('s1', prorated)).map(({ part }) => part),
    ['proration', 'proration'],
  );
});

test('a group’s charge pays for subscriptions that only its items name too', (t) => {
  const { order: of } = charge('s1') as { order: object };
  const data = { order: of, total: 20, currency: 'EUR', subscriptions: ['s1'] };
  t.deepEqual(
    subjects('subscription.group.payment.charge.completed', data).filter((text) => text.endsWith(' paid')),
    ['subscription:s1 paid', 'subscription:s2 paid'],
  );
});
