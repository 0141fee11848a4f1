import test from 'ava';
import type { FactBody } from '../../../src/domain/facts/fact.ts';
import { isDay } from '../../../src/domain/values/day.ts';
import { AppError } from '../../../src/errors.ts';
import { readEvent } from '../../../src/marketplaces/fastspring/event.ts';
import fc from '../../kit/fast-check.ts';

const TYPES = [
  'order.completed',
  'order.canceled',
  'order.failed',
  'return.created',
  'chargeback.created',
  'fulfillment.failed',
  ...[
    'activated',
    'updated',
    'charge.completed',
    'charge.failed',
    'payment.reminder',
    'payment.overdue',
    'canceled',
    'uncanceled',
    'deactivated',
    'paused',
    'resumed',
    'group.created',
    'group.updated',
    'group.prorated',
    'group.payment.charge.completed',
    'group.payment.overdue',
    'group.deactivated',
  ].map((name) => `subscription.${name}`),
];

const NAMES = [
  ...['id', 'order', 'reference', 'subscription', 'subscriptions', 'product', 'items', 'quantity'],
  ...['attributes', 'mintmark_quantity', 'mintmark_product', 'mintmark_features', 'fulfillments', 'license'],
  ...['next', 'nextChargeDate', 'end', 'deactivationDate', 'cotermNextChargeDate', 'sequence', 'state'],
  ...['original', 'total', 'totalReturn', 'refundType', 'return', 'customer', 'recipients', 'recipient'],
  ...['first', 'email', 'initialOrderId', 'initialOrderReference', 'parentSubscription', 'reason', 'live'],
  ...[
    'isPauseScheduled',
    'adhoc',
    'autoRenew',
    'timestamp',
    'currency',
    'subtotal',
    'discount',
    'tax',
    'type',
  ],
  ...['status', 'processorCaseId', 'cotermGroupOrderId', 'proratedItemTotal', 'completed', 'instructions'],
];

/** Possible and impossible values of FastSpring's members. */
const { value: loose } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('app', 'a', '', 'active', 'deactivated', 'Full Refund', '3', '4E+1', null, true, false),
    fc.constantFrom(0, 1, 2.5, -1, 1e300, 5e-324, 1_793_491_200_000, 1_793_491_200_000.5, 5_662_224_000_000),
    fc.string(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 8 }),
  ),
}));

/** A few names instead of the right ones. */
const some = fc.dictionary(fc.constantFrom(...NAMES), loose, { maxKeys: 5 });

const PROPER = {
  id: 'a',
  reference: 'A',
  state: 'active',
  nextChargeDate: 1_793_491_200_000,
  initialOrderReference: 'A',
  subscriptions: ['a', { id: 'b', quantity: 2 }],
  total: 20,
  totalReturn: 20,
  original: { id: 'a', reference: 'A', total: 20 },
};

test('any event is read or refused with a reason, and never causes another error', (t) => {
  const product = { id: 'app', features: ['export'], quantity: 'codes', seats: 1 };
  const findProduct = (path: string) => (path.toLowerCase() === 'app' ? (product as never) : undefined);
  const kinds = new Set<string>();
  fc.assert(
    fc.property(fc.constantFrom(...TYPES), some, some, (type, more, item) => {
      const data = { ...PROPER, items: [{ product: 'app', quantity: 1, ...item }], ...more };
      const payload = JSON.stringify({ id: 'e', type, live: true, created: 1_793_491_200_000, data });
      try {
        const { facts, people } = readEvent(payload, findProduct);
        for (const { subject, key, cause, body } of facts) {
          kinds.add(body.kind);
          t.regex(subject, /^[a-z-]+:./s);
          t.is(typeof key, 'string');
          t.true(cause.startsWith(`${type} e`));
          if ('until' in body && body.until !== null) t.true(isDay(body.until));
          for (const quantity of quantitiesIn(body)) t.true(Number.isInteger(quantity) && quantity >= 1);
          for (const amount of amountsIn(body)) t.true(Number.isFinite(amount) && amount >= 0);
          if (body.kind === 'noted') t.is(body.flag === true, body.why !== undefined);
        }
        for (const { customer } of people) t.true((customer.email?.length ?? 0) <= 320);
      } catch (error) {
        t.true(error instanceof AppError, String(error));
      }
    }),
    { numRuns: 3000 },
  );
  for (const kind of [
    'sold',
    'linked',
    'announced',
    'dated',
    'paid',
    'overdue',
    'deactivated',
    'repaid',
    'voided',
  ]) {
    t.true(kinds.has(kind), `the control: there was an event of kind ${kind}`);
  }
});

function quantitiesIn(body: FactBody): number[] {
  const covered = body.kind === 'paid' ? (body.covers ?? []).map(({ quantity }) => quantity) : [];
  return 'quantity' in body && body.quantity !== null ? [...covered, body.quantity] : covered;
}

function amountsIn(body: FactBody): number[] {
  if (body.kind === 'sold') return body.price === undefined ? [] : [body.price];
  if (body.kind === 'repaid') return [body.amount ?? 0, body.total ?? 0];
  return 'total' in body ? [body.total ?? 0] : [];
}
