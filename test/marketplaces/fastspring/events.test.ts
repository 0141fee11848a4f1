import { rmSync } from 'node:fs';
import test from 'ava';
import {
  batchOf,
  type Data,
  day,
  deliver,
  type EventText,
  FileOwner,
  type Market,
  only,
  openMarket,
  told,
} from '../../support/fastspring.ts';
import { startHome } from '../../support/service.ts';

const owner = new FileOwner();
let market: Market;
test.before(async () => {
  market = await openMarket(owner);
});
test.after.always(() => owner.end());

/** Webhook expansion: references are ids, or the objects themselves. */
const FORMS = ['unexpanded', 'expanded'] as const;
type Form = (typeof FORMS)[number];

const sold = day('2026-11-01');

/** A subscription as FastSpring tells it. */
function subscriptionData(id: string, form: Form, more: Data = {}): Data {
  const path = typeof more['product'] === 'string' ? more['product'] : 'plan-monthly';
  return {
    id,
    subscription: id,
    active: true,
    state: 'active',
    live: true,
    account: form === 'expanded' ? { id: 'account', account: 'account' } : 'account',
    quantity: 1,
    sequence: 1,
    next: day('2026-12-01'),
    nextChargeDate: day('2026-12-01'),
    end: null,
    canceledDate: null,
    deactivationDate: null,
    ...more,
    product: form === 'expanded' ? { product: path, parent: null, display: {} } : path,
  };
}

interface Item {
  readonly product: string;
  readonly quantity?: number | string;
  readonly subscription?: string;
  readonly attributes?: Data;
  readonly more?: Data;
}

function completed(order: string, form: Form, items: readonly Item[], more: Data = {}): EventText {
  const data = {
    order: `${order}-id`,
    id: `${order}-id`,
    reference: order,
    live: true,
    completed: true,
    account: form === 'expanded' ? { id: 'account' } : 'account',
    customer: { first: 'Grace', last: 'Hopper', email: 'grace@example.com' },
    items: items.map(({ product, quantity = 1, subscription, attributes, more: rest }) => ({
      product,
      quantity,
      ...(attributes && { attributes }),
      ...(subscription && {
        subscription:
          form === 'expanded' ? subscriptionData(subscription, 'unexpanded', { product }) : subscription,
      }),
      fulfillments: {},
      ...rest,
    })),
    ...more,
  };
  return market.event('order.completed', data, { created: sold });
}

let orders = 0;
/** A sold subscription of one license, and how to tell of it. */
async function subscribe(form: Form, product = 'plan-monthly') {
  orders += 1;
  const order = `S-${orders}`;
  const id = `sub-${orders}`;
  await market.tell(completed(order, form, [{ product, subscription: id }]));
  const data = (more: Data = {}) => subscriptionData(id, form, { product, ...more });
  return {
    order,
    id,
    data,
    tell: (type: string, more: Data = {}) => market.tell(market.event(type, data(more))),
    charge: (more: Data) => {
      const data = {
        order:
          form === 'expanded' ? { id: `${order}B-id`, reference: `${order}B`, items: [] } : `${order}B-id`,
        sequence: 2,
        status: 'successful',
        subscription:
          form === 'expanded' ? subscriptionData(id, form, { product, sequence: 2, ...more }) : id,
      };
      return market.tell(market.event('subscription.charge.completed', data, { created: day('2026-12-01') }));
    },
    told: async () => told(await market.find(order)).join(),
  };
}

