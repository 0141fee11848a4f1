import test from 'ava';
import { Periods } from '../../../src/domain/life/periods.ts';
import { productOf } from '../../kit/product.ts';
import { at } from '../../kit/world.ts';

const none = () => undefined;
/** The time of every return in these tests. */
const RETURNED = at('2029-01-01');
const paying = (until: string | null, more: { free?: boolean; beginsPeriod?: boolean } = {}) => ({
  until,
  free: false,
  beginsPeriod: true,
  ...more,
});

function pay(periods: Periods, charge: string, day: string, told: ReturnType<typeof paying>): void {
  periods.pay({ charge, at: at(day), ...told });
}
/** Within a period, to 2027-02-10. */
const NO_PERIOD = paying('2027-02-10', { beginsPeriod: false });

/** A year's subscription that began on 2027-01-01. */
function yearly(): Periods {
  const periods = new Periods(productOf({ term: 'P1Y' }), '2028-01-01');
  periods.begin('order:A', '2027-01-01', false);
  return periods;
}
/** A month's subscription with a stated next charge: 2027-02-01. */
function monthly(): Periods {
  const periods = new Periods(productOf({ term: 'P1M' }), '2027-02-01');
  periods.begin('order:A', '2027-01-01', false);
  pay(periods, 'order:A', '2027-01-01', paying('2027-02-01'));
  return periods;
}
const endOf = (periods: Periods, returned: readonly string[] = []) =>
  periods.left((charge) => (returned.includes(charge) ? RETURNED : undefined)).end;

test('a sale begins a period up to its first code’s day, until a date is stated', (t) => {
  const periods = yearly();
  t.is(periods.until, '2028-01-01');
  t.is(endOf(periods), null, 'the first code’s own day holds');
  periods.date('2028-02-01', '2027-01-01');
  t.is(periods.until, '2028-02-01');
  t.is(endOf(periods), '2028-02-01');
  t.is(new Periods(productOf(), '2028-01-01').until, null);
});

test('the payment of the order itself pays for its first period', (t) => {
  const periods = yearly();
  pay(periods, 'order:A', '2027-01-01', paying('2027-12-31'));
  t.is(periods.all.length, 1);
  t.is(endOf(periods), '2027-12-31');
  pay(periods, 'order:A', '2027-01-02', paying(null));
  t.is(endOf(periods), '2027-12-31', 'a repetition without a date changes none');
});

test('a charge that moves the date by more than three days begins a period', (t) => {
  const periods = monthly();
  pay(periods, 'order:B', '2027-02-01', paying('2027-03-01'));
  t.is(periods.all.length, 2);
  t.is(endOf(periods), '2027-03-01');
  pay(periods, 'order:C', '2027-02-15', paying('2027-03-04'));
  t.is(periods.all.length, 2);
  t.is(endOf(periods), '2027-03-04', 'the later stated date counts');
  pay(periods, 'order:D', '2027-02-16', paying('2027-03-05'));
  t.is(periods.all.length, 3);
});

test('fault 12: a returned charge takes its own period and no other', (t) => {
  const periods = monthly();
  pay(periods, 'order:B', '2027-02-01', paying('2027-03-01'));
  pay(periods, 'order:C', '2027-03-01', paying('2027-04-01'));
  t.is(endOf(periods), '2027-04-01');
  t.is(endOf(periods, ['order:A']), '2027-04-01');
  t.is(endOf(periods, ['order:B']), '2027-04-01');
  t.is(endOf(periods, ['order:C']), '2027-03-01');
  t.is(endOf(periods, ['order:B', 'order:C']), '2027-02-01');
  const left = periods.left((charge) => (charge === 'order:A' ? undefined : RETURNED));
  t.like(left, { cut: true, hasReturned: true });
  t.like(
    periods.left((charge) => (charge === 'order:B' ? RETURNED : undefined)),
    { cut: false, hasReturned: true },
  );
  t.like(periods.left(none), { cut: false, hasReturned: false });
  t.like(
    periods.left(() => RETURNED),
    { last: undefined, end: null, cut: false, hasReturned: true, paid: undefined },
  );
});

