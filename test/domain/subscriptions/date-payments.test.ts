/** Payments that state no date get the one that the subscription states beside them. */
import test from 'ava';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import { datePayments } from '../../../src/domain/subscriptions/date-payments.ts';
import { dated, paid, told } from '../../kit/telling.ts';

const S = 'subscription:S';
const stated = (day: string, until: string) =>
  told(day, S, dated(until, { ofPayment: true }), `d:${day}:${until}`);
const payment = (day: string, more = {}) =>
  told(day, S, paid(null, { charge: `order:${day}`, ...more }), `p:${day}`);

/** The days of the payments. */
const untils = (...facts: readonly Fact[]) =>
  datePayments([...facts].sort((a, b) => a.at - b.at)).flatMap(({ body }) =>
    body.kind === 'paid' ? [body.until] : [],
  );

test('without dates of payments the facts are the same list', (t) => {
  const facts = [payment('2027-01-01'), told('2027-01-01', S, dated('2027-02-01'))];
  t.is(datePayments(facts), facts);
});

test('a date of a payment counts for nothing by itself', (t) => {
  t.deepEqual(datePayments([stated('2027-01-01', '2027-02-01')]), []);
});

test('a payment has the first later date that is told from three days before it on', (t) => {
  t.deepEqual(untils(payment('2027-01-01'), stated('2027-01-01', '2027-02-01')), ['2027-02-01']);
  t.deepEqual(untils(stated('2026-12-30', '2027-02-01'), payment('2027-01-01')), ['2027-02-01']);
  t.deepEqual(untils(payment('2027-01-01'), stated('2027-01-20', '2027-02-01')), ['2027-02-01']);
  t.deepEqual(untils(stated('2026-12-29', '2027-02-01'), payment('2027-01-01')), ['2027-02-01']);
  t.deepEqual(untils(stated('2026-12-28', '2027-02-01'), payment('2027-01-01')), [null], 'the control');
  t.deepEqual(
    untils(payment('2027-01-01'), stated('2027-01-01', '2027-01-03')),
    [null],
    'the day of this charge',
  );
});

test('the date of a charge that is not paid yet is no date of the payment before', (t) => {
  const told = [
    payment('2027-01-01'),
    stated('2027-01-01', '2027-02-01'),
    stated('2027-02-01', '2027-03-01'),
  ];
  t.deepEqual(untils(...told), ['2027-02-01']);
  t.deepEqual(untils(...told, payment('2027-02-01')), ['2027-02-01', '2027-03-01']);
});

test('payments within days of each other have dates of their own', (t) => {
  const told = [
    payment('2027-01-01'),
    stated('2027-01-01', '2027-02-01'),
    payment('2027-01-02'),
    stated('2027-01-02', '2027-03-01'),
  ];
  t.deepEqual(untils(...told), ['2027-02-01', '2027-03-01']);
});

test('a change has the date that the subscription has at its time', (t) => {
  const change = payment('2027-01-10', { part: 'proration' });
  const before = [payment('2027-01-01'), stated('2027-01-01', '2027-02-01')];
  t.deepEqual(untils(...before, stated('2027-01-09', '2028-01-09'), change), ['2027-02-01', '2028-01-09']);
  t.deepEqual(untils(...before, change, stated('2027-01-11', '2028-01-09')), ['2027-02-01', '2028-01-09']);
});

test('a free period has no date that is told days later: that may be of a charge', (t) => {
  const free = payment('2027-01-01', { free: true });
  t.deepEqual(untils(free, stated('2027-01-02', '2027-02-01')), ['2027-02-01']);
  t.deepEqual(untils(free, stated('2027-01-15', '2027-02-15')), [null]);
  t.deepEqual(untils(free, stated('2027-01-15', '2027-02-15'), payment('2027-01-31')), [null, null]);
});