for (const form of FORMS) {
  test(`order.completed issues what no request asked for, and names customer and subscription (${form})`, async (t) => {
    const { order, id } = await subscribe(form);
    const license = await only(t, market, order);
    t.is(license.state, 'active');
    t.is(license.subscription, id);
    t.is(license.issued, '2026-11-01', 'the day of sale is the marketplace’s');
    t.is(market.home.reader('plan', { liveOnly: true }).read(license.code).verdict, 'valid');
    const { out } = await market.cli(['license', 'show', license.id]);
    t.regex(out, /Grace Hopper, grace@example\.com/);
  });

  test(`subscription.activated and .updated set the day of the next charge with the grace (${form})`, async (t) => {
    const { tell, told: now } = await subscribe(form);
    await tell('subscription.activated', { nextChargeDate: day('2026-12-05') });
    t.is(await now(), 'plan 0: active to 2026-12-19, 1');
    await tell('subscription.updated', { nextChargeDate: day('2026-12-07') });
    t.is(await now(), 'plan 0: active to 2026-12-21, 1');
  });

  test(`an activated subscription finds its first order by reference or id, in any order (${form})`, async (t) => {
    for (const name of ['initialOrderReference', 'initialOrderId']) {
      const order = `A-${form}-${name}`;
      const value = name === 'initialOrderId' ? `${order}-id` : order;
      const data = subscriptionData(`sub-${order}`, form, {
        [name]: value,
        nextChargeDate: day('2027-03-01'),
      });
      await market.tell(
        market.event('subscription.activated', data),
        completed(order, form, [{ product: 'plan-monthly' }]),
      );
      t.deepEqual(told(await market.find(order)), ['plan 0: active to 2027-03-15, 1']);
    }
  });

  test(`subscription.updated follows a change of quantity and of product (${form})`, async (t) => {
    const { order, tell } = await subscribe(form);
    await tell('subscription.updated', { quantity: 3 });
    t.deepEqual(
      (await market.find(order)).map(({ unit, state }) => `${unit} ${state}`),
      ['0 active', '1 active', '2 active'],
    );
    await tell('subscription.updated', { quantity: 1 });
    t.deepEqual(
      (await market.find(order)).map(({ state }) => state),
      ['active', 'ended', 'ended'],
    );
    await tell('subscription.updated', { product: 'plan-yearly' });
    t.is((await market.find(order))[0]!.state, 'active', 'a variation of the same product');
    await tell('subscription.updated', { product: 'other' });
    const licenses = await market.find(order);
    t.deepEqual(
      licenses.filter(({ state }) => state === 'active').map(({ product }) => product),
      ['other'],
    );
  });

  test(`seats follow the quantity of the subscription (${form})`, async (t) => {
    const { order, tell } = await subscribe(form, 'team');
    await tell('subscription.updated', { quantity: 4 });
    const license = await only(t, market, order);
    t.is(license.seats, 20);
    t.is(license.revision > 0, true);
  });

  test(`subscription.charge.completed renews to the told day or, without one, by the term (${form})`, async (t) => {
    const { order, charge } = await subscribe(form);
    const before = await only(t, market, order);
    await charge({ nextChargeDate: day('2027-01-08') });
    const after = await only(t, market, order);
    t.is(after.id, before.id);
    t.true(after.revision > before.revision);
    t.is(after.lastValid, form === 'expanded' ? '2027-01-22' : '2027-01-15');
    t.is(/tells no date: the product's term/.test(after.history.at(-1)!.cause), form === 'unexpanded');
  });

  test(`reminders and failed charges stand in the history and change nothing (${form})`, async (t) => {
    const { order, id, tell, data } = await subscribe(form);
    const before = await only(t, market, order);
    await tell('subscription.payment.reminder');
    await tell('subscription.trial.reminder');
    await market.tell(
      market.event('subscription.charge.failed', {
        reason: 'EXPIRED_CARD',
        account: 'account',
        subscription: form === 'expanded' ? data() : id,
      }),
    );
    const after = await only(t, market, order);
    t.deepEqual([after.state, after.code], [before.state, before.code]);
    t.is(after.history.length, before.history.length + 3);
  });

  test(`an overdue payment suspends, told once or more, until it is paid (${form})`, async (t) => {
    const { tell, charge, told: now } = await subscribe(form);
    await tell('subscription.payment.overdue', { state: 'overdue' });
    await tell('subscription.payment.overdue', { state: 'overdue' });
    t.regex(await now(), /suspended/);
    await charge({ nextChargeDate: day('2027-01-01') });
    t.regex(await now(), /active/);
  });

  test(`with overdue: keep it stays active, and with refund: keep a return leaves it (${form})`, async (t) => {
    const { order, tell, told: now } = await subscribe(form, 'patient');
    await tell('subscription.payment.overdue', { state: 'overdue' });
    t.regex(await now(), /active/);
    await market.tell(returned(order, form, { totalReturn: 20 }));
    t.regex(await now(), /active/);
  });

  test(`a canceled subscription is valid to its last paid day, without grace, and ends then (${form})`, async (t) => {
    const { tell, told: now } = await subscribe(form);
    const ending = {
      state: 'canceled',
      canceledDate: day('2026-11-10'),
      deactivationDate: day('2026-11-30'),
    };
    await tell('subscription.canceled', ending);
    t.is(await now(), 'plan 0: active to 2026-11-30, 1');
    await tell('subscription.uncanceled');
    t.is(await now(), 'plan 0: active to 2026-12-15, 1', 'undone');
    await tell('subscription.canceled', ending);
    await tell('subscription.deactivated', { ...ending, state: 'deactivated', nextChargeDate: null });
    t.is(await now(), 'plan 0: ended to 2026-11-30, 1');
  });

  test(`deactivated ends at deactivationDate, else end, else the event (${form})`, async (t) => {
    const gone = { state: 'deactivated', active: false, nextChargeDate: null, next: day('2027-12-01') };
    for (const [dates, last] of [
      [{ deactivationDate: day('2026-11-20'), end: day('2026-11-25') }, '2026-11-20'],
      [{ end: day('2026-11-25') }, '2026-11-25'],
      [{}, '2026-11-15'],
    ] as const) {
      const { data, told: now } = await subscribe(form);
      const created = day('2026-11-15') + 1000;
      await market.tell(market.event('subscription.deactivated', data({ ...gone, ...dates }), { created }));
      t.is(await now(), `plan 0: ended to ${last}, 1`);
    }
  });

  test(`by the product’s ended a license is revoked, or stays for good with the versions so far (${form})`, async (t) => {
    const gone = { state: 'deactivated', nextChargeDate: null, deactivationDate: day('2026-11-20') };
    const strict = await subscribe(form, 'strict');
    await strict.tell('subscription.deactivated', gone);
    t.is((await only(t, market, strict.order)).state, 'revoked');
    const kind = await subscribe(form, 'kind');
    await kind.tell('subscription.deactivated', gone);
    const { lastValid, updatesUntil } = await only(t, market, kind.order);
    t.deepEqual([lastValid, updatesUntil], [null, '2026-11-20']);
  });

  test(`paused suspends and resumed lifts it (${form})`, async (t) => {
    const { tell, told: now } = await subscribe(form);
    await tell('subscription.paused', { state: 'paused' });
    t.regex(await now(), /suspended/);
    await tell('subscription.resumed', { nextChargeDate: day('2027-02-01') });
    t.is(await now(), 'plan 0: active to 2027-02-15, 1');
  });

  test(`a full return revokes; a rebill’s return too, by its subscription (${form})`, async (t) => {
    const first = await subscribe(form);
    await market.tell(returned(first.order, form, { totalReturn: 20 }));
    t.regex(await first.told(), /revoked/);
    const second = await subscribe(form);
    await second.charge({ nextChargeDate: day('2027-01-01') });
    await market.tell(returned(`${second.order}B`, form, { totalReturn: 20 }));
    t.regex(await second.told(), /revoked/);
  });

  test(`a partial return takes its units, newest first; of quantity 0 it is flagged and takes none (${form})`, async (t) => {
    const order = `P-${form}`;
    await market.tell(completed(order, form, [{ product: 'app', quantity: 3 }]));
    const vague = returned(order, form, { totalReturn: 15 }, { product: 'app', quantity: 0 });
    await market.tell(vague);
    t.deepEqual(
      (await market.find(order)).map(({ state }) => state),
      ['active', 'active', 'active'],
    );
    const { out } = await market.cli(['events', 'list', '--flagged', '--json']);
    t.true(out.includes(`"${vague.id}"`));
    await market.tell(returned(order, form, { totalReturn: 5 }, { product: 'app', quantity: 2 }));
    t.deepEqual(
      (await market.find(order)).map(({ state }) => state),
      ['active', 'revoked', 'revoked'],
    );
  });

  test(`a chargeback revokes, though it names the order by its internal id alone (${form})`, async (t) => {
    const { order, told: now } = await subscribe(form);
    const id = `${order}-id`;
    await market.tell(
      market.event('chargeback.created', {
        id: `cb-${order}`,
        order: form === 'expanded' ? { id, order: id } : id,
        status: 'NEW',
        creationDate: 'Fri May 09 17:00:00 UTC 2025',
      }),
    );
    t.regex(await now(), /revoked/);
    t.regex((await only(t, market, order)).history.at(-1)!.cause, /chargeback\.created/);
  });

  for (const type of ['order.canceled', 'order.failed']) {
    test(`${type} revokes what a request got before (${form})`, async (t) => {
      const order = `V-${form}-${type}`;
      await market.ask('app', { reference: order, quantity: '1' });
      await market.tell(
        market.event(type, {
          id: `${order}-id`,
          order: `${order}-id`,
          reference: order,
          account: form === 'expanded' ? { id: 'a' } : 'a',
          items: [{ product: 'app', quantity: 1 }],
        }),
      );
      t.is((await only(t, market, order)).state, 'revoked');
    });
  }

  test(`fulfillment.failed is flagged, counted and changes no license (${form})`, async (t) => {
    const { order, id, data } = await subscribe(form);
    const event = market.event('fulfillment.failed', {
      product: 'plan-monthly',
      order: form === 'expanded' ? { id: `${order}-id` } : `${order}-id`,
      reference: order,
      subscription: form === 'expanded' ? data() : id,
      reason: 'Does not have available licenses.',
    });
    await market.tell(event);
    const { out } = await market.cli(['events', 'list', '--flagged']);
    t.true(out.includes(event.id));
    t.is((await only(t, market, order)).state, 'active');
    const metrics = await (await fetch(`${market.url}/metrics`)).text();
    t.regex(metrics, /^mintmark_failed_fulfillments_total [1-9]/m);
  });

  test(`a group’s events concern each of its members (${form})`, async (t) => {
    const [one, two] = [await subscribe(form), await subscribe(form)];
    const members = (more: Data) =>
      form === 'expanded' ? [one.data(more), two.data(more)] : [one.id, two.id];
    const both = async () => [await one.told(), await two.told()];
    const group = (type: string, more: Data = {}, rest: Data = {}) =>
      market.tell(
        market.event(`subscription.group.${type}`, {
          cotermGroupId: 'group',
          cotermNextChargeDate: day('2027-01-10'),
          subscriptions: members({ nextChargeDate: day('2027-01-10'), ...more }),
          ...rest,
        }),
      );
    const active = 'plan 0: active to 2027-01-24, 1';
    await group('created');
    t.deepEqual(await both(), [active, active]);
    await group('payment.overdue', { state: 'overdue' });
    for (const each of await both()) t.regex(each, /suspended/);
    await group('payment.charge.completed', { sequence: 2 }, { order: { id: 'group-order' }, sequence: 2 });
    for (const each of await both()) t.regex(each, /active/);
    await group('payment.reminder');
    await group('payment.charge.failed', { state: 'overdue' }, { reason: 'DECLINED' });
    for (const each of await both()) t.regex(each, /active/);
    if (form === 'expanded') {
      await group('updated', { quantity: 2 });
      t.is((await market.find(one.order)).length, 2);
      await group('updated', { quantity: 1 });
    }
    await group('deactivated', { state: 'deactivated', nextChargeDate: null });
    for (const each of await both()) t.regex(each, /plan 0: ended/);
  });
}

function returned(
  order: string,
  form: Form,
  more: Data,
  item: Data = { product: 'plan-monthly', quantity: 1 },
) {
  return market.event('return.created', {
    return: `return-${market.next()}`,
    reference: `${order}X`,
    type: 'RETURN',
    account: form === 'expanded' ? { id: 'a' } : 'a',
    original: { id: `${order}-id`, order: `${order}-id`, reference: order, account: 'a', total: 20 },
    items: [{ ...item, refundType: item['quantity'] === 0 ? 'Partial Refund' : 'Full Refund' }],
    ...more,
  });
}

test('bundles, add-ons, cross-sells and configurations are items like others', async (t) => {
  await market.tell(
    completed('B-1', 'unexpanded', [
      { product: 'PLAN-Monthly', subscription: 'sub-B-1', more: { isAddon: true } },
      { product: 'addon', more: { parentSubscription: 'sub-B-1', isAddon: true } },
      { product: 'other', more: { driver: { type: 'bundle', path: 'plan-monthly' } } },
      { product: 'app', quantity: 2, more: { driver: { type: 'cross-sell', path: 'plan-monthly' } } },
      { product: 'app', more: { driver: { type: 'configuration', path: 'app' } } },
      { product: 'never-heard-of', quantity: 4 },
    ]),
  );
  const licenses = await market.find('B-1');
  t.deepEqual(
    licenses.map(({ product, unit, subscription }) => `${product} ${unit} ${subscription}`),
    ['addon 0 sub-B-1', 'app 0 null', 'app 1 null', 'app 2 null', 'other 0 null', 'plan 0 sub-B-1'],
  );
  await market.tell(
    market.event('subscription.deactivated', {
      id: 'sub-B-1',
      state: 'deactivated',
      deactivationDate: day('2026-11-20'),
    }),
  );
  t.deepEqual(
    (await market.find('B-1')).map(({ state }) => state),
    ['ended', 'active', 'active', 'active', 'active', 'ended'],
    'an add-on ends with its parent',
  );
});

test('the attributes of an item say product, quantity and features, and go on saying it', async (t) => {
  const attributes = {
    mintmark_product: 'team',
    mintmark_quantity: '3',
    mintmark_features: 'sync, unheard-of',
  };
  await market.tell(
    completed('M-1', 'unexpanded', [{ product: 'other', quantity: 1, subscription: 'sub-M-1', attributes }]),
  );
  const license = await only(t, market, 'M-1');
  t.deepEqual([license.product, license.seats, license.features], ['team', 15, 0b10]);
  await market.tell(
    market.event('subscription.updated', {
      ...subscriptionData('sub-M-1', 'unexpanded', { product: 'other' }),
      attributes,
    }),
  );
  const after = await only(t, market, 'M-1');
  t.deepEqual([after.state, after.product, after.seats, after.features], ['active', 'team', 15, 0b10]);
});

test('a quantity above what can be asked for fails, to be seen, and mints nothing', async (t) => {
  const event = completed('M-2', 'unexpanded', [
    { product: 'app', attributes: { mintmark_quantity: '10000000' } },
  ]);
  t.is((await market.deliver([event])).status, 503);
  t.deepEqual(await market.find('M-2'), []);
  const { out } = await market.cli(['events', 'list', '--failed']);
  t.regex(out, new RegExp(`${event.id}.*An item has more than 1000 units`));
});

test('an expanded order tells the next charge of its subscriptions, whatever the term', async (t) => {
  const subscription = { id: 'sub-D-1', state: 'active', sequence: 1, nextChargeDate: day('2027-11-01') };
  const more = { subscription };
  await market.tell(completed('D-1', 'unexpanded', [{ product: 'plan-yearly', more }]));
  t.deepEqual(told(await market.find('D-1')), ['plan 0: active to 2027-11-15, 1']);
});

test('a gift is its recipient’s, whoever paid', async (t) => {
  const recipient = { first: 'Ada', last: 'Byron', email: 'ada@example.org', account: { id: 'x' } };
  await market.tell(completed('G-1', 'expanded', [{ product: 'app' }], { recipients: [{ recipient }] }));
  t.deepEqual(
    (await market.find('ada@example.org')).map(({ order }) => order),
    ['G-1'],
  );
});

test('a genuine code that FastSpring holds and the ledger lacks is adopted, another’s is not', async (t) => {
  const old = await openMarket(owner);
  const { text: code } = await old.ask('app', { reference: 'L-1', quantity: '1' });
  const key = 'app_license_0';
  const event = (theirs: string) => (which: Market, order: string) =>
    which.event('order.completed', {
      id: `${order}-id`,
      reference: order,
      items: [
        {
          product: 'app',
          quantity: 1,
          fulfillments: { [key]: [{ license: theirs, display: 'License', type: 'license' }], files: 'none' },
        },
      ],
    });
  await old.stop();
  // The same keys with a ledger from before the sale.
  for (const end of ['', '-wal', '-shm']) rmSync(`${old.home.config.ledgerFile}${end}`, { force: true });
  const { url } = await startHome(owner, old.home);
  t.is((await deliver(url, batchOf([event(code)(old, 'L-1')]))).status, 200);
  const [license] = await old.find('L-1');
  t.is(license?.code, code);
  t.regex(license!.history[0]!.cause, /adopted/);
  t.is((await deliver(url, batchOf([event(code)(old, 'L-2')]))).status, 200);
  const [other] = await old.find('L-2');
  t.not(other?.code, code, 'the code of another order is not this one’s');
});

test('events of unknown types are kept and change nothing', async (t) => {
  const types = [
    'account.created',
    'payoutEntry.created',
    'subscription.thought.about',
    'order.approval.pending',
  ];
  const events = types.map((type) =>
    market.event(type, { id: 'U-1-id', reference: 'U-1', items: [{ product: 'app', quantity: 1 }] }),
  );
  await market.tell(...events);
  t.deepEqual(await market.find('U-1'), []);
  for (const { id } of events) t.is((await market.cli(['events', 'show', id])).status, 0);
});
