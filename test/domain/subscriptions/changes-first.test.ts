import test from 'ava';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { changesFirst } from '../../../src/domain/subscriptions/changes-first.ts';
import { covers, dated, paid, told } from '../../kit/telling.ts';
import { announced, coverageOf, forNow } from './covering.ts';

const DAY = '2027-01-10';
let count = 0;
/** A fact of the subscription, some seconds after noon of the day. */
function fact(seconds: number, body: FactBody, day = DAY): Fact {
  count += 1;
  const one = told(day, 'subscription:S', body, `fact ${count}`);
  return { ...one, at: one.at + seconds * 1000 };
}
/** Three units, dated to the end of the month. */
const BEGUN = [fact(0, announced('pro', 3), '2027-01-01'), fact(0, dated('2027-02-01'), '2027-01-01')];
const REBILLED = [...BEGUN, fact(0, paid('2027-03-01', { covers: covers('pro', 3) }), '2027-02-01')];
const LATER = '2027-02-10';
const HOURS = 3600;
const undated = paid(null);
const prorated = (quantity: number, product = 'pro') =>
  paid(null, { covers: covers(product, quantity), part: 'proration' });
const short = (...facts: readonly Fact[]) => forNow(coverageOf(facts));

test('an edit told after its proration counts as paid by it', (t) => {
  for (const named of [2, 5]) {
    const facts = [fact(0, prorated(named), LATER), fact(0.5, announced('pro', 5), LATER)];
    t.is(short(...REBILLED, ...facts), 'pro:pro*5');
    const coverage = coverageOf([...REBILLED, ...facts]);
    t.is(coverage.pending, undefined);
    t.deepEqual(coverage.unnamed, []);
    t.is(coverage.before.at(-1)?.until, facts[0]?.at, 'from the charge on');
  }
});

test('an edit told after a charge of which nothing is told, within a period, counts as paid by it', (t) => {
  t.is(short(...BEGUN, fact(0, undated), fact(0.5, announced('pro', 5))), 'pro:pro*5');
  t.is(short(...BEGUN, fact(0, undated), fact(0.5, announced('basic', 1))), 'basic:basic*1');
  t.is(short(...BEGUN, fact(0, undated), fact(0.5, announced('pro', 2))), 'pro:pro*2');
});

test('another product told after its proration takes the place of the first, and no edit stays unnamed', (t) => {
  const facts = [...BEGUN, fact(0, prorated(1, 'basic')), fact(0.5, announced('basic', 1))];
  t.is(short(...facts), 'basic:basic*1');
  t.deepEqual(coverageOf(facts).unnamed, []);
});

test('an edit that is not told beside a proration waits for the next charge', (t) => {
  t.is(short(...BEGUN, fact(0, undated), fact(25 * HOURS, announced('pro', 5))), 'pro:pro*3');
  t.is(
    short(...REBILLED, fact(0, prorated(3), LATER), fact(0, announced('pro', 5), '2027-02-12')),
    'pro:pro*3',
  );
  t.is(
    short(...BEGUN, fact(0, announced('pro', 5)), fact(1, undated), fact(3 * HOURS, announced('pro', 8))),
    'pro:pro*5',
    'the charge has its own edit',
  );
  t.is(
    short(
      ...BEGUN,
      fact(0, announced('pro', 5)),
      fact(1, undated),
      fact(2, announced('pro', 5)),
      fact(3, announced('pro', 8)),
    ),
    'pro:pro*5',
    'an edit told again is no other',
  );
});

test('of an edit that waits and one told beside a proration, the nearer is paid', (t) => {
  t.is(
    short(...BEGUN, fact(-3 * HOURS, announced('pro', 4)), fact(0, undated), fact(0.5, announced('pro', 5))),
    'pro:pro*5',
  );
});

test('an edit that is told between two prorations is of the nearer one', (t) => {
  const first = fact(0, prorated(3), LATER);
  // Nobody told the edit to three units.
  const one = [fact(0, announced('pro', 1), '2027-01-01'), fact(0, dated('2027-03-01'), '2027-01-01')];
  const between = (seconds: number, paidAfter: number) =>
    short(
      ...one,
      first,
      fact(seconds, announced('pro', 2), LATER),
      fact(seconds + paidAfter, paid(null, { ...prorated(2), total: 0 }), LATER),
    );
  t.is(between(60, 0), 'pro:pro*2');
  t.is(between(60, 1), 'pro:pro*2');
  t.is(between(60, 59), 'pro:pro*2');
  t.is(between(60, 61), 'pro:pro*3', 'the control');
  // A rebill is no charge for an edit.
  const rebill = paid('2027-04-01', { covers: covers('pro', 3) });
  t.is(short(...one, first, fact(5, announced('pro', 3), LATER), fact(6, rebill, LATER)), 'pro:pro*3');
});

test('each of two prorations is paid for its own edit, in whatever order they are told', (t) => {
  for (const [first, second] of [
    [-1, -1],
    [-1, 1],
    [1, -1],
    [1, 1],
  ] as const)
    t.is(
      short(
        ...REBILLED,
        ...[fact(0, prorated(2), LATER), fact(first, announced('pro', 5), LATER)],
        ...[fact(60, prorated(1), LATER), fact(60 + second, announced('pro', 6), LATER)],
      ),
      'pro:pro*6',
    );
});

