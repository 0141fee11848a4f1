import test from 'ava';
import { bodies, bodiesOf, day, flags, read, subjects, subscription } from './reading.ts';

const CHARGED = 'subscription.charge.completed';

const item = { product: 'plan-monthly', quantity: 2, subscription: 's1', subtotal: 10, discount: 0 };

/** A rebill with webhook expansion. */
function charge(told: object = {}, items: readonly object[] = [item], more: object = {}): object {
  return {
    order: { id: 'o2', order: 'o2', reference: 'R2B', total: 12, currency: 'EUR', items },
    currency: 'EUR',
    total: 12,
    status: 'successful',
    timestamp: day('2026-11-19'),
    sequence: 2,
    subscription: subscription({ sequence: 2, ...told }),
    ...more,
  };
}

const paid = (data: object) => bodiesOf('paid', CHARGED, data);

test('a charge has its end date, amount, order and coverage (12, 64)', (t) => {
  t.deepEqual(paid(charge()), [
    {
      kind: 'paid',
      until: '2026-12-20',
      sequence: 2,
      charge: 'order-id:o2',
      total: 12,
      currency: 'EUR',
      covers: [{ line: 'plan-monthly', product: 'plan', quantity: 2 }],
      own: { line: 'plan-monthly', product: 'plan', quantity: 2 },
    },
  ]);
});

test('a charge tells what its subscription itself is for, whatever its items are (17)', (t) => {
  const addOn = { ...item, product: 'app', quantity: 1 };
  const own = (told: object) => paid(charge(told, [addOn])).map((body) => Reflect.get(body, 'own'));
  t.deepEqual(own({}), [{ line: 'plan-monthly', product: 'plan', quantity: 2 }]);
  t.deepEqual(own({ product: 'else' }), [{ line: 'else', product: null, quantity: 2 }]);
  for (const quantity of [undefined, 'many', 1_000_000])
    t.deepEqual(own({ quantity }), [{ line: 'plan-monthly', product: 'plan' }], `${quantity} units`);
  t.deepEqual(own({ product: undefined }), [undefined]);
  t.deepEqual(
    paid(charge({}, [addOn], { subscription: 's1' })).map((body) => Reflect.has(body, 'own')),
    [false],
    'an unexpanded charge',
  );
});

test('a charge is dated by its own time, not by its event’s', (t) => {
  const [fact] = read(CHARGED, charge()).facts.filter(({ body }) => body.kind === 'paid');
  t.is(fact?.at, day('2026-11-19'));
  t.is(fact?.key, 'charge:s1:o2');
});

test('the charge’s order is a charge of the subscription, and its id an alias of its reference (12)', (t) => {
  t.deepEqual(subjects(CHARGED, charge()), [
    'subscription:s1 paid',
    'order-id:o2 alias',
    'order-id:o2 alias',
  ]);
  t.deepEqual(
    bodiesOf('alias', CHARGED, charge()).map(({ of }) => of),
    ['subscription:s1', 'order:R2B'],
  );
});

