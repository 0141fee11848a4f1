/** Invoices: paid periods, changes, sales without a checkout, payments that fail. */
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
  StripeWorld,
  soldWorld,
  stated,
} from '../../kit/stripe.ts';

const FIRST = { id: 'in_1', reason: 'subscription_create' };

/** Before 2025-03-31: subscription, payment and prices stood elsewhere. */
function oldInvoice(day: string, until: string, more: object = {}) {
  const object = invoiceOf(day, { until }) as { lines: { data: readonly { period: object }[] } };
  const [line] = object.lines.data;
  const price = { id: 'price_Month', product: 'prod_Month', recurring: { usage_type: 'licensed' } };
  const old = {
    amount: 2000,
    quantity: 1,
    period: line?.period,
    type: 'subscription',
    proration: false,
    price,
  };
  const whole = {
    ...object,
    parent: undefined,
    subscription: 'sub_1',
    lines: { data: [{ ...old, ...more }] },
  };
  return event('invoice.paid', day, { ...whole, payment_intent: 'pi_old', charge: 'ch_old' });
}

test('a renewal is paid to the end of the period of its line, in both shapes', (t) => {
  t.deepEqual(soldWorld().tell(paidInvoice('2026-02-10', '2026-03-10')).states, ['app active 2026-03-24']);
  t.deepEqual(soldWorld().tell(oldInvoice('2026-02-10', '2026-03-10')).states, ['app active 2026-03-24']);
});

test('a period that moved before payment pays nothing', (t) => {
  const world = soldWorld().tell(stated('updated', '2026-02-10', { until: '2026-03-10' }));
  t.deepEqual(world.states, ['app active 2026-02-24']);
});

test('prorations, metered lines, credits and invoice items date nothing', (t) => {
  const day = '2026-01-20';
  const change = { reason: 'subscription_update', isProration: true };
  for (const told of [
    paidInvoice(day, '2026-06-10', change),
    oldInvoice(day, '2026-06-10', { proration: true }),
    oldInvoice(day, '2026-06-10', { quantity: null }),
    oldInvoice(day, '2026-06-10', { amount: -2000 }),
    oldInvoice(day, '2026-06-10', { type: 'invoiceitem', price: { id: 'price_Hours', recurring: {} } }),
    oldInvoice(day, '2026-01-15', {}),
  ]) {
    t.deepEqual(soldWorld().tell(told).states, ['app active 2026-02-24'], told.payload);
  }
  t.deepEqual(
    soldWorld().tell(oldInvoice(day, '2026-06-10')).states,
    ['app active 2026-06-24'],
    'the control',
  );
});

test('a change of the interval is billed at once and begins a period; it never shortens one', (t) => {
  const change = { reason: 'subscription_update', items: [recurring('price_Year')] };
  const world = soldWorld().tell(paidInvoice('2026-01-20', '2027-01-20', change));
  t.deepEqual(world.states, ['app active 2027-02-03']);
  const shorter = { id: 'in_late', reason: 'subscription_update' };
  world.tell(paidInvoice('2026-01-21', '2026-02-21', shorter));
  t.deepEqual(world.states, ['app active 2027-02-03']);
});

test('lines that are paid to different days are flagged, and the latest counts', (t) => {
  const told = oldInvoice('2026-02-10', '2026-03-10');
  const payload = JSON.parse(told.payload);
  const [line] = payload.data.object.lines.data;
  const price = { id: 'price_Plus', product: 'prod_Plus', recurring: {} };
  payload.data.object.lines.data.push({ ...line, price, period: { end: line.period.end + 30 * 86_400 } });
  const world = soldWorld().tell({ ...told, payload: JSON.stringify(payload) });
  t.deepEqual([world.states, world.flagKinds], [['app active 2026-04-23'], ['unclear']]);
});

test('what a later invoice bills once is sold by it', (t) => {
  const items = [recurring(), once()];
  const world = soldWorld().tell(paidInvoice('2026-02-10', '2026-03-10', { items }));
  t.deepEqual(world.states, ['app active 2026-03-24', 'tool active perpetual']);
});

