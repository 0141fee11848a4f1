/** Subscriptions: what their state says, and what it does not. */
import test from 'ava';
import { bodiesOf, once, paidInvoice, recurring, StripeWorld, soldWorld, stated } from '../../kit/stripe.ts';

const DAY = '2026-01-20';
const UNTIL = '2026-02-10';
const ACTIVE = 'app active 2026-02-24';

test('a quantity is as the subscription states it: more units at once, fewer end', (t) => {
  const world = soldWorld().tell(
    stated('updated', DAY, { until: UNTIL, items: [recurring('price_Month', 3)] }),
  );
  t.deepEqual(world.states, [ACTIVE, ACTIVE, ACTIVE]);
  world.tell(stated('updated', '2026-01-21', { until: UNTIL, items: [recurring('price_Month', 2)] }));
  t.deepEqual(world.states, [ACTIVE, ACTIVE, 'app ended 2026-02-24']);
});

test('another price of the same product keeps the license, another product takes its place', (t) => {
  const year = stated('updated', DAY, { until: UNTIL, items: [recurring('price_Year')] });
  t.deepEqual(soldWorld().tell(year).licenses, ['app cs_1/0 active 2026-02-24']);
  const plus = stated('updated', DAY, { until: UNTIL, items: [recurring('price_Plus')] });
  t.deepEqual(soldWorld().tell(plus).states, ['app ended 2026-02-24', 'plus active 2026-02-24']);
});

test('a plan that no product file names ends nothing and is flagged', (t) => {
  const world = soldWorld().tell(stated('updated', DAY, { until: UNTIL, items: [recurring('price_New')] }));
  t.deepEqual([world.states, world.flagKinds], [[ACTIVE], ['unmapped']]);
});

test('past due and unpaid suspend; active again is no payment and is flagged, a paid invoice is', (t) => {
  for (const status of ['past_due', 'unpaid']) {
    const world = soldWorld().tell(stated('updated', DAY, { until: UNTIL, status }));
    t.deepEqual(world.states, ['app suspended 2026-02-24'], status);
    world.tell(stated('updated', '2026-01-21', { until: UNTIL }, { status }));
    t.deepEqual([world.states, world.flagKinds], [['app suspended 2026-02-24'], ['unclear']], status);
    t.deepEqual(world.tell(paidInvoice('2026-02-10', '2026-03-10')).states, ['app active 2026-03-24']);
    t.deepEqual(world.flagKinds, [], 'the payment confirms it');
  }
});

test('an incomplete subscription was never paid: nothing is suspended', (t) => {
  for (const status of ['incomplete', 'incomplete_expired']) {
    const bodies = bodiesOf(stated('updated', DAY, { status })).map(({ kind }) => kind);
    t.deepEqual(bodies, ['uncanceled'], status);
  }
});

test('a cancellation counts for its end, not for its day, and can be withdrawn', (t) => {
  const world = soldWorld().tell(stated('updated', DAY, { until: UNTIL, cancels: true }));
  t.deepEqual(world.states, ['app active 2026-02-10']);
  t.deepEqual(world.tell(stated('updated', '2026-01-21', { until: UNTIL })).states, [ACTIVE]);
  const old = stated('updated', DAY, { until: UNTIL, cancels: true });
  const payload = JSON.parse(old.payload);
  const object = payload.data.object;
  Object.assign(object, { cancel_at: null, current_period_end: object.items.data[0].current_period_end });
  delete object.items.data[0].current_period_end;
  const before = { day: DAY, payload: JSON.stringify(payload) };
  t.deepEqual(soldWorld().tell(before).states, ['app active 2026-02-10'], 'before 2025-03-31');
});