test('an edit back to the units before a rebill is a change, and keeps the proration after it', (t) => {
  const rebilled = fact(0, paid('2027-03-01', { covers: covers('pro', 1) }), '2027-02-01');
  const edits = [
    ...[fact(0, announced('pro', 3), LATER), fact(1, prorated(3), LATER)],
    ...[fact(60, announced('pro', 1), LATER), fact(61, prorated(1), LATER)],
  ];
  t.is(short(...BEGUN, rebilled, ...edits), 'pro:pro*1');
  t.is(short(...BEGUN, ...edits), 'pro:pro*1', 'the control: nothing changed before');
});

test('an edit after a rebill is not paid by it', (t) => {
  const rebill = '2027-02-01';
  t.is(short(...BEGUN, fact(0, undated, rebill), fact(1, announced('pro', 5), rebill)), 'pro:pro*3');
  t.is(
    short(
      ...BEGUN,
      fact(-1, dated('2027-03-01'), rebill),
      fact(0, undated, rebill),
      fact(1, announced('pro', 5), rebill),
    ),
    'pro:pro*3',
    'the date was moved for this charge',
  );
  t.is(
    short(
      ...REBILLED,
      fact(0, paid('2027-04-01', { covers: covers('pro', 3) }), '2027-03-01'),
      fact(1, announced('pro', 5), '2027-03-01'),
    ),
    'pro:pro*3',
  );
});

test('a proration without an edit never lowers the units', (t) => {
  t.is(short(...REBILLED, fact(0, prorated(2), LATER)), 'pro:pro*3');
  t.is(short(...REBILLED, fact(0, prorated(5), LATER)), 'pro:pro*5');
  const [line] = coverageOf([fact(0, prorated(2))]).now ?? [];
  t.is(line?.atLeastSold, 'of product');
});

/** The facts before the last one that count as told after it. */
function after(...facts: readonly Fact[]): readonly Fact[] {
  const ordered = changesFirst(facts);
  const last = facts.at(-1);
  return last === undefined ? [] : ordered.slice(ordered.indexOf(last) + 1);
}
const edit = (seconds: number, quantity = 5) => fact(seconds, announced('pro', quantity));
const DATED = fact(0, dated('2027-02-01'), '2027-01-01');

test('a charge pays for an edit told up to a day after it, unless it is a charge of another kind', (t) => {
  const charge = fact(0, undated);
  t.deepEqual(after(DATED, charge, edit(24 * HOURS)), [charge]);
  t.deepEqual(after(DATED, charge, edit(24 * HOURS + 1)), []);
  const others: readonly FactBody[] = [
    paid(null, { part: 'extra' }),
    paid(null, { part: 'rebill' }),
    paid(null, { covers: covers('pro', 5) }),
    paid('2027-02-01'),
    { kind: 'recovered' },
  ];
  for (const other of others) t.deepEqual(after(DATED, fact(0, other), edit(1)), [], JSON.stringify(other));
});

test('a proration pays for an edit of a line that it names with units', (t) => {
  const named = (...lines: readonly (readonly [string, number])[]) =>
    fact(0, paid(null, { part: 'proration', covers: lines.flatMap(([line, units]) => covers(line, units)) }));
  const both = named(['basic', 1], ['pro', 1]);
  t.deepEqual(after(both, edit(1)), [both]);
  const bare = fact(0, paid(null, { part: 'proration' }));
  t.deepEqual(after(bare, edit(1)), [bare], 'a proration that names no line may be of each');
  t.deepEqual(after(named(['basic', 1]), edit(1)), []);
  t.deepEqual(after(named(['basic', 1], ['pro', 0]), edit(1)), []);
});

test('what a repeated edit states is no change, and another line, product or quantity is one', (t) => {
  const charge = fact(0, undated);
  const before = [fact(-48 * HOURS, announced('pro', 3)), DATED];
  t.deepEqual(after(...before, charge, edit(1, 3)), []);
  for (const [product, quantity, line] of [
    ['pro', 4, 'pro'],
    ['basic', 3, 'pro'],
    ['pro', 3, 'pro yearly'],
  ] as const)
    t.deepEqual(after(...before, charge, fact(1, announced(product, quantity, { line }))), [charge], line);
  const same = fact(0, announced('pro', 4));
  t.deepEqual(
    after(DATED, same, edit(0, 5), charge, edit(1, 5)),
    [],
    'of two edits at one time the last counts',
  );
});

test('an edit before its charge keeps it, whatever is told between them', (t) => {
  const noted = fact(1, { kind: 'noted', note: 'x' });
  t.deepEqual(after(DATED, edit(0), noted, fact(2, undated), edit(8, 8)), []);
});

test('a charge is within a period by the date known then, of which a repeat or a charge without a date says nothing', (t) => {
  const now = '2027-02-10';
  const charge = fact(0, undated, now);
  const late = fact(1, announced('pro', 5), now);
  const moved = (seconds: number, day: string, body: FactBody = dated('2027-03-01')) =>
    fact(seconds, body, day);
  t.deepEqual(after(DATED, charge, late), [], 'the date is over');
  for (const date of [dated('2027-03-01'), paid('2027-03-01')])
    t.deepEqual(after(DATED, moved(0, '2027-02-01', date), charge, late), [charge], date.kind);
  t.deepEqual(after(moved(-1, now), charge, late), [charge], 'the first date that is known');
  t.deepEqual(after(DATED, moved(-24 * HOURS, now), charge, late), [], 'moved a day ago');
  t.deepEqual(after(DATED, moved(-24 * HOURS - 1, now), charge, late), [charge], 'moved before');
  t.deepEqual(after(DATED, moved(-2, now), moved(-1, now), charge, late), [], 'moved once and told twice');
  const earlier = fact(0, undated, '2027-02-05');
  t.deepEqual(after(DATED, moved(0, '2027-02-01'), earlier, charge, late), [charge], 'an earlier charge');
});
