/** The facts of Paddle's alerts of a subscription's state, dates and size. */
import test from 'ava';
import type { FactBody } from '../../../src/domain/facts/fact.ts';
import { bodies, flags, told, type Values } from '../../kit/alerts.ts';

const PLAN: Values = { subscription_id: '700', subscription_plan_id: '47023' };
const SAME: Values = { ...PLAN, old_subscription_plan_id: '47023', next_bill_date: '2026-12-20' };

const updated = (old_status: string, status: string, more: Values = {}) =>
  bodies('subscription_updated', { ...SAME, old_status, status, ...more });

const DATED: FactBody = { kind: 'dated', until: '2026-12-20', sequence: null, active: true };

test('fault 28: a created subscription yields its date, plan and units', (t) => {
  const created = { ...PLAN, status: 'active', quantity: '3', next_bill_date: '2026-12-20' };
  t.deepEqual(told('subscription_created', created), [
    ['subscription:700', DATED],
    ['subscription:700', { kind: 'resized', product: 'app', quantity: 3, line: '47023' }],
  ]);
  const [, unknown] = bodies('subscription_created', { ...created, subscription_plan_id: '1' });
  t.deepEqual(unknown, { kind: 'resized', product: null, quantity: 3, line: '1' });
});

test('a trial’s date is marked as a trial’s', (t) => {
  const trial = { ...PLAN, status: 'trialing', quantity: '1', next_bill_date: '2026-12-04' };
  const [dated] = bodies('subscription_created', trial);
  t.deepEqual(dated, { kind: 'dated', until: '2026-12-04', sequence: null, trial: true });
});

test('fault 70: a date counts while active or trialing, and not while past due, paused or deleted', (t) => {
  const datesOf = (status: string) => updated('active', status).filter(({ kind }) => kind === 'dated').length;
  t.deepEqual(['active', 'trialing'].map(datesOf), [1, 1]);
  t.deepEqual(['past_due', 'paused', 'deleted', 'status'].map(datesOf), [0, 0, 0, 0]);
  t.deepEqual(updated('active', 'active', { next_bill_date: '' }), [{ kind: 'recovered' }]);
});

test('fault 66: active ends overdue and paused, whatever was before', (t) => {
  for (const old of ['past_due', 'paused', 'active', 'trialing', 'old_status']) {
    t.deepEqual(updated(old, 'active'), [{ kind: 'recovered' }, DATED]);
  }
});

test('fault 66: the step from paused to past due changes nothing; to past due from elsewhere is overdue', (t) => {
  t.deepEqual(updated('paused', 'past_due'), [{ kind: 'noted', note: 'a charge is tried after a pause' }]);
  for (const old of ['active', 'trialing', 'old_status'])
    t.deepEqual(updated(old, 'past_due'), [{ kind: 'overdue' }]);
});

test('fault 9: a pause after failed payments is overdue and paused at once', (t) => {
  for (const paused_from of [undefined, '2026-11-20 11:59:59', '2027-06-08 00:00:00']) {
    t.deepEqual(updated('past_due', 'paused', { paused_reason: 'delinquent', paused_from }), [
      { kind: 'overdue' },
      { kind: 'paused' },
    ]);
  }
});

test('fault 2: a scheduled pause has precedence over the status, and its own day is paid', (t) => {
  const ahead = { paused_from: '2027-06-08 00:00:00', paused_reason: 'voluntary' };
  const pause: FactBody = { kind: 'paused', last: '2027-06-08' };
  t.deepEqual(updated('active', 'active', ahead), [pause, DATED]);
  t.deepEqual(updated('active', 'paused', ahead), [pause]);
  t.deepEqual(updated('active', 'past_due', ahead), [{ kind: 'overdue' }, pause]);
  t.deepEqual(updated('trialing', 'trialing', ahead).slice(0, 1), [pause]);
  t.deepEqual(updated('active', 'deleted', ahead), [{ kind: 'noted', note: 'the subscription is deleted' }]);
});

test('fault 2: the alert’s own time decides whether a pause has begun', (t) => {
  const first = (paused_from: string) => updated('active', 'active', { paused_from })[0];
  t.deepEqual(first('2026-11-20 12:00:01'), { kind: 'paused', last: '2026-11-20' });
  t.deepEqual(first('2026-11-20'), { kind: 'paused', last: '2026-11-20' });
  t.deepEqual(first('2026-11-21T00:00:00Z'), { kind: 'paused', last: '2026-11-21' });
  t.deepEqual(first('2026-11-20 12:00:00'), { kind: 'recovered' });
  t.deepEqual(first('2026-11-19'), { kind: 'recovered' }, 'a pause that is over');
  t.deepEqual(first('paused_from'), { kind: 'recovered' });
});

