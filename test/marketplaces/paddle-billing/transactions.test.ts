/** Sales, paid periods and open payments, as Paddle Billing’s transactions tell them, in the ledger. */
import test from 'ava';
import {
  adjusted,
  BillingWorld,
  billed,
  completed,
  event,
  once,
  recurring,
  renewed,
  SALE,
  soldWorld,
  stated,
  TOOL,
} from '../../kit/paddle-billing.ts';

test('a sale issues a license for each unit of each line, without a request', (t) => {
  const ledger = new BillingWorld().tell(
    completed('2026-01-10', [once('pri_tool', 2), recurring('pri_year')]),
  );
  t.deepEqual(ledger.licenses, [
    'app txn_1/0 active 2026-02-24',
    'tool txn_1/0 active perpetual',
    'tool txn_1/1 active perpetual',
  ]);
});

test('a product file may name the product instead of the price; the price decides where both are listed', (t) => {
  const files = [billed('all', ['pro_tool']), TOOL];
  const ledger = new BillingWorld(files).tell(completed('2026-01-10', [once('pri_tool'), once('pri_plus')]));
  t.deepEqual(ledger.states, ['tool active perpetual']);
  t.deepEqual(new BillingWorld().tell(completed('2026-01-10', [once('pri_plus')])).states, [
    'plus active 2026-02-24',
  ]);
});

test('a price that no product file names is a line without a product: undelivered and flagged', (t) => {
  const ledger = new BillingWorld().tell(completed('2026-01-10', [once('pri_else'), once()]));
  t.deepEqual(ledger.states, ['tool active perpetual']);
  t.true(ledger.flagKinds.includes('unknown-product'), ledger.flags.join());
});

test('only a completed transaction sells: neither paid nor billed nor a draft does', (t) => {
  for (const status of ['draft', 'ready', 'billed', 'paid', 'canceled', 'past_due']) {
    const ledger = new BillingWorld().tell(completed('2026-01-10', [once()], { status }));
    t.deepEqual(ledger.licenses, [], status);
  }
});

test('a renewal is paid by its transaction; the period that the subscription states before proves nothing', (t) => {
  const ledger = soldWorld().tell(stated('updated', '2026-02-10', [recurring()], { until: '2026-03-10' }));
  t.deepEqual(ledger.states, ['app active 2026-02-24']);
  ledger.tell(renewed('2026-02-10', '2026-03-10'));
  t.deepEqual(ledger.states, ['app active 2026-03-24']);
  t.deepEqual(ledger.flags, []);
});

test('a sale that names its subscription only by subscription.created is renewed all the same', (t) => {
  const [activated, created] = SALE;
  const ledger = new BillingWorld().tell(completed('2026-01-10', [recurring()]), activated!, created!);
  t.deepEqual(ledger.tell(renewed('2026-02-10', '2026-03-10')).licenses, ['app txn_1/0 active 2026-03-24']);
});

test('a renewal of a subscription without a sale is no sale: it is undelivered and flagged', (t) => {
  const ledger = new BillingWorld().tell(
    stated('updated', '2026-02-10', [recurring()], { until: '2026-03-10' }),
    renewed('2026-02-10', '2026-03-10'),
  );
  t.deepEqual(ledger.licenses, []);
  ledger.tell(stated('updated', '2026-02-11', [recurring()], { until: '2026-03-10' }));
  t.deepEqual(ledger.flagKinds, ['undelivered']);
});

test('the period of an invoice counts, whatever trial its prices have', (t) => {
  const items = [recurring('pri_month', 1, { trial: 14 })];
  const invoice = completed('2026-01-10', items, {
    subscription: 'sub_1',
    until: '2026-02-10',
    origin: 'api',
  });
  const manual = { ...invoice, payload: invoice.payload.replace('"automatic"', '"manual"') };
  t.deepEqual(new BillingWorld().tell(manual).states, ['app active 2026-02-24']);
});

test('a change that is paid to an earlier day than is known shortens nothing', (t) => {
  const ledger = soldWorld().tell(
    renewed('2026-02-10', '2027-02-10'),
    renewed('2026-03-01', '2026-04-01', { origin: 'subscription_update' }),
  );
  t.deepEqual(ledger.states, ['app active 2027-02-24']);
});

