/** Co-terminated subscriptions, which are charged together. */
import test from 'ava';
import { bodiesOf, day, read, subjects, subscription } from './reading.ts';

const members = [
  subscription({ id: 's1', subscription: 's1' }),
  subscription({ id: 's2', subscription: 's2', product: 'app', quantity: 1 }),
];
const items = [
  { product: 'plan-monthly', quantity: 2, subscription: 's1' },
  { product: 'app', quantity: 1, subscription: 's2' },
];

function group(more: object = {}): object {
  return {
    cotermGroupId: 'g1',
    cotermGroupOrderId: 'o9',
    cotermGroupOrderReference: 'R9',
    cotermNextChargeDate: day('2027-01-10'),
    currency: 'EUR',
    subscriptions: members,
    ...more,
  };
}

test('each member of a group charge pays its own items, with the whole charge’s total (64)', (t) => {
  const data = group({
    order: { id: 'o9', reference: 'R9', total: 20, items },
    total: 20,
    timestamp: day('2026-11-19'),
  });
  const { facts } = read('subscription.group.payment.charge.completed', data);
  t.deepEqual(
    facts
      .filter(({ body }) => body.kind === 'paid')
      .map(({ subject, key, at, body }) => ({ subject, key, at, body })),
    [
      {
        subject: 'subscription:s1',
        key: 'charge:s1:o9',
        at: day('2026-11-19'),
        body: {
          kind: 'paid',
          until: '2026-12-20',
          sequence: 1,
          charge: 'order-id:o9',
          total: 20,
          currency: 'EUR',
          covers: [{ line: 'plan-monthly', product: 'plan', quantity: 2 }],
          own: { line: 'plan-monthly', product: 'plan', quantity: 2 },
        },
      },
      {
        subject: 'subscription:s2',
        key: 'charge:s2:o9',
        at: day('2026-11-19'),
        body: {
          kind: 'paid',
          until: '2026-12-20',
          sequence: 1,
          charge: 'order-id:o9',
          total: 20,
          currency: 'EUR',
          covers: [{ line: 'app', product: 'app', quantity: 1 }],
          own: { line: 'app', product: 'app', quantity: 1 },
        },
      },
    ],
  );
  t.deepEqual(
    facts
      .filter(({ body }) => body.kind === 'alias')
      .map(({ subject, body }) => `${subject} ${JSON.stringify(body)}`),
    [
      'order-id:o9 {"kind":"alias","of":"subscription:s1"}',
      'order-id:o9 {"kind":"alias","of":"order:R9"}',
      'order-id:o9 {"kind":"alias","of":"subscription:s2"}',
    ],
    'the reference is told once',
  );
});

test('a member of a charge that is only an id is paid until the group’s next charge', (t) => {
  const data = group({ subscriptions: ['s1'], order: 'o9', total: 20 });
  t.deepEqual(bodiesOf('paid', 'subscription.group.payment.charge.completed', data), [
    { kind: 'paid', until: '2027-01-10', sequence: null, charge: 'order-id:o9', total: 20, currency: 'EUR' },
  ]);
});

test('the order that formed a group is a charge of each member (76)', (t) => {
  for (const type of ['subscription.group.created', 'subscription.group.prorated']) {
    const { facts } = read(type, group());
    t.deepEqual(
      facts
        .filter(({ body }) => body.kind === 'alias')
        .map(({ subject, body }) => `${subject} ${JSON.stringify(body)}`),
      [
        'order-id:o9 {"kind":"alias","of":"subscription:s1"}',
        'order-id:o9 {"kind":"alias","of":"order:R9"}',
        'order-id:o9 {"kind":"alias","of":"subscription:s2"}',
      ],
      type,
    );
  }
});

