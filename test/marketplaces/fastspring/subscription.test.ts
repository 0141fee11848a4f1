import test from 'ava';
import { bodies, bodiesOf, day, flags, read, subjects, subscription } from './reading.ts';

const tell = (name: string, more: object = {}) => bodies(`subscription.${name}`, subscription(more));

test('an activated subscription yields its date and its product; it is no payment', (t) => {
  t.deepEqual(tell('activated'), [
    { kind: 'dated', until: '2026-12-20', sequence: 1, active: true },
    { kind: 'announced', product: 'plan', quantity: 2, line: 'plan-monthly' },
  ]);
});

test('an edit is a scheduled change, and removes nothing before its charge (71)', (t) => {
  const told = tell('updated', { product: 'team', quantity: 1 });
  t.deepEqual(
    told.filter(({ kind }) => kind === 'announced' || kind === 'resized'),
    [{ kind: 'announced', product: 'team', quantity: 1, line: 'team' }],
  );
});

test('an edit to an unknown path is a scheduled change to an unknown product (29)', (t) => {
  t.deepEqual(bodiesOf('announced', 'subscription.updated', subscription({ product: 'Lumen-EDU' })), [
    { kind: 'announced', product: null, quantity: 2, line: 'lumen-edu' },
  ]);
});

test('an expanded product is its own path, and its attributes count (20)', (t) => {
  const product = {
    product: 'else',
    parent: 'app',
    attributes: { mintmark_product: 'team', mintmark_quantity: '4', mintmark_features: 'sync' },
  };
  t.deepEqual(bodiesOf('announced', 'subscription.updated', subscription({ product })), [
    { kind: 'announced', product: 'team', quantity: 8, per: 4, line: 'else', features: ['sync'] },
  ]);
  const attributes = { mintmark_quantity: 7 };
  t.is(bodiesOf('announced', 'subscription.updated', subscription({ product, attributes }))[0]?.quantity, 14);
});

test('an edit that cannot be read is flagged (29)', (t) => {
  t.deepEqual(flags('subscription.updated', subscription({ quantity: 0 })), [
    'unmapped: subscription.updated names no product, or no number of units',
  ]);
  t.deepEqual(flags('subscription.updated', subscription({ product: 'app', quantity: 1001 })), [
    'too-many-units: app has 1001 units, of at most 1000: none was read',
  ]);
  t.deepEqual(
    bodiesOf('announced', 'subscription.updated', subscription({ product: 'app', quantity: 1001 })),
    [],
  );
});

test('the first order’s line follows the subscription, by reference or else by id (11)', (t) => {
  const linked = { kind: 'linked', subscription: 's1', product: 'plan', line: 'plan-monthly' };
  for (const [names, subject] of [
    [{ initialOrderReference: 'R1', initialOrderId: 'o1' }, 'order:R1'],
    [{ initialOrderReference: null, initialOrderId: 'o1' }, 'order-id:o1'],
  ] as const) {
    const { facts } = read('subscription.activated', subscription(names));
    t.deepEqual([facts[0]?.subject as string, facts[0]?.body as object], [subject, linked]);
  }
  t.deepEqual(
    bodiesOf('linked', 'subscription.activated', subscription({ product: null, initialOrderId: 'o1' })),
    [],
    'without a line it would be the whole order',
  );
});

test('dates count in active, trial and overdue only, with their meaning (7, 70)', (t) => {
  const dated = (more: object) => bodiesOf('dated', 'subscription.updated', subscription(more));
  t.deepEqual(dated({ state: 'trial' }), [{ kind: 'dated', until: '2026-12-20', sequence: 1, trial: true }]);
  t.deepEqual(dated({ state: 'overdue' }), [{ kind: 'dated', until: '2026-12-20', sequence: 1 }]);
  for (const state of ['paused', 'canceled', 'deactivated', 'unheard-of', undefined]) {
    t.deepEqual(dated({ state }), [], state);
  }
});

test('a scheduled or present pause removes the dates (2, 7)', (t) => {
  t.deepEqual(bodiesOf('dated', 'subscription.updated', subscription({ isPauseScheduled: true })), []);
  t.deepEqual(bodiesOf('dated', 'subscription.resumed', subscription({ state: 'paused' })), []);
});

test('a managed or manual subscription has no dates (75)', (t) => {
  for (const more of [{ adhoc: true }, { adhoc: 'true' }, { autoRenew: false }]) {
    for (const name of ['activated', 'updated', 'uncanceled', 'resumed']) {
      t.deepEqual(bodiesOf('dated', `subscription.${name}`, subscription(more)), [], name);
    }
  }
});

