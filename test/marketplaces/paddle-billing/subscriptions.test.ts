/** The lines and the state of subscriptions, as Paddle Billing tells them, in the ledger. */
import test from 'ava';
import {
  BillingWorld,
  completed,
  once,
  recurring,
  renewed,
  soldWorld,
  stated,
} from '../../kit/paddle-billing.ts';

test('a subscription that was billed, and not paid, has no license', (t) => {
  const ledger = new BillingWorld().tell(
    stated('created', '2026-01-10', [recurring()], { until: '2026-02-10', transaction: 'txn_1' }),
    stated('activated', '2026-01-10', [recurring()], { until: '2026-02-10' }),
  );
  t.deepEqual(ledger.wait('2026-01-12').licenses, []);
  t.deepEqual(ledger.flags, []);
});

test('a trial lasts to its end, which the seller can move, and the first payment goes on from there', (t) => {
  const trial = [recurring('pri_month', 1, { trial: 14 })];
  const ledger = new BillingWorld().tell(
    completed('2026-01-10', trial, { subscription: 'sub_1', until: '2026-02-10', isFree: true }),
    stated('trialing', '2026-01-10', trial, {
      status: 'trialing',
      until: '2026-01-24',
      transaction: 'txn_1',
    }),
  );
  t.deepEqual(ledger.states, ['app active 2026-02-07'], '14 days, and the grace');
  ledger.tell(stated('updated', '2026-01-12', trial, { status: 'trialing', until: '2026-01-31' }));
  t.deepEqual(ledger.states, ['app active 2026-02-14']);
  ledger.tell(renewed('2026-01-31', '2026-02-28'));
  t.deepEqual(ledger.states, ['app active 2026-03-14']);
});

test('the quantity is what the subscription states, never what a transaction of it states', (t) => {
  const ledger = soldWorld().tell(
    stated('updated', '2026-01-15', [recurring('pri_month', 3)], { until: '2026-02-10' }),
    renewed('2026-01-15', '2026-02-10', {
      origin: 'subscription_update',
      items: [recurring('pri_month', -1), recurring('pri_month', 9)],
    }),
  );
  t.deepEqual(ledger.licenses, [
    'app subscription:sub_1/0 active 2026-02-24',
    'app subscription:sub_1/1 active 2026-02-24',
    'app txn_1/0 active 2026-02-24',
  ]);
  ledger.tell(stated('updated', '2026-01-20', [recurring()], { until: '2026-02-10' }));
  t.deepEqual(ledger.states, ['app ended 2026-02-24', 'app ended 2026-02-24', 'app active 2026-02-24']);
});

test('another price of the same product keeps the license; another product ends it and issues its own', (t) => {
  const ledger = soldWorld().tell(
    stated('updated', '2026-01-15', [recurring('pri_year')], { until: '2027-01-15' }),
  );
  t.deepEqual(ledger.states, ['app active 2026-02-24']);
  ledger.tell(
    renewed('2026-01-15', '2027-01-15', { origin: 'subscription_update', items: [recurring('pri_year')] }),
  );
  t.deepEqual(
    ledger.states,
    ['app active 2027-01-29'],
    'the change began a period of a year, billed at once',
  );
  ledger.tell(stated('updated', '2026-01-20', [recurring('pri_plus')], { until: '2027-01-15' }));
  t.deepEqual(ledger.states, ['app ended 2027-01-29', 'plus active 2027-01-29']);
});

test('while a price without a product file is stated, no line of the subscription ends', (t) => {
  const both = [recurring(), recurring('pri_plus')];
  const ledger = new BillingWorld().tell(
    stated('created', '2026-01-10', both, { until: '2026-02-10', transaction: 'txn_1' }),
    completed('2026-01-10', both, { subscription: 'sub_1', until: '2026-02-10' }),
    stated('updated', '2026-01-15', [recurring(), recurring('pri_new')], { until: '2026-02-10' }),
  );
  t.deepEqual(ledger.states, ['app active 2026-02-24', 'plus active 2026-02-24']);
  t.deepEqual(ledger.flagKinds, ['unmapped']);
  const ended = new BillingWorld().tell(
    stated('created', '2026-01-10', both, { until: '2026-02-10', transaction: 'txn_1' }),
    completed('2026-01-10', both, { subscription: 'sub_1', until: '2026-02-10' }),
    stated('updated', '2026-01-15', [recurring()], { until: '2026-02-10' }),
  );
  t.deepEqual(ended.states, ['app active 2026-02-24', 'plus ended 2026-02-24'], 'the control');
});

