/** The size and the state of subscriptions, as Lemon Squeezy tells them, in the ledger. */
import test from 'ava';
import {
  app,
  billed,
  LemonWorld,
  ordered,
  plus,
  refunded,
  SALE,
  soldWorld,
  stated,
  tool,
} from '../../kit/lemon-squeezy.ts';

const TO = { renews: '2026-02-10' } as const;

test('a subscription without its order issues nothing: who bought what is in the order', (t) => {
  const ledger = new LemonWorld().tell(...SALE.slice(1));
  t.deepEqual(ledger.wait('2026-01-12').licenses, []);
  t.deepEqual(ledger.tell(...SALE.slice(0, 1)).licenses, ['app 1/0 active 2026-02-24'], 'the control');
});

test('the events of a first sale are one license, in any order and repeated', (t) => {
  const orders = [SALE, SALE.toReversed(), [...SALE.slice(2), ...SALE.slice(0, 2)], [...SALE, ...SALE]];
  for (const events of orders) {
    t.deepEqual(new LemonWorld().tell(...events).licenses, ['app 1/0 active 2026-02-24']);
  }
});

test('the date of the subscription is paid by its invoice alone', (t) => {
  const moved = stated('updated', '2026-02-10', { renews: '2026-03-10' });
  const ledger = soldWorld().tell(moved);
  t.deepEqual(ledger.states, ['app active 2026-02-24'], 'it moved before anything is paid');
  ledger.tell(stated('updated', '2026-02-10', { status: 'past_due', renews: '2026-02-15' }));
  t.deepEqual(ledger.states, ['app suspended 2026-02-24'], 'that is the day of the next attempt');
  ledger.tell(billed('2026-02-15', {}, 'recovered'), billed('2026-02-15'));
  t.deepEqual(ledger.tell(stated('updated', '2026-02-15', { renews: '2026-03-10' })).states, [
    'app active 2026-03-24',
  ]);
});

test('an invoice is dated by the subscription before or after it, and by the term where nothing is told', (t) => {
  const paid = billed('2026-02-10');
  const moved = stated('updated', '2026-02-10', { renews: '2026-03-12' });
  t.deepEqual(soldWorld().tell(paid, moved).states, ['app active 2026-03-26']);
  t.deepEqual(soldWorld().tell(moved, paid).states, ['app active 2026-03-26']);
  t.deepEqual(soldWorld().tell(paid).states, ['app active 2026-03-24'], 'a month and the grace');
});

test('renewals in any order come to the same end', (t) => {
  const later = [
    billed('2026-02-10'),
    stated('updated', '2026-02-10', { renews: '2026-03-10' }),
    billed('2026-03-10'),
    stated('updated', '2026-03-10', { renews: '2026-04-10' }),
  ];
  for (const events of [later, later.toReversed(), [later[2], later[0], later[3], later[1]]]) {
    t.deepEqual(soldWorld().tell(...events.flatMap((one) => one ?? [])).states, ['app active 2026-04-24']);
  }
});

test('a trial lasts to its end, which can move, and the first payment goes on from there', (t) => {
  const trial = { status: 'on_trial', item: { ...app(), quantity: null } } as const;
  const ledger = new LemonWorld().tell(
    ordered('2026-01-10', { items: [app(2, { price: 0 })] }),
    stated('created', '2026-01-10', { ...trial, trialEnds: '2026-01-24', renews: '2026-01-24' }),
    billed('2026-01-10', { reason: 'initial', total: 0 }),
  );
  t.deepEqual(ledger.states, ['app active 2026-02-07', 'app active 2026-02-07'], 'the size is the order’s');
  ledger.tell(stated('updated', '2026-01-12', { ...trial, trialEnds: '2026-01-31', renews: '2026-01-31' }));
  t.deepEqual(ledger.states, ['app active 2026-02-14', 'app active 2026-02-14']);
  ledger.tell(stated('updated', '2026-01-31', { item: app(2), renews: '2026-02-28' }));
  t.deepEqual(ledger.states, ['app active 2026-02-14', 'app active 2026-02-14'], 'not paid yet');
  ledger.tell(billed('2026-01-31'));
  t.deepEqual(ledger.states, ['app active 2026-03-14', 'app active 2026-03-14']);
});

