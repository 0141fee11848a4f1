/** Checkout sessions: what they sell, once their lines are fetched, and what they do not. */
import test from 'ava';
import { lacks, readAgain } from '../../../src/marketplaces/stripe/events.ts';
import { expanded } from '../../../src/marketplaces/stripe/shapes.ts';
import {
  bodiesOf,
  bought,
  boughtWhole,
  completed,
  event,
  invoiceOf,
  once,
  PRODUCTS,
  paidInvoice,
  recurring,
  SALE,
  StripeWorld,
  soldWorld,
  stated,
  subscriptionOf,
} from '../../kit/stripe.ts';

const DAY = '2026-01-10';

test('a sale waits for its lines, which are fetched by the session: the order is kept and undelivered', (t) => {
  const told = bought(DAY, [once()], { payment: 'pi_1' });
  t.is(lacks(told.payload), '{"session":"cs_1"}');
  t.true(readAgain(told.payload, 'live', PRODUCTS).read().isLacking);
  const world = new StripeWorld().tell(told);
  t.deepEqual([world.licenses, world.owed], [[], ['cs_1 lines not yet fetched']]);
  t.regex(world.flags[0] ?? '', /^undelivered: Order cs_1 .* Set STRIPE_API_KEY/);
  world.tell(boughtWhole(DAY, [once()], { payment: 'pi_1' }));
  t.deepEqual([world.licenses, world.owed, world.flags], [['tool cs_1/0 active perpetual'], [], []]);
});

test('lines, quantities and prices are sold as they are, and one price of two lines is one line', (t) => {
  const items = [once('price_Tool', 2), once('price_Tool', 1), recurring('price_X', 3), once('price_Plus')];
  const world = new StripeWorld().tell(boughtWhole(DAY, items, { payment: 'pi_1' }));
  t.deepEqual(world.licenses, [
    'plus cs_1/0 active 2026-02-24',
    'tool cs_1/0 active perpetual',
    'tool cs_1/1 active perpetual',
    'tool cs_1/2 active perpetual',
  ]);
  t.deepEqual(world.owed, ['cs_1 price_X']);
  t.deepEqual(world.flagKinds, ['unknown-product']);
  const prices = bodiesOf(boughtWhole(DAY, items)).flatMap((body) =>
    body.kind === 'sold' ? [body.price] : [],
  );
  t.deepEqual(prices, [60, 60, 20]);
});

test('the licenses are the same in any order of arrival, and however often they are told', (t) => {
  const orders = [SALE, SALE.toReversed(), [...SALE, ...SALE], [SALE[3], SALE[0], SALE[2], SALE[1], SALE[3]]];
  for (const order of orders) {
    const world = new StripeWorld().tell(...order.flatMap((told) => told ?? []));
    t.deepEqual([world.licenses, world.owed, world.flags], [['app cs_1/0 active 2026-02-24'], [], []]);
  }
});

test('recurring lines follow the subscription, the others do not', (t) => {
  const first = { subscription: 'sub_1', invoice: 'in_1' };
  const items = [recurring(), once()];
  const world = new StripeWorld().tell(
    boughtWhole(DAY, items, first),
    stated('deleted', '2026-02-20', { status: 'canceled', ended: '2026-02-20' }),
  );
  t.deepEqual(world.states, ['app ended 2026-02-20', 'tool active perpetual']);
});

test('a trial ends on the day that the subscription states', (t) => {
  const trial = subscriptionOf(DAY, { status: 'trialing', trialEnd: '2026-01-24' });
  const told = { subscription: 'sub_1', invoice: 'in_1', isFree: true };
  const world = new StripeWorld().tell(boughtWhole(DAY, [recurring()], told, { subscription: trial }));
  t.deepEqual(world.states, ['app active 2026-02-07']);
  world.tell(paidInvoice('2026-01-24', '2026-02-24'));
  t.deepEqual(world.states, ['app active 2026-03-10']);
});

test('the paid period of the first invoice is known with the lines, so that the first code is right', (t) => {
  const first = { subscription: 'sub_1', invoice: 'in_1' };
  const invoice = invoiceOf(DAY, { id: 'in_1', reason: 'subscription_create', until: '2026-01-20' });
  const world = new StripeWorld().tell(boughtWhole(DAY, [recurring()], first, { invoice }));
  t.deepEqual(world.states, ['app active 2026-02-03']);
  const open = boughtWhole(DAY, [recurring()], first, { invoice: { ...invoice, status: 'open' } });
  t.deepEqual(new StripeWorld().tell(open).states, ['app active 2026-02-24'], 'the control: not paid');
});

