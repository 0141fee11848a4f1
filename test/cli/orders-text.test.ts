import test from 'ava';
import { ORDER_COLUMNS, orderCells, orderJson, orderLine } from '../../src/cli/orders-text.ts';
import type { OrderSummary } from '../../src/domain/ports/ledger-views.ts';

const SUMMARY: OrderSummary = {
  marketplace: 'fastspring',
  mode: 'live',
  order: 'ACME-1',
  line: 'app-pro',
  product: 'app',
  at: Date.UTC(2026, 10, 21),
  licenses: { active: 2, suspended: 0, revoked: 1, ended: 0 },
  missing: 1,
  undelivered: 1,
  unmailed: 2,
  lastValid: '2027-12-05',
  customer: { name: 'Ada Byron', email: 'ada@example.com' },
};

test('an order is one line with its open tasks and its customer', (t) => {
  t.is(
    orderLine(SUMMARY),
    '2026-11-21T00:00:00.000Z  fastspring live  ACME-1  app (app-pro)  2 active, 1 revoked, 1 without a license, 1 undelivered, 2 unmailed  to 2027-12-05  Ada Byron, ada@example.com\n',
  );
  const owed = {
    ...SUMMARY,
    product: null,
    licenses: { active: 0, suspended: 0, revoked: 0, ended: 0 },
    missing: 3,
    undelivered: 0,
    unmailed: 0,
    lastValid: null,
    customer: { name: undefined, email: undefined },
  };
  t.is(
    orderLine(owed),
    '2026-11-21T00:00:00.000Z  fastspring live  ACME-1  app-pro (no product file)  3 without a license\n',
  );
  t.regex(orderLine({ ...owed, line: '' }), /ACME-1 {2}\(no product named\) {2}3 without/);
});

test('a name cannot write to the terminal', (t) => {
  const line = orderLine({ ...SUMMARY, customer: { name: 'A\u001b[2J\nB', email: undefined } });
  t.true(line.includes('A\\u001b[2J\\u000aB'));
});

test('JSON and CSV have the customer only on request', (t) => {
  t.false(JSON.stringify(orderJson(SUMMARY, false)).includes('Ada'));
  t.deepEqual(orderJson(SUMMARY, true), { ...SUMMARY, at: '2026-11-21T00:00:00.000Z' });
  t.is(orderCells(SUMMARY, false).length, ORDER_COLUMNS.length);
  t.deepEqual(orderCells(SUMMARY, true).slice(ORDER_COLUMNS.length), ['Ada Byron', 'ada@example.com']);
});