test('the return of a charge that moved the date within a period moves the date back', (t) => {
  const periods = monthly();
  pay(periods, 'order:B', '2027-01-20', paying('2027-03-01'));
  const left = periods.left((charge) => (charge === 'order:B' ? RETURNED : undefined));
  t.like(left, { end: '2027-02-01', cut: true, hasReturned: true });
});

test('a proration and an extra charge begin no period unless they move the date', (t) => {
  for (const until of ['2027-02-01', null]) {
    const periods = monthly();
    pay(periods, 'order:B', '2027-01-20', paying(until, { beginsPeriod: false }));
    t.is(periods.all.length, 1);
    t.is(endOf(periods, ['order:B']), '2027-02-01');
  }
  const periods = monthly();
  pay(periods, 'order:B', '2027-01-20', paying('2028-01-20', { beginsPeriod: false }));
  t.is(endOf(periods), '2028-01-20');
});

test('fault 26: a later date stated later wins, and a late report of an earlier charge shortens nothing', (t) => {
  const periods = monthly();
  pay(periods, 'order:B', '2027-02-01', paying('2027-03-01'));
  periods.date('2027-03-15', '2027-02-10');
  t.is(endOf(periods), '2027-03-15');
  periods.date('2027-03-10', '2027-02-11');
  t.is(endOf(periods), '2027-03-10');
});

test('a date without a payment does not change what the period’s payment paid for', (t) => {
  const periods = monthly();
  periods.date('2027-03-01', '2027-01-31');
  pay(periods, 'order:B', '2027-02-01', paying('2027-03-01'));
  t.is(periods.all.length, 2, 'the date came before its charge');
  t.is(endOf(periods, ['order:B']), '2027-02-01');
  const other = monthly();
  other.date('2027-03-02', '2027-01-31');
  pay(other, 'order:B', '2027-02-01', paying('2027-03-01'));
  t.is(endOf(other, ['order:B']), '2027-02-01', 'and was another');
  const moved = monthly();
  moved.date('2027-02-10', '2027-01-31');
  pay(moved, 'order:B', '2027-02-10', paying('2027-03-10'));
  t.is(endOf(moved, ['order:B']), '2027-02-10', 'a date that was moved stands until its day');
  const early = monthly();
  early.date('2027-02-10', '2027-01-31');
  pay(early, 'order:B', '2027-02-05', paying('2027-03-10'));
  t.is(endOf(early, ['order:B']), '2027-02-05', 'and no longer than to the charge');
});

test('a date up to the first day of a paid period is of the period before; a later one shortens it', (t) => {
  for (const day of ['2027-02-01', '2027-01-31']) {
    const periods = monthly();
    pay(periods, 'order:B', day, paying('2027-03-01'));
    periods.date('2027-02-01', day);
    t.is(endOf(periods), '2027-03-01', `charged on ${day}`);
    periods.date('2027-02-02', day);
    t.is(endOf(periods), '2027-02-02', 'the control: the seller moves the date');
    t.is(endOf(periods, ['order:B']), '2027-02-01');
  }
});

test('a payment without a date reaches the product’s term, unless it lies clearly within a known period', (t) => {
  const payOn = (day: string) => {
    const periods = monthly();
    pay(periods, 'order:B', day, paying(null));
    return endOf(periods);
  };
  t.is(payOn('2027-01-28'), '2027-02-01', 'four days before');
  t.is(payOn('2027-01-29'), '2027-03-01', 'three days before: of the period that begins then');
  t.is(payOn('2027-02-01'), '2027-03-01');
  t.is(payOn('2027-02-10'), '2027-03-10');
});

