/** Which facts and returns of a license count after an operator reinstated it. */
import test from 'ava';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import { countingFacts, countingMoney } from '../../../src/domain/life/counting.ts';
import { readView } from '../../../src/domain/view.ts';
import { charged, paid, repaid, sold, tie, told } from '../../kit/telling.ts';
import { at } from '../../kit/world.ts';

const REINSTATED = '2027-01-10';
const SALE = [
  told('2027-01-01', 'order:A', sold('app', { quantity: 2, price: 20 })),
  told('2027-01-01', 'order:A', charged(30)),
];
const back = (
  day: string,
  amount: number,
  more: Parameters<typeof repaid>[1] = {},
  subject: Fact['subject'] = 'order:A',
) => told(day, subject, repaid(amount, more), `${day} ${amount}`);
const ofApp = (amount: number, more = {}) => ({
  lines: [{ line: 'app', amount, quantity: 0, full: false, ...more }],
});

/** The money of a charge that counts. */
function moneyOf(facts: readonly Fact[], charge: Fact['subject'] = 'order:A') {
  const view = readView(facts, []);
  const reinstated = told(REINSTATED, 'order:A', { kind: 'reinstated' });
  const counting = countingFacts([...view.facts, reinstated]);
  const [line] = view.lines;
  return countingMoney(counting, at(REINSTATED), { view, line, licenses: [] })(charge);
}
const isFull = (...facts: readonly Fact[]) => moneyOf([...SALE, ...facts])?.fullAt !== undefined;

test('a return that revoked nothing adds up with later returns', (t) => {
  t.true(isFull(back('2027-01-05', 5), back('2027-02-01', 25)));
  t.false(isFull(back('2027-01-05', 5), back('2027-02-01', 24)), 'the control');
});

test('a return of the whole charge is undone and does not add up with later returns', (t) => {
  t.false(isFull(told('2027-01-05', 'order:A', { kind: 'refunded' }), back('2027-02-01', 5)));
  t.false(isFull(back('2027-01-05', 30)));
  t.false(isFull(back(REINSTATED, 30)), 'in the same moment');
  t.true(isFull(back('2027-01-11', 30)), 'a later return counts');
  t.is(moneyOf([...SALE, back('2027-01-05', 30), back('2027-02-01', 5)])?.total, 30);
});

test('a return of a line or a unit is undone', (t) => {
  const lineReturns = (...facts: readonly Fact[]) =>
    moneyOf([...SALE, ...facts])?.lineReturns.map(({ amount }) => amount);
  t.deepEqual(lineReturns(back('2027-01-05', 7, ofApp(7, { full: true }))), []);
  t.deepEqual(lineReturns(back('2027-01-05', 10, ofApp(10, { quantity: 1 }))), []);
  t.deepEqual(lineReturns(back('2027-01-05', 7, ofApp(7))), [7], 'a part of a line took nothing');
});

test('without a line and its price only the return of a whole charge takes the license', (t) => {
  const facts = SALE.slice(1);
  t.is(moneyOf([...facts, back('2027-01-05', 7, ofApp(7, { full: true }))])?.lineReturns.length, 1);
  t.is(moneyOf([...facts, back('2027-01-05', 30)])?.fullAt, undefined);
});

test('the total of a charge counts at any time and from any source', (t) => {
  const confirmed = (day: string): Fact =>
    told(day, 'order:A', { kind: 'confirmed', quantity: 2, total: 30, currency: 'EUR' });
  for (const total of [
    confirmed('2027-01-01'),
    confirmed('2027-01-20'),
    told('2027-01-20', 'order:A', charged(30)),
  ])
    t.like(moneyOf([SALE[0]!, total, back('2027-01-05', 30)]), { total: 30, fullAt: undefined });
  const rebill = paid('2027-02-01', { charge: 'order-id:2', total: 30 });
  const facts = [
    told('2027-01-01', 'order-id:2', tie('subscription:S')),
    back('2027-01-05', 30, {}, 'order-id:2'),
    told('2027-01-20', 'subscription:S', rebill),
  ];
  t.like(moneyOf([...SALE, ...facts], 'order-id:2'), { total: 30, fullAt: undefined });
});

test('without a reinstatement facts of any time count', (t) => {
  const refunded = { ...told('2027-01-01', 'order:A', { kind: 'refunded' }), at: 0 };
  t.deepEqual(countingFacts([refunded]), [refunded]);
  const reinstated = { ...told('2027-01-01', 'order:A', { kind: 'reinstated' }), at: 0 };
  t.deepEqual(countingFacts([refunded, reinstated]), [reinstated]);
});

test('with a fallback, a reinstatement that lifts a hold leaves the end, and a second one undoes it', (t) => {
  const of = 'subscription:S';
  const ended = told('2027-01-05', of, { kind: 'deactivated', on: '2027-01-05' });
  const canceled = told('2027-01-05', of, { kind: 'canceled', last: '2027-01-20' });
  const overdue = told('2027-01-04', of, { kind: 'overdue' });
  const first = told('2027-01-10', of, { kind: 'reinstated' });
  const second = told('2027-01-12', of, { kind: 'reinstated' });
  for (const hold of [
    { kind: 'stopped' },
    { kind: 'reviewed' },
    { kind: 'disputed' },
    { kind: 'charged-back' },
  ] as const) {
    const held = told('2027-01-06', of, hold);
    const facts = [overdue, ended, canceled, held, first];
    t.deepEqual(countingFacts(facts, 'fallback'), [ended, canceled, first], hold.kind);
    t.deepEqual(countingFacts([...facts, second], 'fallback'), [first, second], hold.kind);
    t.deepEqual(countingFacts(facts), [first], 'the control');
  }
  t.deepEqual(countingFacts([overdue, ended, first], 'fallback'), [first], 'nothing held it');
});