test('a cancellation for a day that is not paid yet adds no day: each period until then is paid by its invoice', (t) => {
  const { day, payload } = stated('updated', DAY, { until: UNTIL });
  const later = JSON.parse(payload);
  later.data.object.cancel_at = Date.UTC(2026, 5, 10) / 1000;
  const world = soldWorld().tell({ day, payload: JSON.stringify(later) });
  t.deepEqual(world.states, [ACTIVE]);
  t.deepEqual(world.tell(paidInvoice('2026-02-10', '2026-03-10')).states, ['app active 2026-03-24']);
  t.deepEqual(world.tell(paidInvoice('2026-03-10', '2026-06-10')).states, ['app active 2026-06-10']);
});

test('the end is the day on which it ended', (t) => {
  const world = soldWorld().tell(stated('deleted', DAY, { status: 'canceled', ended: '2026-01-19' }));
  t.deepEqual(world.states, ['app ended 2026-01-19']);
});

test('the status paused suspends until it resumes', (t) => {
  const paused = stated('paused', DAY, { until: UNTIL, status: 'paused' });
  t.deepEqual(soldWorld().tell(paused).states, ['app suspended 2026-02-24']);
  for (const resumed of [
    stated('resumed', '2026-01-25', { until: UNTIL }),
    stated('updated', '2026-01-25', { until: UNTIL }, { status: 'paused' }),
  ]) {
    t.deepEqual(soldWorld().tell(paused, resumed).states, [ACTIVE]);
  }
  t.deepEqual(
    soldWorld().tell(paused, stated('updated', '2026-01-25', { until: UNTIL })).states,
    ['app suspended 2026-02-24'],
    'the control: nothing says that it resumed',
  );
});

test('payments that are not collected are no pause: flagged once, and nothing is suspended', (t) => {
  const pause = { behavior: 'void', resumes_at: null };
  const world = soldWorld().tell(stated('updated', DAY, { until: UNTIL, pause }, { pause_collection: null }));
  t.deepEqual([world.states, world.flagKinds], [[ACTIVE], ['unclear']]);
  world.tell(stated('updated', '2026-01-21', { until: UNTIL, pause }));
  world.tell(stated('updated', '2026-01-22', { until: UNTIL }, { pause_collection: pause }));
  t.deepEqual([world.states, world.flagKinds], [[ACTIVE], ['unclear']]);
});

test('a trial whose end is moved ends on the new day', (t) => {
  const trial = { status: 'trialing', trialEnd: '2026-03-01', until: '2026-03-01' };
  t.deepEqual(soldWorld().tell(stated('updated', DAY, trial)).states, ['app active 2026-03-15']);
});

test('plans say nothing, and an unknown status is flagged', (t) => {
  for (const name of ['trial_will_end', 'pending_update_applied'])
    t.deepEqual(bodiesOf(stated(name, DAY)), [], name);
  t.deepEqual(
    bodiesOf(stated('pending_update_expired', DAY)).map(({ kind }) => kind),
    ['noted'],
  );
  t.deepEqual(soldWorld().tell(stated('updated', DAY, { until: UNTIL, status: 'dormant' })).flagKinds, [
    'unclear',
  ]);
});

test('items that are left out of the event end nothing', (t) => {
  const told = stated('updated', DAY, { until: UNTIL, items: [once('price_Plus')] });
  const payload = JSON.parse(told.payload);
  payload.data.object.items.has_more = true;
  const world = soldWorld().tell({ day: DAY, payload: JSON.stringify(payload) });
  t.deepEqual([world.states, world.flagKinds], [[ACTIVE], ['unclear']]);
});

test('a subscription without a sale issues nothing', (t) => {
  t.deepEqual(new StripeWorld().tell(stated('created', DAY), stated('updated', DAY)).licenses, []);
});

test('0 units of everything end with the paid days, and are flagged', (t) => {
  const world = soldWorld().tell(
    stated('updated', DAY, { until: UNTIL, items: [recurring('price_Month', 0)] }),
  );
  t.deepEqual([world.states, world.flagKinds], [[ACTIVE], ['unclear']]);
});