test('a quantity is what the subscription states, even where only its item has another time', (t) => {
  const ledger = soldWorld().tell(
    stated('updated', '2026-01-10', { ...TO, item: app(3), itemDay: '2026-01-15' }),
  );
  t.deepEqual(ledger.licenses, [
    'app 1/0 active 2026-02-24',
    'app subscription:7/0 active 2026-02-24',
    'app subscription:7/1 active 2026-02-24',
  ]);
  ledger.tell(stated('updated', '2026-01-20', TO));
  t.deepEqual(ledger.states, ['app active 2026-02-24', 'app ended 2026-02-24', 'app ended 2026-02-24']);
});

test('what is billed by usage has the quantity 0, which is no size', (t) => {
  const ledger = soldWorld().tell(
    stated('updated', '2026-01-15', { ...TO, item: app(0), isUsageBased: true }),
  );
  t.deepEqual(ledger.states, ['app active 2026-02-24']);
});

test('another variant of a product keeps its license; another product ends it and issues its own', (t) => {
  const ledger = soldWorld().tell(
    stated('updated', '2026-01-15', { item: app(1, { variant: 102 }), renews: '2027-01-15' }),
    billed('2026-01-15', { reason: 'updated' }),
  );
  t.deepEqual(ledger.states, ['app active 2027-01-29'], 'a change to yearly, billed at once');
  ledger.tell(stated('updated', '2026-01-20', { item: plus(), renews: '2027-01-15' }));
  t.deepEqual(ledger.states, ['app ended 2027-01-29', 'plus active 2027-01-29']);
});

test('a change that is billed to an earlier day than is known shortens nothing', (t) => {
  const ledger = soldWorld().tell(
    billed('2026-01-15', { reason: 'updated' }),
    stated('updated', '2026-01-15', { item: app(1, { variant: 102 }), renews: '2026-01-22' }),
  );
  t.deepEqual(ledger.states, ['app active 2026-02-24']);
});

test('a variant without a product file changes nothing and is flagged', (t) => {
  const ledger = soldWorld().tell(
    stated('updated', '2026-01-15', { ...TO, item: app(1, { variant: 999, product: 99 }) }),
  );
  t.deepEqual(ledger.states, ['app active 2026-02-24']);
  t.deepEqual(ledger.flagKinds, ['unmapped']);
});

test('an open payment suspends; active again lifts that and adds no day', (t) => {
  for (const status of ['past_due', 'unpaid']) {
    const ledger = soldWorld().tell(stated('updated', '2026-02-10', { status, renews: '2026-02-15' }));
    t.deepEqual(ledger.states, ['app suspended 2026-02-24'], status);
    ledger.tell(stated('updated', '2026-02-12', { renews: '2026-03-10' }));
    t.deepEqual(ledger.states, ['app active 2026-02-24'], status);
  }
  const failed = soldWorld().tell(billed('2026-02-10', { status: 'pending' }, 'failed'));
  t.deepEqual(failed.states, ['app suspended 2026-02-24'], 'the event of the invoice says so alone');
});

test('a pause leaves the paid days, suspends after them, and going on waits for its payment', (t) => {
  const pause = { mode: 'void', resumes_at: null };
  const ledger = soldWorld().tell(stated('paused', '2026-01-20', { status: 'paused', pause, ...TO }));
  t.deepEqual(ledger.states, ['app active 2026-02-10']);
  t.deepEqual(ledger.wait('2026-02-11').states, ['app suspended 2026-02-10']);
  ledger.tell(stated('unpaused', '2026-03-01', { renews: '2026-04-01' }));
  t.deepEqual(ledger.states, ['app active 2026-02-24'], 'the payment makes the days');
  ledger.tell(billed('2026-03-01'), stated('updated', '2026-03-01', { renews: '2026-04-01' }));
  t.deepEqual(ledger.states, ['app active 2026-04-15']);
});