test('a payment that is on its way sells nothing until it succeeds; one that fails sells nothing', (t) => {
  const unpaid = bought(DAY, [once()], { payment: 'pi_1', status: 'unpaid' });
  const world = new StripeWorld().tell(unpaid);
  t.deepEqual([world.licenses, world.owed, lacks(unpaid.payload)], [[], [], undefined]);
  const later = (type: string, more: object = {}) =>
    event(`checkout.session.${type}`, '2026-01-12', { ...JSON.parse(unpaid.payload).data.object, ...more });
  const succeeded = later('async_payment_succeeded', { payment_status: 'paid' });
  t.is(lacks(succeeded.payload), '{"session":"cs_1"}');
  world.tell(succeeded, completed(succeeded, { session: expanded({ id: 'cs_1', items: [once()] }) }));
  t.deepEqual(world.states, ['tool active perpetual']);
  const failed = new StripeWorld().tell(unpaid, later('async_payment_failed'));
  t.deepEqual([failed.licenses, failed.owed], [[], []]);
});

test('a session that nobody bought, or that stored a card, says nothing', (t) => {
  const object = JSON.parse(bought(DAY, [once()]).payload).data.object;
  t.deepEqual(bodiesOf(event('checkout.session.expired', DAY, { ...object, status: 'expired' })), []);
  t.deepEqual(bodiesOf(event('checkout.session.completed', DAY, { ...object, mode: 'setup' })), []);
});

test('lines in the event are read there; where some are left out, they are fetched', (t) => {
  const whole = expanded({ id: 'cs_1', items: [once()] }) as { line_items: object };
  const there = event('checkout.session.completed', DAY, whole);
  t.is(lacks(there.payload), undefined);
  t.deepEqual(new StripeWorld().tell(there).states, ['tool active perpetual']);
  const part = event('checkout.session.completed', DAY, {
    ...whole,
    line_items: { ...whole.line_items, has_more: true },
  });
  t.is(lacks(part.payload), '{"session":"cs_1"}');
  t.deepEqual(new StripeWorld().tell(part).states, []);
});

test('more units than can be delivered are flagged, and a line without a price too', (t) => {
  const items = [once('price_Tool', 100_000)];
  t.deepEqual(new StripeWorld().tell(boughtWhole(DAY, items)).flagKinds, ['too-many-units']);
  const session = { ...expanded({ id: 'cs_1', items: [once()] }), line_items: { data: [{ quantity: 1 }] } };
  const told = completed(bought(DAY, []), { session });
  t.true(bodiesOf(told).some((body) => body.kind === 'noted' && body.why === 'unclear'));
});

test('the control: without the first event nothing is known of the sale', (t) => {
  t.deepEqual(new StripeWorld().tell(stated('created', DAY, {})).licenses, []);
  t.is(soldWorld().licenses.length, 1);
});

test('a checkout of an unknown mode or payment status issues nothing and is flagged, whatever else it says', (t) => {
  const object = JSON.parse(bought(DAY, [once()]).payload).data.object;
  for (const unknown of [{ mode: 'split' }, { mode: null }, { payment_status: 'processing' }]) {
    const world = new StripeWorld().tell(event('checkout.session.completed', DAY, { ...object, ...unknown }));
    t.deepEqual([world.licenses, world.flagKinds], [[], ['undelivered']], JSON.stringify(unknown));
  }
});

test('usage beside units of the same product is no unit more; alone, it is one', (t) => {
  const line = (id: string, usage_type: string, quantity: number | null) => ({
    price: { id, product: 'prod_Plus', recurring: { usage_type } },
    quantity,
    amount_total: 1000,
  });
  const [seats, usage] = [line('price_Seat', 'licensed', 2), line('price_Usage', 'metered', null)];
  const statedAs = (data: readonly object[]) =>
    event('customer.subscription.created', DAY, { id: 'sub_1', status: 'active', items: { data } });
  const soldAs = (data: readonly object[]) =>
    completed(bought(DAY, [], { subscription: 'sub_1' }), {
      session: { id: 'cs_1', subscription: 'sub_1', line_items: { data } },
    });
  const plus = 'plus active 2026-02-24';
  for (const [data, licenses] of [
    [
      [seats, usage],
      [plus, plus],
    ],
    [[usage], [plus]],
  ] as const) {
    t.deepEqual(new StripeWorld().tell(soldAs(data)).states, licenses);
    t.deepEqual(new StripeWorld().tell(soldAs(data), statedAs(data)).states, licenses);
  }
});