test('a failed payment is overdue until it succeeds', (t) => {
  const failed = event(
    'invoice.payment_failed',
    '2026-02-10',
    invoiceOf('2026-02-10', { until: '2026-03-10' }),
  );
  const world = soldWorld().tell(failed);
  t.deepEqual(world.states, ['app suspended 2026-02-24']);
  t.deepEqual(world.tell(paidInvoice('2026-02-12', '2026-03-10')).states, ['app active 2026-03-24']);
});

test('a first payment that fails suspends nothing', (t) => {
  const first = event(
    'invoice.payment_failed',
    '2026-01-10',
    invoiceOf('2026-01-10', { ...FIRST, id: 'in_0' }),
  );
  t.deepEqual(soldWorld().tell(first).states, ['app active 2026-02-24']);
});

test('an invoice that is given up or voided is flagged and takes nothing; paid later, it counts', (t) => {
  for (const type of ['invoice.voided', 'invoice.marked_uncollectible']) {
    const told = event(type, '2026-02-10', invoiceOf('2026-02-10', { until: '2026-03-10' }));
    const world = soldWorld().tell(told);
    t.deepEqual([world.states, world.flagKinds], [['app active 2026-02-24'], ['unclear']], type);
    t.deepEqual(world.tell(paidInvoice('2026-02-12', '2026-03-10')).states, ['app active 2026-03-24']);
  }
});

test('a subscription without a checkout: its first invoice is the order, once no session is found', (t) => {
  const told = paidInvoice('2026-01-10', '2026-02-10', FIRST);
  t.is(lacks(told.payload), '{"invoice":"in_1","subscription":"sub_1"}');
  const world = new StripeWorld().tell(told);
  t.deepEqual([world.licenses, world.owed], [[], ['in_1 lines not yet fetched']]);
  const { people } = readAgain(completed(told, {}).payload, 'live', PRODUCTS).read();
  t.deepEqual(people, [{ subject: 'order:in_1', customer: { name: 'Ada Byron', email: 'ada@example.com' } }]);
  world.tell(completed(told, {}));
  t.deepEqual([world.licenses, world.owed], [['app in_1/0 active 2026-02-24'], []]);
  t.deepEqual(world.tell(paidInvoice('2026-02-10', '2026-03-10')).states, ['app active 2026-03-24']);
});

test('a first invoice whose session is found sells what the session sold, even if its event is lost', (t) => {
  const told = paidInvoice('2026-01-10', '2026-02-10', FIRST);
  const session = expanded({ id: 'cs_1', items: [recurring()], subscription: 'sub_1', invoice: 'in_1' });
  const world = new StripeWorld().tell(told, completed(told, { session }));
  t.deepEqual([world.licenses, world.owed], [['app cs_1/0 active 2026-02-24'], []]);
  t.deepEqual(soldWorld().tell(completed(told, { session })).licenses, ['app cs_1/0 active 2026-02-24']);
});

test('an invoice by hand sells a known product; of others it says nothing', (t) => {
  const byHand = (items: readonly ReturnType<typeof once>[]) =>
    paidInvoice('2026-01-10', null, { id: 'in_9', subscription: null, reason: 'manual', items });
  const known = byHand([once()]);
  const { isLacking } = readAgain(known.payload, 'live', PRODUCTS).read();
  t.true(isLacking);
  t.deepEqual(new StripeWorld().tell(known, completed(known, {})).licenses, ['tool in_9/0 active perpetual']);
  const session = expanded({ id: 'cs_9', items: [once()], invoice: 'in_9' });
  t.deepEqual(new StripeWorld().tell(known, completed(known, { session })).licenses, [
    'tool cs_9/0 active perpetual',
  ]);
  const other = byHand([once('price_Hours')]);
  t.is(readAgain(other.payload, 'live', PRODUCTS).read().isLacking, undefined);
  t.deepEqual(new StripeWorld().tell(other).owed, []);
});

test('a free period is a period; a free first invoice is no payment', (t) => {
  const free = bodiesOf(paidInvoice('2026-02-10', '2026-03-10', { isFree: true }));
  t.true(free.some((body) => body.kind === 'paid' && body.free === true && body.until === '2026-03-10'));
});