test('a payment by hand within a known period pays a term from its own day, where that is longer', (t) => {
  const periods = monthly();
  const byHand = { ...paying(null), byHand: true };
  periods.pay({ charge: 'order:B', at: at('2027-01-20'), ...byHand });
  t.is(endOf(periods), '2027-02-20');
  t.is(endOf(periods, ['order:B']), '2027-02-01', 'its return takes its own days');
  const long = monthly();
  long.date('2027-12-01', '2027-01-10');
  long.pay({ charge: 'order:B', at: at('2027-01-20'), ...byHand });
  t.is(endOf(long), '2027-12-01', 'it shortens nothing');
  const perpetual = new Periods(productOf({ term: 'perpetual' }), null);
  perpetual.begin('order:A', '2027-01-01', false);
  perpetual.date('2027-02-01', '2027-01-01');
  perpetual.pay({ charge: 'order:B', at: at('2027-01-20'), ...byHand });
  t.is(endOf(perpetual), '2027-02-01', 'a perpetual product has no term');
});

test('a payment ahead pays a term from the end of the period before, stated or assumed', (t) => {
  const ahead = { ...paying(null), byHand: true, isAhead: true };
  const stated = monthly();
  stated.pay({ charge: 'order:B', at: at('2027-01-20'), ...ahead });
  t.is(endOf(stated), '2027-03-01');
  t.is(endOf(stated, ['order:B']), '2027-02-01', 'its return takes its own days');
  const assumed = yearly();
  assumed.pay({ charge: 'order:B', at: at('2027-12-01'), ...ahead });
  t.is(endOf(assumed), '2029-01-01', 'the first code’s own day');
  assumed.pay({ charge: 'order:C', at: at('2027-12-02'), ...ahead });
  t.is(endOf(assumed), '2030-01-01', 'each payment pays for one period');
  const late = monthly();
  late.pay({ charge: 'order:B', at: at('2027-02-20'), ...ahead });
  t.is(endOf(late), '2027-03-20', 'after the end, from its own day');
});

test('a stated date replaces an assumed date', (t) => {
  const periods = monthly();
  pay(periods, 'order:B', '2027-02-02', paying(null));
  t.is(endOf(periods), '2027-03-02');
  t.true(periods.current?.assumed);
  periods.date('2027-03-01', '2027-02-02');
  t.is(endOf(periods), '2027-03-01');
  t.false(periods.current?.assumed);
  const other = monthly();
  pay(other, 'order:B', '2027-02-02', paying(null));
  pay(other, 'order:C', '2027-02-03', paying('2027-03-01'));
  t.is(other.all.length, 2);
  t.is(endOf(other), '2027-03-01');
  const undated = yearly();
  pay(undated, 'order:B', '2028-01-01', paying(null));
  t.is(endOf(undated), '2029-01-01', 'behind an assumed date as well');
});

test('a payment without a date leaves a perpetual license without a date', (t) => {
  const periods = new Periods(productOf({ term: 'perpetual' }), null);
  periods.begin('order:A', '2027-01-01', false);
  pay(periods, 'order:B', '2028-01-01', paying(null));
  t.is(periods.all.length, 1);
  t.is(endOf(periods), null);
  t.is(periods.until, null);
});

test('a payment without a charge name begins a period that cannot be returned', (t) => {
  const periods = monthly();
  pay(periods, '', '2027-02-01', paying('2027-03-01'));
  pay(periods, '', '2027-03-01', paying('2027-04-01'));
  t.is(periods.all.length, 3);
  t.is(endOf(periods, ['']), '2027-04-01');
});

test('fault 77: a request for a charge of unknown kind counts from three days before the known date on', (t) => {
  const ask = (day: string) => {
    const periods = monthly();
    return [periods.ask('order:R', day), endOf(periods)];
  };
  t.deepEqual(ask('2027-01-28'), [false, '2027-02-01']);
  t.deepEqual(ask('2027-01-29'), [true, '2027-03-01'], 'from the known date on');
  t.deepEqual(ask('2027-02-05'), [true, '2027-03-05'], 'from the request on where it is later');
});

test('fault 77: the same request counts once, and no request counts twice in a period', (t) => {
  const periods = monthly();
  t.true(periods.ask('order:R', '2027-02-01'));
  t.false(periods.ask('order:R', '2027-03-01'));
  t.false(periods.ask('order:R2', '2027-02-02'), 'the period that it foretold is known now');
  t.is(endOf(periods), '2027-03-01');
});

