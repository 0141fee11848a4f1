/** The facts of Paddle's alerts of disputes and reviews. */
import test from 'ava';
import { bodies, flags, told } from '../../kit/alerts.ts';

test('a dispute concerns the order that it names, and a closed dispute is won', (t) => {
  const order_id = '900-2';
  t.deepEqual(told('payment_dispute_created', { order_id, status: 'open' }), [
    ['order:900-2', { kind: 'disputed' }],
  ]);
  t.deepEqual(told('payment_dispute_closed', { order_id, status: 'closed' }), [
    ['order:900-2', { kind: 'dispute-won' }],
  ]);
  t.deepEqual(told('payment_dispute_created', { status: 'open' }), []);
});

test('a review is known by its case until the verdict names the order', (t) => {
  const case_id = 'C-7';
  t.deepEqual(told('high_risk_transaction_created', { case_id, status: 'pending' }), [
    ['case:C-7', { kind: 'reviewed' }],
  ]);
  t.deepEqual(told('high_risk_transaction_updated', { case_id, order_id: '101', status: 'accepted' }), [
    ['case:C-7', { kind: 'alias', of: 'order:101' }],
    ['order:101', { kind: 'cleared' }],
  ]);
  t.deepEqual(bodies('high_risk_transaction_updated', { order_id: '101', status: 'accepted' }), [
    { kind: 'cleared' },
  ]);
  t.deepEqual(told('high_risk_transaction_created', {}), []);
});

test('a rejected review holds its order, told as open before or not, and an unknown verdict is flagged', (t) => {
  const review = { case_id: 'C-7', order_id: '101' };
  t.deepEqual(told('high_risk_transaction_updated', { ...review, status: 'rejected' }).at(-1), [
    'order:101',
    { kind: 'reviewed' },
  ]);
  for (const status of ['pending', 'status', '', undefined])
    t.deepEqual(flags('high_risk_transaction_updated', { ...review, status }), ['unclear']);
  t.deepEqual(flags('high_risk_transaction_updated', { ...review, status: 'accepted' }), []);
});

test('a verdict without its order concerns the case, and is flagged where it accepts', (t) => {
  const verdict = { case_id: 'C-7', order_id: '' };
  t.deepEqual(told('high_risk_transaction_updated', { ...verdict, status: 'rejected' }), [
    ['case:C-7', { kind: 'reviewed' }],
  ]);
  t.deepEqual(flags('high_risk_transaction_updated', { ...verdict, status: 'accepted' }), ['unclear']);
  t.deepEqual(told('high_risk_transaction_updated', { status: 'accepted' }), []);
});