test('a pause that has begun keeps its day, and without one it is from now', (t) => {
  t.deepEqual(updated('active', 'paused', { paused_from: '2026-11-20 09:00:00' }), [
    { kind: 'paused', last: '2026-11-20' },
  ]);
  t.deepEqual(updated('active', 'paused', { paused_reason: 'voluntary' }), [{ kind: 'paused' }]);
});

test('a continued trial is no longer paused', (t) => {
  t.deepEqual(updated('paused', 'trialing')[0], { kind: 'resumed' });
});

test('fault 67: a plan change without new_quantity keeps the quantity', (t) => {
  const size = updated('active', 'active', { subscription_plan_id: '5520' }).at(-1);
  t.deepEqual(size, { kind: 'resized', product: 'pro', quantity: null, line: '5520' });
});

test('a quantity counts, also with the same plan', (t) => {
  const size = updated('active', 'active', { new_quantity: '4', old_quantity: '2' }).at(-1);
  t.deepEqual(size, { kind: 'resized', product: 'app', quantity: 4, line: '47023' });
});

test('without a new plan or quantity, there is no fact of the size', (t) => {
  t.deepEqual(updated('active', 'active'), [{ kind: 'recovered' }, DATED]);
  t.deepEqual(updated('active', 'active', { subscription_plan_id: '', old_subscription_plan_id: '' }), [
    { kind: 'recovered' },
    DATED,
  ]);
});

test('fault 29: an unknown plan is a fact, and an unreadable quantity is flagged', (t) => {
  const unknown = updated('active', 'active', { subscription_plan_id: '1', new_quantity: '10' }).at(-1);
  t.deepEqual(unknown, { kind: 'resized', product: null, quantity: 10, line: '1' });
  const flagsOf = (values: Values) => flags('subscription_updated', { ...SAME, status: 'active', ...values });
  for (const new_quantity of ['new_quantity', '0', '-1', '65536', '999999']) {
    t.deepEqual(flagsOf({ new_quantity }), ['unmapped']);
    const sizes = updated('active', 'active', { new_quantity, subscription_plan_id: '5520' });
    t.deepEqual(
      sizes.find(({ kind }) => kind === 'resized'),
      { kind: 'resized', product: 'pro', quantity: null, line: '5520' },
      'the plan counts all the same',
    );
  }
  t.deepEqual(flagsOf({ subscription_plan_id: '', new_quantity: '3' }), ['unmapped']);
  t.deepEqual(flagsOf({ subscription_plan_id: '', new_quantity: 'x' }), ['unmapped']);
  t.deepEqual(flagsOf({ new_quantity: '65535' }), [], 'the control');
});

test('an unknown status is flagged, and a scheduled pause still counts', (t) => {
  for (const status of ['frozen', '', undefined]) {
    t.deepEqual(flags('subscription_updated', { ...SAME, status }), ['unclear']);
    t.deepEqual(flags('subscription_created', { ...SAME, status }), ['unclear']);
  }
  const [, pause] = updated('active', 'frozen', { paused_from: '2027-06-08' });
  t.deepEqual(pause, { kind: 'paused', last: '2027-06-08' });
  for (const status of ['active', 'trialing', 'past_due', 'paused', 'deleted'])
    t.deepEqual(flags('subscription_updated', { ...SAME, status }), [], status);
});

test('a failed payment is overdue, except for the test sender’s, which is still active', (t) => {
  for (const status of ['past_due', 'trialing', undefined])
    t.deepEqual(told('subscription_payment_failed', { ...PLAN, status }), [
      ['subscription:700', { kind: 'overdue' }],
    ]);
  t.deepEqual(bodies('subscription_payment_failed', { ...PLAN, status: 'active' }), [
    { kind: 'noted', note: 'a payment failed' },
  ]);
});

test('a canceled subscription is paid to its effective day, written with or without a time', (t) => {
  for (const cancellation_effective_date of ['2026-12-20', '2026-12-20 09:30:00'])
    t.deepEqual(told('subscription_cancelled', { ...PLAN, status: 'deleted', cancellation_effective_date }), [
      ['subscription:700', { kind: 'canceled', last: '2026-12-20' }],
    ]);
  for (const cancellation_effective_date of [undefined, '', 'tomorrow', '2026-02-30', '1970-01-01'])
    t.deepEqual(flags('subscription_cancelled', { ...PLAN, cancellation_effective_date }), ['unclear']);
});

test('an alert without its subscription yields no facts', (t) => {
  for (const name of ['created', 'updated', 'payment_failed', 'cancelled'])
    t.deepEqual(told(`subscription_${name}`, { ...SAME, subscription_id: undefined, status: 'active' }), []);
});