test('an open payment suspends, its payment lifts that', (t) => {
  const ledger = soldWorld().tell(
    stated('past_due', '2026-02-10', [recurring()], { status: 'past_due', until: '2026-03-10' }),
  );
  t.deepEqual(ledger.states, ['app suspended 2026-02-24']);
  t.deepEqual(ledger.tell(renewed('2026-02-12', '2026-03-10')).states, ['app active 2026-03-24']);
});

test('a pause leaves the paid days, suspends after them, and resuming waits for its payment', (t) => {
  const paused = stated('paused', '2026-01-20', [recurring()], { status: 'paused' });
  const ledger = soldWorld().tell(paused);
  t.deepEqual(ledger.states, ['app active 2026-02-10']);
  t.deepEqual(ledger.wait('2026-02-11').states, ['app suspended 2026-02-10']);
  ledger.tell(stated('resumed', '2026-03-01', [recurring()], { until: '2026-04-01' }));
  t.deepEqual(ledger.states, ['app active 2026-02-24'], 'the payment makes the days');
  t.deepEqual(ledger.tell(renewed('2026-03-01', '2026-04-01')).states, ['app active 2026-04-15']);
});

test('a scheduled pause is a last paid day, and is taken back', (t) => {
  const scheduled = { action: 'pause', at: Date.UTC(2026, 1, 10) };
  const ledger = soldWorld().tell(
    stated('updated', '2026-01-20', [recurring()], { until: '2026-02-10', scheduled }),
  );
  t.deepEqual(ledger.states, ['app active 2026-02-10']);
  ledger.tell(stated('updated', '2026-01-21', [recurring()], { until: '2026-02-10' }));
  t.deepEqual(ledger.states, ['app active 2026-02-24']);
});

test('a scheduled change that is not known is flagged, and takes back nothing', (t) => {
  const at_ = Date.UTC(2026, 1, 10);
  const planned = (day: string, action: string) =>
    stated('updated', day, [recurring()], { until: '2026-02-10', scheduled: { action, at: at_ } });
  const world = soldWorld().tell(planned('2026-01-12', 'cancel'), planned('2026-01-13', 'migrate'));
  t.deepEqual([world.states, world.flagKinds], [['app active 2026-02-10'], ['unclear']]);
});

test('a cancellation is paid to its day, is taken back, and ends; one-time lines of the order stay', (t) => {
  const scheduled = { action: 'cancel', at: Date.UTC(2026, 1, 10) };
  const ledger = new BillingWorld().tell(
    stated('created', '2026-01-10', [recurring()], { until: '2026-02-10', transaction: 'txn_1' }),
    completed('2026-01-10', [recurring(), once()], { subscription: 'sub_1', until: '2026-02-10' }),
    stated('updated', '2026-01-20', [recurring()], { until: '2026-02-10', scheduled }),
  );
  t.deepEqual(ledger.states, ['app active 2026-02-10', 'tool active perpetual']);
  ledger.tell(stated('updated', '2026-01-21', [recurring()], { until: '2026-02-10' }));
  t.deepEqual(ledger.states, ['app active 2026-02-24', 'tool active perpetual']);
  ledger.tell(
    stated('updated', '2026-01-22', [recurring()], { until: '2026-02-10', scheduled }),
    stated('canceled', '2026-02-10', [recurring()], { status: 'canceled' }),
  );
  t.deepEqual(ledger.states, ['app ended 2026-02-10', 'tool active perpetual']);
});

test('a subscription that was moved from another system is no sale and no payment', (t) => {
  const ledger = new BillingWorld().tell(
    stated('imported', '2026-01-10', [recurring()], { until: '2026-02-10' }),
  );
  t.deepEqual(ledger.wait('2026-01-12').licenses, []);
});