test('a group’s proration is a payment, unless its order is not completed (76)', (t) => {
  const order = { id: 'o9', reference: null, total: 7, completed: true, items };
  const paid = (more: object) =>
    bodiesOf('paid', 'subscription.group.prorated', group({ order: { ...order, ...more }, total: null }));
  t.deepEqual(
    paid({}).map(({ part, total, charge }) => `${part} ${total} ${charge}`),
    ['proration 7 order-id:o9', 'proration 7 order-id:o9'],
  );
  t.deepEqual(paid({ completed: false }), []);
  t.true(
    subjects('subscription.group.prorated', group({ order: { ...order, completed: false } })).includes(
      'order-id:o9 alias',
    ),
  );
});

test('the order that formed a group is no charge of a member that it has no item of', (t) => {
  const payers = (kind: string, of: readonly object[]) => {
    const order = { id: 'o9', reference: null, total: 7, completed: true, items: of };
    const { facts } = read(`subscription.group.${kind}`, group({ order }));
    const own = facts.filter(({ body }) => body.kind === 'alias' || body.kind === 'noted');
    return own.map(({ body, subject }) => ('of' in body ? body.of : subject));
  };
  for (const kind of ['created', 'prorated']) {
    t.deepEqual(payers(kind, items.slice(0, 1)), ['subscription:s1', 'order:R9'], 'of s1 alone');
    const both = ['subscription:s1', 'order:R9', 'subscription:s2'];
    t.deepEqual(payers(kind, items), both, 'control: of both');
    t.deepEqual(payers(kind, [{ product: 'app' }]), both, 'control: of no named one');
  }
});

test('a group’s event yields its facts for each member', (t) => {
  const of = (kind: string, more: object = {}) => subjects(`subscription.group.${kind}`, group(more));
  t.deepEqual(of('updated'), [
    'subscription:s1 resumed',
    'subscription:s1 dated',
    'subscription:s1 announced',
    'subscription:s2 resumed',
    'subscription:s2 dated',
    'subscription:s2 announced',
  ]);
  t.deepEqual(of('payment.overdue'), ['subscription:s1 overdue', 'subscription:s2 overdue']);
  t.deepEqual(of('payment.reminder'), ['subscription:s1 noted', 'subscription:s2 noted']);
  t.deepEqual(of('payment.charge.failed', { reason: 'DECLINED' }), [
    'subscription:s1 noted',
    'subscription:s2 noted',
  ]);
});

test('a group that ends names its members as ids: the day of the event counts', (t) => {
  const data = group({ subscriptions: ['s1', { id: 's2' }, null, 7] });
  t.deepEqual(subjects('subscription.group.deactivated', data), [
    'subscription:s1 deactivated',
    'subscription:s2 deactivated',
    'subscription:7 deactivated',
  ]);
  t.is(bodiesOf('deactivated', 'subscription.group.deactivated', data)[0]?.on, '2026-11-20');
});

test('a group’s event of an unknown kind, or without members, yields no facts', (t) => {
  t.deepEqual(subjects('subscription.group.thought', group()), []);
  t.deepEqual(subjects('subscription.group.updated', group({ subscriptions: null })), []);
});

test('the order that formed the group is the sale of the member that began with it, and a charge of the others', (t) => {
  const began = (named: object) =>
    group({
      order: { id: 'o9', reference: 'R9', completed: true, total: 20, items },
      subscriptions: [members[0], subscription({ id: 's2', subscription: 's2', ...named })],
    });
  for (const named of [{ initialOrderId: 'o9' }, { initialOrderReference: 'R9' }])
    for (const type of ['created', 'prorated']) {
      const { facts } = read(`subscription.group.${type}`, began(named));
      const charges = facts.filter(
        ({ body }) => body.kind === 'paid' || (body.kind === 'alias' && body.of.startsWith('subscription:')),
      );
      t.true(charges.length > 0);
      t.false(
        charges.some(({ key }) => key.includes('s2')),
        `${type} ${JSON.stringify(named)}`,
      );
    }
  const { facts } = read('subscription.group.created', began({ initialOrderId: 'o1' }));
  t.true(facts.some(({ key }) => key === 'alias:o9:subscription:s2'));
});
