/** The facts of Paddle's alerts of refunds: money of one charge. */
import test from 'ava';
import type { FactBody } from '../../../src/domain/facts/fact.ts';
import { bodies, flags, read, told, type Values } from '../../kit/alerts.ts';

const REFUND: Values = {
  order_id: '573252',
  refund_type: 'partial',
  quantity: '5',
  amount: '19.50',
  gross_refund: '19.50',
  tax_refund: '3.11',
  currency: 'USD',
  balance_gross_refund: '17.90',
  balance_currency: 'EUR',
};

const LATER: Values = { ...REFUND, order_id: '900-2', subscription_id: '700', initial_payment: '0' };

test('fault 1: a partial refund is an amount of its charge, never units', (t) => {
  const body: FactBody = { kind: 'repaid', amount: 19.5, currency: 'USD' };
  t.deepEqual(told('payment_refunded', REFUND), [['order:573252', body]]);
  for (const quantity of ['1', '5', '', undefined]) {
    t.deepEqual(bodies('payment_refunded', { ...REFUND, quantity }), [body]);
    t.deepEqual(bodies('subscription_payment_refunded', { ...LATER, quantity }).at(-1), body);
  }
});

test('a full refund takes the whole charge', (t) => {
  t.deepEqual(told('payment_refunded', { ...REFUND, refund_type: 'full' }), [
    ['order:573252', { kind: 'refunded' }],
  ]);
});

test('fault 1: a refund of the tax adds up, and says that it is tax', (t) => {
  const vat = { ...REFUND, refund_type: 'vat', gross_refund: '3.11' };
  t.deepEqual(bodies('payment_refunded', vat), [
    { kind: 'repaid', amount: 3.11, currency: 'USD', tax: true },
  ]);
});

test('fault 1: sums in the currency of the balance never decide: flagged with the amount', (t) => {
  for (const refund_type of ['partial', 'vat']) {
    const [body] = bodies('payment_refunded', { ...REFUND, refund_type, gross_refund: undefined });
    const note = `a refund (${refund_type}) without gross_refund, of 17.90 EUR in the balance's currency: nothing was revoked`;
    t.deepEqual(body, { kind: 'noted', note, flag: true, why: 'unclear' });
  }
  const [vague] = bodies('payment_refunded', {
    ...REFUND,
    gross_refund: '-1',
    balance_gross_refund: undefined,
  });
  t.like(vague, { kind: 'noted', note: 'a refund (partial) without gross_refund: nothing was revoked' });
});

test('a refund of an unknown type is flagged, and only a plain word of it is repeated', (t) => {
  const noteOf = (refund_type: string | undefined) => {
    const [body] = bodies('payment_refunded', { ...REFUND, refund_type });
    return body?.kind === 'noted' && body.flag === true && body.why === 'unclear' ? body.note : undefined;
  };
  t.is(noteOf('goodwill'), 'a refund of the type "goodwill": nothing was revoked');
  t.is(noteOf('to Robin <b>'), 'a refund of the type unknown: nothing was revoked');
  t.is(noteOf(undefined), 'a refund of the type unknown: nothing was revoked');
  t.is(noteOf('full'), undefined, 'the control');
});

test('fault 12: the refund of a later payment is of that charge, not of its subscription', (t) => {
  t.deepEqual(told('subscription_payment_refunded', { ...LATER, refund_type: 'full' }), [
    ['order:900-2', { kind: 'alias', of: 'subscription:700' }],
    ['order:900-2', { kind: 'refunded' }],
  ]);
});

test('the refund links its charge like the payment, with the same key', (t) => {
  const tieOf = (name: string) => {
    const [fact] = read(name, LATER).facts;
    return { ...fact, cause: '' };
  };
  t.deepEqual(tieOf('subscription_payment_refunded'), tieOf('subscription_payment_succeeded'));
});

test('a refund alert that is sent again under another alert_id is the same refund', (t) => {
  const keyOf = (values: Values) => read('payment_refunded', { ...REFUND, ...values }).facts[0]?.key;
  t.is(keyOf({ alert_id: '900' }), keyOf({ alert_id: '901' }));
  const later = '2026-11-21 12:00:00';
  t.not(keyOf({ alert_id: '900' }), keyOf({ alert_id: '901', event_time: later }), 'another second');
  t.not(keyOf({ alert_id: '900' }), keyOf({ alert_id: '901', gross_refund: '1.00' }), 'another amount');
});

test('a refund without an order yields no facts', (t) => {
  t.deepEqual(told('payment_refunded', { ...REFUND, order_id: undefined }), []);
  t.deepEqual(flags('subscription_payment_refunded', { ...LATER, order_id: '' }), []);
});