test('a payment that states its date keeps it, and dates of other subscriptions are not its', (t) => {
  const own = told('2027-01-01', S, paid('2027-01-20', { charge: 'order:1' }));
  t.deepEqual(untils(own, stated('2027-01-01', '2027-02-01')), ['2027-01-20']);
  const other = { ...stated('2027-01-01', '2027-02-01'), subject: 'subscription:T' } as const;
  t.deepEqual(untils(payment('2027-01-01'), other), [null]);
});

test('a date that is told with the payment of the next period, or after it, is not of the payment before', (t) => {
  const [first, next] = [payment('2027-01-01'), payment('2027-02-01')];
  for (const day of ['2027-02-01', '2027-02-02'])
    t.deepEqual(untils(first, next, stated(day, '2027-03-01')), [null, '2027-03-01'], day);
  for (const part of ['proration', 'extra'] as const) {
    const change = payment('2027-01-02', { part });
    t.deepEqual(
      untils(first, change, stated('2027-01-03', '2027-02-01')),
      ['2027-02-01', '2027-02-01'],
      part,
    );
  }
});

test('of several dates a change has the last one that is told up to its time, else the first after it', (t) => {
  const [early, late] = [stated('2027-01-08', '2028-01-08'), stated('2027-01-09', '2028-01-09')];
  const change = payment('2027-01-10', { part: 'proration' });
  const after = [stated('2027-01-11', '2028-01-11'), stated('2027-01-12', '2028-01-12')];
  t.deepEqual(untils(early, late, change, ...after), ['2028-01-09']);
  t.deepEqual(untils(early, stated('2027-01-10', '2028-01-10'), change, ...after), ['2028-01-10']);
  t.deepEqual(untils(change, ...after), ['2028-01-11']);
});

test('a payment for a new period is paid beyond the longest one that is known', (t) => {
  const own = (day: string, until: string) =>
    told(day, S, paid(until, { charge: `order:${day}` }), `p:${day}`);
  const dates = [stated('2027-03-01', '2027-03-10'), stated('2027-03-02', '2027-04-10')];
  const facts = [
    own('2027-01-01', '2027-02-01'),
    own('2027-02-01', '2027-03-10'),
    payment('2027-03-01'),
    ...dates,
  ];
  t.deepEqual(untils(...facts), ['2027-02-01', '2027-03-10', '2027-04-10']);
  const yearly = [
    own('2027-01-01', '2028-01-01'),
    own('2027-02-01', '2027-03-10'),
    payment('2027-03-01'),
    ...dates,
  ];
  t.deepEqual(untils(...yearly), ['2028-01-01', '2027-03-10', null]);
});

test('a change has the new date that is told right after it, though the former one was told shortly before', (t) => {
  const change = payment('2027-01-02', { part: 'proration' });
  const before = [payment('2027-01-01'), stated('2027-01-01', '2027-02-01')];
  const moved = stated('2027-01-02', '2028-01-02');
  t.deepEqual(untils(...before, change, { ...moved, at: change.at + 1000 }), ['2027-02-01', '2028-01-02']);
  const later = stated('2027-01-20', '2028-01-02');
  t.deepEqual(untils(...before, change, later), ['2027-02-01', '2028-01-02'], 'its own event was lost');
});

test('a date near the next charge is not that of a change before it', (t) => {
  const before = [payment('2027-01-01'), stated('2027-01-01', '2027-02-01')];
  const next = stated('2027-02-01', '2027-03-01');
  const same = stated('2027-01-27', '2027-02-01');
  const change = payment('2027-01-28', { part: 'proration' });
  t.deepEqual(untils(...before, same, change, next), ['2027-02-01', '2027-02-01']);
  t.deepEqual(untils(...before, change, next), ['2027-02-01', null]);
});

test('a date that is told nearer to the next payment is that payment’s, though the one before has none', (t) => {
  const facts = [payment('2027-01-01'), stated('2027-01-31', '2027-03-01'), payment('2027-02-01')];
  t.deepEqual(untils(...facts), [null, '2027-03-01']);
  const own = [payment('2027-01-01'), stated('2027-01-31', '2027-02-01'), payment('2027-02-01')];
  t.deepEqual(untils(...own), ['2027-02-01', null], 'the day of the next charge is the date of this one');
});