test('a trial is free beside a product that is paid once, and its period is paid beside one that costs nothing', (t) => {
  const beside = (month: number, tool: number) => {
    const items = [
      { ...recurring(), amount: month },
      { ...once(), amount: tool },
    ];
    const paid = bodiesOf(paidInvoice('2026-02-10', '2026-03-10', { items, reason: 'subscription_create' }));
    return paid.find((body) => body.kind === 'paid')?.free ?? false;
  };
  t.true(beside(0, 2000));
  t.false(beside(2000, 0));
  t.true(beside(0, 0));
  t.false(beside(2000, 2000));
});

test('events about steps of an invoice say nothing', (t) => {
  for (const type of [
    'invoice.created',
    'invoice.finalized',
    'invoice.upcoming',
    'invoice.payment_succeeded',
  ]) {
    t.deepEqual(bodiesOf(event(type, '2026-01-10', invoiceOf('2026-01-10'))), [], type);
  }
});

test('lines that are left out of the event are sold as they were fetched', (t) => {
  const told = paidInvoice('2026-01-10', '2026-02-10', FIRST);
  const lines = [
    { quantity: 1, amount: 2000, type: 'subscription', price: { id: 'price_Month', recurring: {} } },
    { quantity: 2, amount: 4000, type: 'invoiceitem', price: { id: 'price_Tool' } },
  ];
  const world = new StripeWorld().tell(told, completed(told, { lines }));
  t.deepEqual(world.states, ['app active 2026-02-24', 'tool active perpetual', 'tool active perpetual']);
});

test('an invoice whose session the API did not find sells once, in whatever order the two are told', (t) => {
  const names = { invoice: 'in_1', payment: 'pi_1' };
  const paid = paidInvoice('2026-01-10', null, { id: 'in_1', reason: 'manual', items: [once()] });
  const { lines } = JSON.parse(paid.payload).data.object;
  const alone = completed(paid, { lines: lines.data });
  const whole = boughtWhole('2026-01-10', [once()], names);
  const waiting = bought('2026-01-10', [once()], names);
  for (const order of [
    [waiting, whole, paid, alone],
    [paid, alone, waiting, whole],
    [waiting, paid, alone, whole],
  ]) {
    t.deepEqual(new StripeWorld().tell(...order).states, ['tool active perpetual']);
  }
  t.is(
    new StripeWorld().tell(boughtWhole('2026-01-10', [once('price_Tool', 2)], names)).states.length,
    2,
    'the control',
  );
});

test('a paid invoice of the subscription lifts what is overdue, whatever it bills', (t) => {
  const change = { id: 'in_2', reason: 'subscription_update', isProration: true };
  const failed = event('invoice.payment_failed', '2026-01-20', invoiceOf('2026-01-20', change));
  const pastDue = stated('updated', '2026-01-20', { until: '2026-02-10', status: 'past_due' });
  const overdue = () => soldWorld().tell(failed, pastDue);
  t.deepEqual(overdue().states, ['app suspended 2026-02-24']);
  const prorated = paidInvoice('2026-01-22', '2026-02-10', change);
  t.deepEqual(overdue().tell(prorated).states, ['app active 2026-02-24'], 'a change of the plan');
  const free = paidInvoice('2026-02-10', '2026-03-10', { isFree: true });
  t.deepEqual(overdue().tell(free).states, ['app active 2026-03-24'], 'a period at a discount of 100 %');
  const once_ = paidInvoice('2026-01-22', null, { id: 'in_3', reason: 'manual', items: [once()] });
  t.true(overdue().tell(once_).states.includes('app suspended 2026-02-24'), 'the control: another sale');
});

test('lines that a later invoice leaves out are fetched, and its period counts', (t) => {
  const told = invoiceOf('2026-02-10', { until: '2026-02-10', isProration: true }) as {
    lines: { data: readonly object[] };
  };
  const paid = event('invoice.paid', '2026-02-10', { ...told, lines: { ...told.lines, has_more: true } });
  const world = soldWorld().tell(paid);
  t.deepEqual([world.states, world.flagKinds], [['app active 2026-02-24'], ['undelivered']]);
  t.is(lacks(paid.payload), '{"linesOf":"in_2026-02-10"}');
  const all = invoiceOf('2026-02-10', { until: '2026-03-10' }) as typeof told;
  const whole = completed(paid, { lines: [...told.lines.data, ...all.lines.data] });
  t.deepEqual(world.tell(whole).states, ['app active 2026-03-24']);
  t.deepEqual([world.flagKinds, world.owed], [[], []]);
  t.deepEqual(soldWorld().tell(whole, paid).states, ['app active 2026-03-24'], 'in the other order');
});