test('a transaction that is past due suspends; an attempt that failed does not', (t) => {
  const failed = (type: string) => {
    const told = renewed('2026-02-10', '2026-03-10', { status: 'past_due' });
    return { ...told, payload: told.payload.replace('transaction.completed', type) };
  };
  t.deepEqual(soldWorld().tell(failed('transaction.past_due')).states, ['app suspended 2026-02-24']);
  t.deepEqual(soldWorld().tell(failed('transaction.payment_failed')).states, ['app active 2026-02-24']);
});

test('a sale at a discount of 100 % is a sale', (t) => {
  const free = { isFree: true };
  const ledger = new BillingWorld().tell(completed('2026-01-10', [once()], free));
  t.deepEqual(ledger.states, ['tool active perpetual']);
  const subscribed = new BillingWorld().tell(
    completed('2026-01-10', [recurring()], { ...free, subscription: 'sub_1', until: '2026-02-10' }),
    renewed('2026-02-10', '2026-03-10', free),
  );
  t.deepEqual(subscribed.states, ['app active 2026-03-24']);
});

test('one-time items on a subscription are a sale of their own, which does not end with it', (t) => {
  const ledger = soldWorld().tell(
    completed('2026-01-15', [once()], {
      id: 'txn_2',
      origin: 'subscription_charge',
      subscription: 'sub_1',
      until: '2026-02-10',
    }),
    renewed('2026-02-10', '2026-03-10', { items: [recurring(), once('pri_tool', 2)], id: 'txn_3' }),
    stated('canceled', '2026-02-15', [recurring()], { status: 'canceled' }),
  );
  t.deepEqual(ledger.licenses, [
    'app txn_1/0 ended 2026-02-15',
    'tool txn_2/0 active perpetual',
    'tool txn_3/0 active perpetual',
    'tool txn_3/1 active perpetual',
  ]);
  ledger.tell(adjusted('2026-02-16', { transaction: 'txn_2' }));
  t.deepEqual(ledger.states, [
    'app ended 2026-02-15',
    'tool revoked perpetual',
    'tool active perpetual',
    'tool active perpetual',
  ]);
});

test('a stored payment method sells and pays nothing', (t) => {
  const origin = 'subscription_payment_method_change';
  const ledger = soldWorld().tell(
    renewed('2026-01-20', '2027-01-20', { origin, items: [recurring(), once()] }),
  );
  t.deepEqual(ledger.states, ['app active 2026-02-24']);
});

test('a second checkout that names a known subscription is a charge of it: no second license, no shorter date, one flag', (t) => {
  const again = (until: string, more: Parameters<typeof completed>[2] = {}) =>
    completed('2026-01-20', [recurring(), once()], { id: 'txn_2', subscription: 'sub_1', until, ...more });
  for (const [told, until] of [
    [again('2026-01-25'), '2026-02-24'],
    [again('2026-03-10'), '2026-03-24'],
    [again('2026-03-10', { origin: 'api' }), '2026-03-24'],
  ] as const) {
    const ledger = new BillingWorld().tell(...SALE, told);
    t.deepEqual(ledger.licenses, [`app txn_1/0 active ${until}`, 'tool txn_2/0 active perpetual']);
    t.is(ledger.flags.length, 1);
    t.regex(ledger.flags.join(), /^unclear: txn_2 was sold as the beginning of subscription sub_1/);
  }
});

test('the refund of a second checkout takes what it paid, and nothing of the first', (t) => {
  for (const until of ['2026-02-10', '2026-01-25', '2026-03-10']) {
    const again = completed('2026-01-20', [recurring()], { id: 'txn_2', subscription: 'sub_1', until });
    const ledger = new BillingWorld().tell(...SALE, again, adjusted('2026-01-25', { transaction: 'txn_2' }));
    t.deepEqual(ledger.states, ['app active 2026-02-24'], until);
  }
});

test('control: a checkout of another subscription, and the same checkout told again, are not flagged', (t) => {
  const other = completed('2026-01-20', [recurring()], {
    id: 'txn_2',
    subscription: 'sub_2',
    until: '2026-02-20',
  });
  const ledger = new BillingWorld().tell(...SALE, ...SALE, other);
  t.deepEqual(ledger.licenses, ['app txn_1/0 active 2026-02-24', 'app txn_2/0 active 2026-03-06']);
  t.deepEqual(ledger.flags, []);
});

