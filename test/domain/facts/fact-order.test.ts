import test from 'ava';
import { byTime, countsBefore, refersTo, subjectsIn } from '../../../src/domain/facts/fact-order.ts';
import { dated, paid, sold, tie, told } from '../../kit/telling.ts';

test('facts are ordered by time, then rank, then key and subject', (t) => {
  const facts = [
    told('2027-01-01', 'order:A', { kind: 'withdrawn' }, 'a'),
    told('2027-01-01', 'order:A', { kind: 'reinstated' }, 'a'),
    told('2027-01-02', 'order:A', { kind: 'overdue' }, 'a'),
    told('2027-01-02', 'order:A', { kind: 'overdue' }, 'b'),
    told('2027-01-02', 'order:B', { kind: 'overdue' }, 'b'),
  ];
  t.deepEqual([...facts].reverse().sort(byTime), facts);
  for (const fact of facts) t.is(byTime(fact, { ...fact }), 0);
});

for (const [former, latter] of [
  [{ kind: 'overdue' }, paid(null)],
  [{ kind: 'paused' }, { kind: 'resumed' }],
  [{ kind: 'paused' }, { kind: 'recovered' }],
  [paid(null), { kind: 'canceled', last: '2027-01-31' }],
  [dated('2027-02-01'), { kind: 'canceled', last: '2027-01-31' }],
  [{ kind: 'canceled', last: '2027-01-31' }, { kind: 'uncanceled' }],
  [
    { kind: 'canceled', last: '2027-01-31' },
    { kind: 'deactivated', on: '2027-01-31' },
  ],
  [{ kind: 'reviewed' }, { kind: 'cleared' }],
  [{ kind: 'disputed' }, { kind: 'dispute-won' }],
  [{ kind: 'charged-back' }, { kind: 'dispute-lost' }],
  [sold('app'), { kind: 'voided' }],
  [sold('app'), { kind: 'resized', product: 'app', quantity: 1 }],
  [{ kind: 'stopped' }, { kind: 'reinstated' }],
  [{ kind: 'refunded' }, { kind: 'set-until', until: '2027-06-01' }],
] as const)
  test(`fault 56: within one millisecond ${former.kind} comes before ${latter.kind}`, (t) => {
    for (const [one, other] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const [first, second] = [
        told('2027-01-01', 'order:A', former, one),
        told('2027-01-01', 'order:A', latter, other),
      ];
      t.true(byTime(first, second) < 0);
      t.true(byTime(second, first) > 0);
    }
  });

test('of two versions of one fact the earlier counts, and at equal times the version with a date', (t) => {
  const [early, late] = [
    told('2027-01-01', 'order:A', paid(null)),
    told('2027-01-02', 'order:A', paid('2027-02-01')),
  ];
  t.true(countsBefore(early, late));
  t.false(countsBefore(late, early));
  const withDate = { ...early, body: paid('2027-02-01') };
  t.true(countsBefore(withDate, early));
  t.false(countsBefore(early, withDate));
  t.false(countsBefore(early, { ...early }));
});

test('an alias, a link and a sale join their subject with another name', (t) => {
  t.is(refersTo(tie('order:A')), 'order:A');
  t.is(refersTo({ kind: 'linked', subscription: 'S' }), 'subscription:S');
  t.is(refersTo(sold('app', { subscription: 'S' })), 'subscription:S');
  t.is(refersTo(sold('app')), null);
  t.is(refersTo(paid(null, { charge: 'order:B' })), null);
});

test('facts name their subjects, and the names that these are joined with', (t) => {
  const facts = [
    told('2027-01-01', 'order-id:I', tie('order:A')),
    told('2027-01-01', 'order:B', sold('app')),
  ];
  t.deepEqual(subjectsIn(facts), ['order-id:I', 'order:A', 'order:B']);
});