test('fault 77: a request moves no date of a perpetual license', (t) => {
  const periods = new Periods(productOf({ term: 'perpetual' }), null);
  t.false(periods.ask('order:R', '2027-02-01'));
});

test('fault 77: a request without a known date reaches the product’s term', (t) => {
  const periods = new Periods(productOf({ term: 'P1M' }), null);
  t.true(periods.ask('order:R', '2027-02-01'));
  t.is(endOf(periods), '2027-03-01');
});

test('fault 77: the charge replaces what its request assumed', (t) => {
  const replaced = (charge: string, day: string) => {
    const periods = monthly();
    periods.ask('order:R', '2027-01-31');
    pay(periods, charge, day, paying('2027-03-20'));
    return [periods.all.length, endOf(periods), endOf(periods, [charge])];
  };
  const own = [2, '2027-03-20', '2027-02-01'];
  t.deepEqual(replaced('order:R', '2027-03-20'), own, 'however late, by its name');
  t.deepEqual(replaced('order:X', '2027-02-10'), own, 'by its day, under another name');
  t.deepEqual(replaced('order:X', '2027-01-21'), own);
  t.deepEqual(
    replaced('order:X', '2027-02-11'),
    [3, '2027-03-20', '2027-03-01'],
    'eleven days behind it is another charge',
  );
  t.deepEqual(replaced('order:X', '2027-01-20'), [3, '2027-03-20', '2027-03-01']);
});

test('fault 77: a charge with the request’s name replaces the request’s period', (t) => {
  const periods = monthly();
  pay(periods, 'order:R', '2027-02-01', paying('2027-03-01'));
  t.false(periods.ask('order:R', '2027-03-01'));
  periods.date('2027-02-20', '2027-02-02');
  t.is(endOf(periods), '2027-02-20', 'a stated date counts, also an earlier date');
});

test('fault 77: a date of the previous period does not shorten the assumed period', (t) => {
  const periods = monthly();
  periods.ask('order:R', '2027-02-01');
  periods.date('2027-02-01', '2027-02-01');
  t.is(endOf(periods), '2027-03-01');
  periods.date('2027-03-02', '2027-02-02');
  t.is(endOf(periods), '2027-03-02');
});

test('a date stated before any charge belongs to a period whose charge follows', (t) => {
  const begun = (term = 'P1M') => {
    const periods = new Periods(productOf({ term }), null);
    periods.date('2027-02-01', '2027-01-05');
    return periods;
  };
  t.is(endOf(begun()), '2027-02-01');
  t.is(begun().left(none).paid, undefined, 'it is no payment');
  const payOn = (day: string, until: string | null, more = {}) => {
    const periods = begun();
    pay(periods, 'order:B', day, paying(until, more));
    return [periods.all.length, endOf(periods), endOf(periods, ['order:B'])];
  };
  t.deepEqual(payOn('2027-01-06', '2027-02-01'), [1, '2027-02-01', null]);
  t.deepEqual(payOn('2027-01-06', null), [1, '2027-02-01', null]);
  t.deepEqual(payOn('2027-01-28', null), [1, '2027-02-01', null], 'four days before it');
  t.deepEqual(payOn('2027-01-29', null), [1, '2027-03-01', null], 'three days before it');
  t.deepEqual(payOn('2027-01-06', '2027-02-01', { beginsPeriod: false }), [1, '2027-02-01', '2027-02-01']);
  const perpetual = begun('perpetual');
  pay(perpetual, 'order:B', '2027-01-30', paying(null));
  t.is(endOf(perpetual), '2027-02-01');
});

test('a charge up to three days early belongs to the period that begins on the known day', (t) => {
  for (const [day, start] of [
    ['2027-01-28', '2027-01-28'],
    ['2027-01-29', '2027-02-01'],
    ['2027-01-31', '2027-02-01'],
    ['2027-02-01', '2027-02-01'],
    ['2027-02-02', '2027-02-02'],
  ] as const) {
    const periods = monthly();
    pay(periods, 'order:B', day, paying('2027-03-01'));
    t.is(periods.current?.start, start);
    t.is(endOf(periods, ['order:B']), '2027-02-01');
  }
});