test('units of one price on several pages of a later invoice are added up, in any order of arrival', (t) => {
  const items = [recurring(), once(), once('price_Tool', 2)];
  const told = invoiceOf('2026-02-10', { until: '2026-03-10', items }) as { lines: { data: object[] } };
  const { data } = told.lines;
  const part = { ...told, lines: { data: data.slice(0, 2), has_more: true } };
  const paid = event('invoice.paid', '2026-02-10', part);
  const whole = completed(paid, { lines: data });
  for (const events of [[paid, whole], [whole, paid], [whole]]) {
    const world = soldWorld().tell(...events);
    t.is(world.licenses.length, 4);
    t.false(world.flagKinds.includes('differs'));
  }
});

test('what only prorations bill up to a later day is flagged, until that day is paid', (t) => {
  const change = { id: 'in_2', reason: 'subscription_update', isProration: true };
  const year = soldWorld()
    .tell(paidInvoice('2026-01-20', '2027-01-20', change))
    .wait('2026-01-22');
  t.deepEqual([year.states, year.flagKinds], [['app active 2026-02-24'], ['unclear']]);
  year.tell(paidInvoice('2026-01-22', '2027-01-20', { id: 'in_3', reason: 'subscription_update' }));
  t.deepEqual([year.states, year.flagKinds], [['app active 2027-02-03'], []]);
  const same = soldWorld()
    .tell(paidInvoice('2026-01-20', '2026-02-10', change))
    .wait('2026-01-22');
  t.deepEqual(same.flagKinds, [], 'the control');
});

test('a line of 0 units pays no period', (t) => {
  const none = { items: [recurring('price_Month', 0)] };
  t.deepEqual(soldWorld().tell(paidInvoice('2026-02-10', '2026-03-10', none)).states, [
    'app active 2026-02-24',
  ]);
});

test('an invoice of an unknown reason is the first one, unless another belongs to the sale; it is flagged', (t) => {
  for (const reason of ['subscription_start', '']) {
    const first = new StripeWorld().tell(
      stated('created', '2026-01-10', { until: '2026-02-10' }),
      paidInvoice('2026-01-10', '2026-02-10', { id: 'in_1', reason }),
      boughtWhole('2026-01-10', [recurring()], { subscription: 'sub_1', invoice: 'in_1' }),
    );
    t.deepEqual([first.licenses, first.flagKinds], [['app cs_1/0 active 2026-02-24'], ['unclear']], reason);
    const later = soldWorld().tell(paidInvoice('2026-02-10', '2026-03-10', { id: 'in_2', reason }));
    t.deepEqual([later.states, later.flagKinds], [['app active 2026-03-24'], ['unclear']], reason);
    const back = event('charge.refunded', '2026-02-12', {
      ...{ id: 'ch_2', payment_intent: 'pi_2', currency: 'eur', amount: 2000, amount_refunded: 2000 },
      refunded: true,
    });
    later.tell(back, completed(back, { invoices: [{ invoice: 'in_2', payments: 1 }] }));
    t.deepEqual(later.states, ['app active 2026-02-24'], 'its refund takes its period');
  }
});

test('a renewal that names no subscription, or no period, sells and extends nothing, and is flagged', (t) => {
  const renewal = invoiceOf('2026-02-10', { until: '2026-03-10' }) as { lines: { data: readonly object[] } };
  const without = (more: object) => event('invoice.paid', '2026-02-10', { ...renewal, ...more });
  for (const [told, kind] of [
    [without({ parent: null }), 'undelivered'],
    [without({ lines: null }), 'unclear'],
    [without({ lines: { data: renewal.lines.data.map((line) => ({ ...line, parent: null })) } }), 'unclear'],
  ] as const) {
    const world = soldWorld().tell(told);
    t.deepEqual([world.licenses, world.flagKinds], [['app cs_1/0 active 2026-02-24'], [kind]], told.payload);
  }
});