test('an unexpanded charge has no date and no lines, and still is a charge', (t) => {
  const data = { order: 'o2', subscription: 's1', currency: 'EUR', total: 12, sequence: 2 };
  t.deepEqual(bodies(CHARGED, data), [
    { kind: 'paid', until: null, sequence: 2, charge: 'order-id:o2', total: 12, currency: 'EUR' },
    { kind: 'alias', of: 'subscription:s1' },
  ]);
  t.regex(read(CHARGED, data).facts[0]?.cause ?? '', /tells no date: the product's term/);
});

test('a charge of several subscriptions covers only the subscription’s own items (64)', (t) => {
  const items = [
    item,
    { product: 'team', quantity: 9, subscription: 's9' },
    { product: 'app', parentSubscription: 's1' },
  ];
  t.deepEqual(paid(charge({}, items))[0]?.covers, [
    { line: 'plan-monthly', product: 'plan', quantity: 2 },
    { line: 'app', product: 'app', quantity: 1 },
  ]);
});

test('items without a subscription belong to the charge; a charge with only other subscriptions’ items is flagged', (t) => {
  const { subscription: _, ...bare } = item;
  t.is(paid(charge({}, [bare]))[0]?.covers?.length, 1);
  const others = charge({}, [{ ...item, subscription: 's9' }]);
  t.is(paid(others)[0]?.covers, undefined);
  t.deepEqual(flags(CHARGED, others), [
    'unclear: a subscription was charged, and all items of the charge are of other subscriptions',
  ]);
});

test('a charge without items has no coverage', (t) => {
  t.is(paid(charge({}, []))[0]?.covers, undefined);
  t.deepEqual(flags(CHARGED, charge({}, [])), []);
});

test('a path without a product file is covered as null; the seller’s units count for each unit (20, 29)', (t) => {
  const items = [
    { ...item, product: 'Lumen-EDU' },
    { ...item, product: 'team', attributes: { mintmark_quantity: 4 } },
    { ...item, product: 'team' },
  ];
  t.deepEqual(paid(charge({}, items))[0]?.covers, [
    { line: 'lumen-edu', product: null, quantity: 2 },
    { line: 'team', product: 'team', quantity: 10 },
  ]);
});

test('a charge says which features the products of its items have', (t) => {
  const attributes = { mintmark_features: 'sync' };
  const covers = paid(charge({}, [{ ...item, product: 'team', attributes }]))[0]?.covers;
  t.deepEqual(covers?.[0]?.features, ['sync']);
});

test('a charge with an unreadable line has no coverage, and is flagged (6)', (t) => {
  const data = charge({}, [item, { ...item, product: 'app', quantity: 1001 }]);
  t.is(paid(data)[0]?.covers, undefined);
  t.deepEqual(flags(CHARGED, data), ['too-many-units: app has 1001 units, of at most 1000: none was read']);
  const nameless = charge({}, [item, { ...item, product: null }]);
  t.is(paid(nameless)[0]?.covers, undefined);
  t.deepEqual(flags(CHARGED, nameless), [
    'unclear: an item of a charge names no product, or less than one unit',
  ]);
});

test('proration amounts other than 0 on an own item make a proration (12, 17)', (t) => {
  const part = (more: object) => paid(charge({}, [{ ...item, ...more }]))[0]?.part;
  t.is(part({ proratedItemProratedCharge: 4 }), 'proration');
  t.is(part({ proratedItemCreditAmount: 4, proratedItemTotal: 0 }), 'proration');
  t.is(part({ proratedItemProratedCharge: 0, proratedItemTotal: 0 }), undefined);
  const ofAnother = [item, { ...item, subscription: 's9', proratedItemTotal: 4 }];
  t.is(paid(charge({}, ofAnother))[0]?.part, undefined);
});

test('a proration that names the changed units alone covers all units that its subscription states', (t) => {
  const named = (quantity: number, told: object, more: object = { proratedItemProratedCharge: 4 }) =>
    paid(charge(told, [{ ...item, quantity, ...more }]))[0]?.covers;
  const covers = (quantity: number) => [{ line: 'plan-monthly', product: 'plan', quantity }];
  t.deepEqual(named(1, { quantity: 3 }), covers(3));
  t.deepEqual(named(3, { quantity: 2 }), covers(3), 'the object may be as it was before');
  t.deepEqual(named(1, { quantity: 3, product: 'app' }), covers(1), 'another product');
  t.deepEqual(named(1, { quantity: 1001 }), covers(1), 'more than can be delivered');
  t.deepEqual(named(1, { quantity: 3 }, {}), covers(1), 'a rebill names what it pays for');
});

test('a charge of nothing is no payment, and outside a trial its subscription goes on (34, 68)', (t) => {
  const told = (state: string, total: number, more: object = {}) => {
    const data = charge({ state }, [{ ...item, ...more }], { total });
    return [paid(data)[0]?.free, bodiesOf('recovered', CHARGED, data).length];
  };
  t.deepEqual(told('trial', 0), [true, 0]);
  t.deepEqual(told('active', 0), [true, 1]);
  t.deepEqual(told('trial', 5), [undefined, 0]);
  t.deepEqual(told('active', 5), [undefined, 0]);
  t.deepEqual(told('active', 0, { proratedItemCreditAmount: 4 }), [undefined, 0], 'a proration');
  const pausing = charge({ isPauseScheduled: true }, [item], { total: 0 });
  t.deepEqual(bodiesOf('recovered', CHARGED, pausing), []);
});

test('a date counts only in active, trial and overdue, and not with a pause (7)', (t) => {
  const until = (told: object) => paid(charge(told))[0]?.until;
  t.is(until({ state: 'trial' }), '2026-12-20');
  t.is(until({ state: 'overdue' }), '2026-12-20');
  t.is(until({ state: 'paused' }), null);
  t.is(until({ isPauseScheduled: true }), null);
  t.is(until({ state: 'unheard-of' }), null);
  t.is(until({ nextChargeDate: null }), '2026-12-20', 'next stands in');
});

test('a managed or manual subscription has no dates: the charge’s day and the term count (75)', (t) => {
  t.is(paid(charge({ adhoc: true }))[0]?.until, null);
  t.is(paid(charge({ autoRenew: false }))[0]?.until, null);
  t.is(paid(charge({ autoRenew: null, adhoc: null }))[0]?.until, '2026-12-20');
  const byHand = (told: object) => paid(charge(told))[0]?.byHand;
  t.deepEqual([{ adhoc: true }, { autoRenew: false }, {}].map(byHand), [true, true, undefined]);
});

test('a charge of a manual subscription is of the period after the present one, that of a managed one is not', (t) => {
  const ahead = (told: object) => paid(charge(told))[0]?.ahead;
  const manual = { autoRenew: false };
  t.is(ahead(manual), true);
  t.deepEqual([{}, { adhoc: true }, { ...manual, adhoc: true }].map(ahead), [
    undefined,
    undefined,
    undefined,
  ]);
  const canceled = { ...manual, state: 'canceled', deactivationDate: day('2026-12-19') };
  t.is(ahead(canceled), undefined, 'its last day is told');
});

test('a charge of a subscription that is canceled stays a payment, and the cancellation stays (24)', (t) => {
  const data = charge({ state: 'canceled', deactivationDate: day('2026-12-19') });
  t.deepEqual(
    bodies(CHARGED, data).filter(({ kind }) => kind !== 'alias'),
    [
      {
        kind: 'paid',
        until: '2026-12-19',
        sequence: 2,
        charge: 'order-id:o2',
        total: 12,
        currency: 'EUR',
        covers: [{ line: 'plan-monthly', product: 'plan', quantity: 2 }],
        own: { line: 'plan-monthly', product: 'plan', quantity: 2 },
      },
      { kind: 'canceled', last: '2026-12-19' },
    ],
  );
});

test('a charge of an ending subscription without a last day moves no date, and is flagged', (t) => {
  for (const state of ['canceled', 'deactivated']) {
    const [body] = paid(charge({ state }));
    t.is(body?.until, null);
    t.is(body?.part, 'extra', 'it begins no period');
    t.is(body?.total, 12);
    t.deepEqual(flags(CHARGED, charge({ state })), [
      'unclear: a subscription that is canceled or deactivated was charged, and no last day is told: no date was moved',
    ]);
  }
});

test('a charge that names the first order links that order’s line to the subscription', (t) => {
  t.deepEqual(bodiesOf('linked', CHARGED, charge({ initialOrderReference: 'R1', initialOrderId: 'o1' })), [
    { kind: 'linked', subscription: 's1', product: 'plan', line: 'plan-monthly' },
  ]);
});

test('a charge of an order without an id is named by the reference', (t) => {
  const data = charge({}, [], { order: { reference: 'R2B', items: [] } });
  t.is(paid(data)[0]?.charge, 'order:R2B');
  t.deepEqual(subjects(CHARGED, data), ['subscription:s1 paid', 'order:R2B alias']);
});

test('a charge without an order is a payment without a charge’s name', (t) => {
  const data = charge({}, [], { order: undefined });
  t.is(paid(data)[0]?.charge, undefined);
  t.is(read(CHARGED, data).facts[0]?.key, 'subscription.charge.completed:subscription:s1:1795165200000:paid');
});

test('a charge without a subscription yields no facts', (t) => {
  t.deepEqual(bodies(CHARGED, { order: 'o2', total: 3 }), []);
});

test('a date that is not beyond the charge is of the subscription as it was before: none is told', (t) => {
  const until = (next: string, more: object = {}) => {
    const days = { next: day(next), nextChargeDate: day(next) };
    return paid(charge({ ...days, ...more }))[0]?.until;
  };
  for (const next of ['2026-11-19', '2026-10-19', '2026-11-22']) t.is(until(next), null, next);
  t.is(until('2026-11-23'), '2026-11-23');
  t.is(until('2026-11-19', { state: 'overdue' }), null);
  const prorated = charge({ next: day('2026-11-20'), nextChargeDate: day('2026-11-20') }, [
    { ...item, proratedItemChangeAmount: 5 },
  ]);
  t.is(paid(prorated)[0]?.until, '2026-11-20', 'a proration pays to the day that stays');
});