test('fault 12: a charge paid after a return pays for the same period again', (t) => {
  for (const until of ['2027-02-01', null]) {
    const periods = monthly();
    pay(periods, 'order:B', '2027-01-10', paying(until));
    const endAfter = (returned: Readonly<Record<string, string>>) => {
      const left = periods.left((charge) =>
        returned[charge] === undefined ? undefined : at(returned[charge]),
      );
      return [left.end, left.hasReturned];
    };
    t.deepEqual(endAfter({ 'order:A': '2027-01-05' }), ['2027-02-01', false]);
    t.deepEqual(endAfter({ 'order:A': '2027-01-10' }), [null, true], 'it was paid before');
    t.deepEqual(endAfter({ 'order:A': '2027-01-05', 'order:B': '2027-01-11' }), [null, true]);
    t.deepEqual(endAfter({ 'order:B': '2027-01-11' }), ['2027-02-01', false]);
  }
  const proration = monthly();
  pay(proration, 'order:B', '2027-01-10', paying('2027-02-01', { beginsPeriod: false }));
  t.is(endOf(proration, ['order:A']), null);
  const nameless = monthly();
  pay(nameless, '', '2027-01-10', paying('2027-02-01'));
  t.is(nameless.left((charge) => (charge === 'order:B' ? undefined : at('2027-01-05'))).end, '2027-02-01');
});

test('a first period without a date takes the date of an unnamed payment', (t) => {
  const periods = yearly();
  pay(periods, 'order:X', '2027-01-02', paying('2027-12-01'));
  t.is(periods.all.length, 2, 'no date was known');
  const assumed = monthly();
  pay(assumed, 'order:B', '2027-02-02', paying(null));
  pay(assumed, 'order:C', '2027-02-03', paying('2027-02-27'));
  t.like(assumed.current, { until: '2027-02-27', paidUntil: '2027-02-27', assumed: false });
  const told = monthly();
  pay(told, 'order:C', '2027-01-03', paying('2027-01-30'));
  t.like(told.current, { until: '2027-01-30', paidUntil: '2027-02-01', assumed: false });
});

test('a proration does not pay for a returned period again', (t) => {
  const periods = monthly();
  pay(periods, 'order:B', '2027-01-10', paying('2027-02-01', { beginsPeriod: false }));
  pay(periods, 'order:C', '2027-01-11', paying(null, { beginsPeriod: false }));
  t.deepEqual(periods.current?.again, []);
  t.is(periods.all.length, 1);
});

test('a charge without a date after an assumed date pays for the next period', (t) => {
  const periods = monthly();
  pay(periods, 'order:B', '2027-02-01', paying(null));
  pay(periods, 'order:C', '2027-02-10', paying(null));
  t.is(periods.all.length, 3);
  t.like(periods.current, { start: '2027-02-10', until: '2027-03-10', assumed: true, asked: false });
});

test('fault 34: the last period paid with money is known beside the last period', (t) => {
  const periods = monthly();
  pay(periods, 'order:B', '2027-02-01', paying('2027-03-01'));
  pay(periods, 'order:C', '2027-03-01', paying('2027-04-01', { free: true }));
  t.is(periods.left(none).last?.charge, 'order:C');
  t.is(periods.left(none).paid?.charge, 'order:B');
  const trial = new Periods(productOf({ term: 'P1M' }), '2027-01-15');
  trial.begin('order:A', '2027-01-01', true);
  t.is(trial.left(none).paid, undefined);
  pay(trial, 'order:A', '2027-01-01', paying('2027-02-01'));
  t.is(trial.left(none).paid?.charge, 'order:A', 'money was paid for it after all');
});

test('a payment that shortens the current period begins its own period, and its return takes only that period', (t) => {
  const periods = yearly();
  pay(periods, 'order:A', '2027-01-01', paying('2028-01-01'));
  pay(periods, 'order:B', '2027-02-01', paying('2027-03-01'));
  pay(periods, 'order:C', '2027-03-01', paying('2027-04-01'));
  t.is(endOf(periods), '2027-04-01');
  t.is(endOf(periods, ['order:C']), '2027-03-01');
});

