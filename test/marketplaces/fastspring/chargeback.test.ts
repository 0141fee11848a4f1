import test from 'ava';
import { bodies, read, subjects } from './reading.ts';

const CHARGEBACK = 'chargeback.created';

function chargeback(more: object = {}): object {
  return {
    id: 'o1',
    order: 'o1',
    processorCaseId: 'case1',
    status: 'NEW',
    chargebackAmount: 20,
    currency: 'EUR',
    creationDate: 'Fri Nov 20 09:00:00 UTC 2026',
    ...more,
  };
}

test('a new chargeback is of the charge that its id names, with its amount', (t) => {
  t.deepEqual(bodies(CHARGEBACK, chargeback()), [
    { kind: 'charged-back', amount: 20, currency: 'EUR', dispute: 'case1' },
    { kind: 'noted', note: 'chargeback of 20.00 EUR, status NEW', doubt: 'won before' },
  ]);
  t.deepEqual(
    read(CHARGEBACK, chargeback()).facts.map(({ subject, key }) => `${subject} ${key}`),
    [
      'order-id:o1 chargeback:case1:charged-back',
      `order-id:o1 chargeback-note:case1:NEW:${read(CHARGEBACK, chargeback()).at}`,
    ],
  );
});

test('a chargeback without a status is a new one; an expanded order names itself', (t) => {
  t.is(bodies(CHARGEBACK, chargeback({ status: null }))[0]?.kind, 'charged-back');
  t.deepEqual(subjects(CHARGEBACK, chargeback({ order: { id: 'o7', reference: 'R7' } })), [
    'order-id:o7 alias',
    'order-id:o7 charged-back',
    'order-id:o7 noted',
  ]);
});

test('only an unambiguous status wins or loses a dispute (5)', (t) => {
  for (const [status, kind] of [
    ['won', 'dispute-won'],
    ['REVERSED', 'dispute-won'],
    ['CHARGEBACK_REVERSED', 'dispute-won'],
    ['LOST', 'dispute-lost'],
    ['CHARGEBACK_LOST', 'dispute-lost'],
  ] as const) {
    t.is(bodies(CHARGEBACK, chargeback({ status }))[0]?.kind, kind, status);
  }
});

test('any other status changes nothing and is flagged (5)', (t) => {
  for (const status of ['CUSTOMER_WON', 'ACCEPTED', 'constructor', 'PENDING']) {
    t.deepEqual(bodies(CHARGEBACK, chargeback({ status })), [
      {
        kind: 'noted',
        note: `a chargeback of 20.00 EUR has the status ${status.toUpperCase()}, which FastSpring does not document: nothing was changed`,
        flag: true,
        why: 'unclear',
      },
    ]);
  }
});

test('a chargeback without an order yields no facts', (t) => {
  t.deepEqual(bodies(CHARGEBACK, { id: 'x', status: 'NEW' }), []);
});