test('a product that a second checkout adds is issued once the subscription states it', (t) => {
  const plus = recurring('pro_plus');
  const again = completed('2026-01-20', [plus], { id: 'txn_2', subscription: 'sub_1', until: '2026-02-20' });
  const states = stated('updated', '2026-01-20', [recurring(), plus], { until: '2026-02-20' });
  for (const events of [
    [again, states],
    [states, again],
  ]) {
    const { states: licenses } = new BillingWorld().tell(...SALE, ...events);
    t.deepEqual(licenses, ['app active 2026-03-06', 'plus active 2026-03-06']);
  }
});

test('what is not known is flagged, and takes nothing', (t) => {
  const origin = renewed('2026-02-10', '2026-03-10', { origin: 'subscription_future' });
  t.deepEqual(soldWorld().tell(origin).states, ['app active 2026-03-24'], 'money for a period is a period');
  t.deepEqual(soldWorld().tell(origin).flagKinds, ['unclear']);
  for (const unknown of [
    stated('updated', '2026-01-20', [recurring()], { status: 'dormant' }),
    adjusted('2026-01-20', { action: 'levy' }),
    adjusted('2026-01-20', { status: 'postponed' }),
  ]) {
    t.deepEqual(soldWorld().tell(unknown).states, ['app active 2026-02-24']);
    t.deepEqual(soldWorld().tell(unknown).flagKinds, ['unclear']);
  }
});

test('an origin that is not known sells, unless a subscription was there before, and is flagged', (t) => {
  for (const origin of ['mobile', '']) {
    const world = new BillingWorld().tell(completed('2026-01-10', [recurring(), once()], { origin }));
    t.deepEqual([world.states.length, world.flagKinds], [2, ['unclear']], origin);
  }
  const later = { origin: 'mobile', subscription: 'sub_1', id: 'txn_2', until: '2026-03-10' };
  const world = soldWorld().tell(completed('2026-02-10', [recurring()], later));
  t.deepEqual([world.licenses, world.flagKinds], [['app txn_1/0 active 2026-03-24'], ['unclear']]);
});

test('what is completed and not understood is flagged, though nothing says whose it is', (t) => {
  const told = JSON.parse(completed('2026-01-10', [once()]).payload).data;
  const recurs = JSON.parse(completed('2026-01-10', [recurring()]).payload).data;
  for (const data of [
    { ...told, status: undefined },
    { ...told, status: 'settled' },
    { ...told, items: null },
    { ...told, items: [{ price: { id: 'pri_tool' }, quantity: null }] },
    { ...recurs, origin: 'subscription_recurring' },
  ]) {
    const world = new BillingWorld().tell(event('transaction.completed', '2026-01-10', data));
    t.deepEqual([world.licenses, world.flagKinds], [[], ['undelivered']], JSON.stringify(data));
  }
  const other = {
    ...recurs,
    origin: 'subscription_recurring',
    items: [{ price: { id: 'pri_else', billing_cycle: {} }, quantity: 1 }],
  };
  const world = new BillingWorld().tell(event('transaction.completed', '2026-01-10', other));
  t.deepEqual(world.flagKinds, [], 'the control: not ours');
});

test('an item that does not say whether it is billed again is not sold by a renewal, and is flagged', (t) => {
  const { payload } = renewed('2026-02-10', '2026-03-10');
  const { data } = JSON.parse(payload);
  const [item] = data.items;
  for (const price of [undefined, { id: 'pri_month' }, { id: 'pri_month', billing_cycle: 'month' }]) {
    const told = event('transaction.completed', '2026-02-10', { ...data, items: [{ ...item, price }] });
    const world = soldWorld().tell(told);
    t.deepEqual([world.licenses, world.flagKinds], [['app txn_1/0 active 2026-03-24'], ['unclear']]);
  }
  const sale = JSON.parse(completed('2026-01-10', [once()]).payload).data;
  delete sale.items[0].price.billing_cycle;
  const sold = new BillingWorld().tell(event('transaction.completed', '2026-01-10', sale));
  t.deepEqual([sold.states, sold.flagKinds], [['tool active perpetual'], []], 'a checkout sells it');
});