test('control: a payment with a past day, or one that begins no period, shortens nothing', (t) => {
  const periods = yearly();
  pay(periods, 'order:A', '2027-01-01', paying('2028-01-01'));
  pay(periods, 'order:B', '2027-03-01', paying('2027-03-01'));
  pay(periods, 'order:C', '2027-03-02', paying('2027-04-01', { beginsPeriod: false }));
  t.is(periods.all.length, 1);
});

/** Due on 2026-11-01, paid on 2026-11-30; the next charge is on 2026-12-01. */
function paidLate(): Periods {
  const periods = new Periods(productOf({ term: 'P1M' }), '2026-11-01');
  periods.begin('order:A', '2026-10-01', false);
  pay(periods, 'order:A', '2026-10-01', paying('2026-11-01'));
  pay(periods, 'order:B', '2026-11-30', paying(null));
  return periods;
}

test('after a payment that came nearly a term late, the next charge pays for its own period', (t) => {
  for (const day of ['2026-12-01', '2026-12-05']) {
    const periods = paidLate();
    t.is(endOf(periods), '2026-12-30', 'until more is known');
    pay(periods, 'order:C', day, paying('2027-01-01'));
    t.is(endOf(periods), '2027-01-01');
    t.is(endOf(periods, ['order:C']), '2026-12-01', `charged on ${day}`);
    t.is(endOf(periods, ['order:B']), '2027-01-01');
  }
});

test('a date that is stated after such a payment is what it paid to', (t) => {
  const periods = paidLate();
  periods.date('2026-12-01', '2026-11-30');
  pay(periods, 'order:C', '2026-12-01', paying('2027-01-01'));
  t.is(endOf(periods, ['order:C']), '2026-12-01');
});

test('a payment in a term’s last days that stands for a later one keeps its term', (t) => {
  const periods = paidLate();
  pay(periods, 'order:C', '2027-01-01', paying('2027-02-01'));
  t.is(endOf(periods, ['order:C']), '2026-12-30', 'the charge of 1 November was lost');
  const again = monthly();
  pay(again, 'order:B', '2027-02-01', paying(null));
  pay(again, 'order:C', '2027-02-10', paying('2027-03-01'));
  t.is(endOf(again, ['order:C']), '2027-03-01', 'paid in time');
});

test('a payment for something else leaves the date that the seller put off, so that its return does not take it', (t) => {
  for (const day of ['2027-01-20', '2027-01-25']) {
    const periods = monthly();
    periods.date('2027-02-10', '2027-01-20');
    periods.pay({ charge: 'order:B', at: at(day), ...NO_PERIOD, isForOthers: true });
    t.is(endOf(periods), '2027-02-10');
    t.is(endOf(periods, ['order:B']), '2027-02-10');
  }
});

test('a payment within the period pays for a date that was told with it, and not for one told days before', (t) => {
  for (const [day, left] of [
    ['2027-01-20', '2027-02-01'],
    ['2027-01-21', '2027-02-01'],
    ['2027-01-22', '2027-02-10'],
  ] as const) {
    const periods = monthly();
    periods.date('2027-02-10', '2027-01-20');
    periods.date('2027-02-10', day);
    periods.pay({ charge: 'order:B', at: at(day), ...NO_PERIOD });
    t.is(endOf(periods, ['order:B']), left, day);
  }
  const beside = monthly();
  beside.date('2027-02-10', '2027-01-20');
  beside.pay({ charge: 'order:B', at: at('2027-01-25'), ...NO_PERIOD, isBeside: true });
  t.is(endOf(beside, ['order:B']), '2027-02-10');
});

test('control: a date told days before its charge is that charge’s own, if it begins a period or reaches there at least', (t) => {
  for (const more of [{ beginsPeriod: true }, { atLeast: true }]) {
    const periods = monthly();
    periods.date('2027-02-10', '2027-01-20');
    periods.pay({ charge: 'order:B', at: at('2027-01-25'), ...NO_PERIOD, ...more });
    t.is(endOf(periods, ['order:B']), '2027-02-01');
  }
});