test('a pause of charging alone suspends nothing, and is flagged once', (t) => {
  const paused = {
    status: 'paused',
    pause: { mode: 'free', resumes_at: '2026-05-01T00:00:00.000000Z' },
    ...TO,
  };
  const ledger = soldWorld().tell(
    stated('paused', '2026-01-20', paused),
    stated('updated', '2026-01-20', paused),
    stated('updated', '2026-02-20', paused),
  );
  t.deepEqual(ledger.states, ['app active 2026-02-24']);
  t.deepEqual(ledger.flags, [
    'unclear: the subscription is not charged and served on until 2026-05-01: renew its licenses for as long as you mean to',
  ]);
});

test('a cancellation is paid to its day, is taken back, and ends; one-time lines of the order stay', (t) => {
  const ends = { renews: '2026-02-10', ends: '2026-02-10' };
  const ledger = soldWorld().tell(
    ordered('2026-01-10', { id: 2, items: [tool()] }),
    stated('cancelled', '2026-01-20', { status: 'cancelled', ...ends }),
  );
  t.deepEqual(ledger.states, ['app active 2026-02-10', 'tool active perpetual']);
  ledger.tell(stated('resumed', '2026-01-21', TO));
  t.deepEqual(ledger.states, ['app active 2026-02-24', 'tool active perpetual']);
  ledger.tell(
    stated('cancelled', '2026-01-22', { status: 'cancelled', ...ends }),
    stated('expired', '2026-02-10', { status: 'expired', ...ends }),
  );
  t.deepEqual(ledger.states, ['app ended 2026-02-10', 'tool active perpetual']);
});

test('an expired subscription without an end ends on the day that tells it', (t) => {
  const ledger = soldWorld().tell(stated('expired', '2026-02-20', { status: 'expired', ...TO }));
  t.deepEqual(ledger.states, ['app ended 2026-02-20']);
});

test('a cancellation without an end, and an unknown status, change nothing and are flagged', (t) => {
  for (const status of ['cancelled', 'hibernating']) {
    const ledger = soldWorld().tell(stated('updated', '2026-01-20', { status, ...TO }));
    t.deepEqual(ledger.states, ['app active 2026-02-24'], status);
    t.deepEqual(ledger.flagKinds, ['unclear'], status);
  }
});

test('the refund of the order takes the first period and no later one', (t) => {
  const whole = refunded('2026-01-12', 2000, { status: 'refunded' });
  t.deepEqual(soldWorld().tell(whole).states, ['app revoked 2026-02-24']);
  const renewed = soldWorld().tell(
    billed('2026-02-10'),
    stated('updated', '2026-02-10', { renews: '2026-03-10' }),
  );
  t.deepEqual(renewed.tell(refunded('2026-02-12', 2000)).states, ['app active 2026-03-24']);
});

test('a change of quantity at the second of the last state is no repeat of it', (t) => {
  const ledger = new LemonWorld().tell(...SALE.slice(0, 3));
  const state = JSON.parse(SALE[3]?.payload ?? '');
  const { attributes } = state.data;
  attributes.first_subscription_item.quantity = 2;
  const later = new Date(Date.parse(attributes.updated_at) + 31_000).toISOString();
  attributes.first_subscription_item.updated_at = later;
  ledger.tell({ day: '2026-01-10', payload: JSON.stringify(state) });
  t.is(ledger.licenses.length, 2);
});

test('a date that no invoice pays for a day is flagged, of a running and of a cancelled subscription, until it is paid', (t) => {
  const moved = stated('updated', '2026-02-10', { renews: '2026-03-10' });
  const reason = (standing: string) =>
    `unclear: Subscription 7: ${standing} 2026-03-10. No payment confirms it, so its licenses are unchanged`;
  const ledger = soldWorld().tell(moved);
  t.deepEqual(ledger.flags, [], 'its invoice may be on its way');
  t.deepEqual(ledger.wait('2026-02-12').flags, [reason('it is active, and renews on')]);
  t.deepEqual(ledger.tell(billed('2026-02-10')).flags, []);
  const cancelled = stated('cancelled', '2026-02-20', { status: 'cancelled', ends: '2026-03-10' });
  t.deepEqual(soldWorld().tell(cancelled).wait('2026-02-22').flags, [
    reason('it is cancelled, and goes on to'),
  ]);
  t.deepEqual(soldWorld().wait('2026-02-22').flags, [], 'the control');
});