test('a scheduled pause is not yet a pause (2)', (t) => {
  const scheduled = { kind: 'paused', scheduled: true };
  t.deepEqual(tell('paused', { isPauseScheduled: true }), [scheduled]);
  t.deepEqual(tell('paused', { isPauseScheduled: false }), [scheduled], 'state is not paused');
  t.deepEqual(tell('paused', { state: 'paused' }), [{ kind: 'paused' }]);
});

test('an update yields the same facts about a pause as its own event, and its end (2)', (t) => {
  const first = (more: object) => tell('updated', more)[0];
  t.deepEqual(first({ isPauseScheduled: true }), { kind: 'paused', scheduled: true });
  t.deepEqual(first({ state: 'paused' }), { kind: 'paused' });
  t.deepEqual(first({ isPauseScheduled: false }), { kind: 'resumed' });
  t.is(first({ isPauseScheduled: undefined })?.kind, 'dated', 'not told: nothing is lifted');
  t.is(first({ isPauseScheduled: false, state: 'overdue' })?.kind, 'dated');
});

test('a resumed subscription is resumed, with its date', (t) => {
  t.deepEqual(tell('resumed'), [
    { kind: 'resumed' },
    { kind: 'dated', until: '2026-12-20', sequence: 1, active: true },
  ]);
});

test('canceled is usable to its deactivation date; the end of a fixed term is none (74)', (t) => {
  const canceled = { state: 'canceled', end: day('2027-11-30') };
  t.deepEqual(tell('canceled', { ...canceled, deactivationDate: day('2026-12-19') }), [
    { kind: 'canceled', last: '2026-12-19' },
  ]);
  t.deepEqual(tell('canceled', canceled), [
    {
      kind: 'noted',
      note: 'subscription.canceled tells no deactivationDate: no date was moved',
      flag: true,
      why: 'unclear',
    },
  ]);
});

test('an update of a canceled subscription says so too, where it tells the day', (t) => {
  const kinds = (more: object) => tell('updated', { state: 'canceled', ...more }).map(({ kind }) => kind);
  t.deepEqual(kinds({ deactivationDate: day('2026-12-19') }), ['canceled', 'announced']);
  t.deepEqual(kinds({}), ['announced']);
  t.false(
    tell('updated', { state: 'trial', deactivationDate: day('2026-12-19') }).some(
      ({ kind }) => kind === 'canceled',
    ),
    'a trial may have one without being canceled',
  );
});

test('uncanceled withdraws the cancellation, with its date (24)', (t) => {
  t.deepEqual(tell('uncanceled', { isPauseScheduled: undefined }), [
    { kind: 'uncanceled' },
    { kind: 'dated', until: '2026-12-20', sequence: 1, active: true },
  ]);
});

test('deactivated ends at its date, else on the day of the event (74)', (t) => {
  const on = (more: object) => tell('deactivated', { state: 'deactivated', ...more })[0];
  t.deepEqual(on({ deactivationDate: day('2026-11-18'), end: day('2026-11-19') }), {
    kind: 'deactivated',
    on: '2026-11-18',
  });
  t.deepEqual(
    on({ end: day('2027-11-30') }),
    { kind: 'deactivated', on: '2026-11-20' },
    'an end ahead is a term’s',
  );
  t.deepEqual(on({ end: day('2026-11-19') }), { kind: 'deactivated', on: '2026-11-19' });
  t.deepEqual(on({}), { kind: 'deactivated', on: '2026-11-20' });
});

test('overdue, failed charges and reminders change no date', (t) => {
  t.deepEqual(tell('payment.overdue', { state: 'active' }), [{ kind: 'overdue', due: '2026-12-20' }]);
  t.deepEqual(tell('payment.overdue', { adhoc: true }), [{ kind: 'overdue' }], 'it has no date');
  t.deepEqual(tell('payment.reminder'), [{ kind: 'noted', note: 'payment.reminder' }]);
  t.deepEqual(tell('trial.reminder'), [{ kind: 'noted', note: 'trial.reminder' }]);
  const failed = { reason: 'EXPIRED_CARD', subscription: subscription({ state: 'overdue' }), account: 'a' };
  t.deepEqual(bodies('subscription.charge.failed', failed), [
    { kind: 'noted', note: 'charge failed: EXPIRED_CARD' },
  ]);
  t.deepEqual(subjects('subscription.charge.failed', { reason: null, subscription: 's1' }), [
    'subscription:s1 noted',
  ]);
});

test('an event without a subscription, or of an unknown kind, yields no facts', (t) => {
  t.deepEqual(bodies('subscription.activated', { state: 'active' }), []);
  t.deepEqual(tell('thought.about'), []);
});
