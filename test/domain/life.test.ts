/** The table of docs/life.md: what each fact makes of each state. The page is held equal to the code. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { byTime, type FactBody, type FactKind } from '../../src/domain/fact.ts';
import { outcomeOf, type Terms } from '../../src/domain/life.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { Product } from '../../src/domain/product.ts';
import { ENTITLEMENT, factOf, SOLD_AT } from '../storage/support.ts';
import { productOf } from './support.ts';

const DAY = 86_400_000;
const ORDER = 'order:1';
/** A rule of the whole closed set: a new kind of fact without a row does not compile. */
type Rows = Readonly<Record<FactKind, readonly FactBody[]>>;

const FACTS: Rows = {
  sold: [{ kind: 'sold', product: 'app', quantity: 1 }],
  confirmed: [{ kind: 'confirmed', quantity: 1 }],
  stored: [{ kind: 'stored', licenses: ['the license'] }],
  linked: [{ kind: 'linked', subscription: 's' }],
  alias: [{ kind: 'alias', of: 'order:2' }],
  paid: [
    { kind: 'paid', until: '2028-02-01', sequence: 3 },
    { kind: 'paid', until: null, sequence: 3 },
  ],
  dated: [{ kind: 'dated', until: '2028-02-01', sequence: 3 }],
  resized: [
    { kind: 'resized', product: 'app', quantity: 1 },
    { kind: 'resized', product: 'plus', quantity: 1 },
  ],
  overdue: [{ kind: 'overdue' }],
  paused: [{ kind: 'paused' }],
  resumed: [{ kind: 'resumed' }],
  canceled: [{ kind: 'canceled', last: '2027-03-31' }],
  uncanceled: [{ kind: 'uncanceled' }],
  deactivated: [{ kind: 'deactivated', on: '2027-02-28' }],
  refunded: [{ kind: 'refunded' }],
  returned: [{ kind: 'returned', product: 'app', quantity: 1 }],
  'charged-back': [{ kind: 'charged-back' }],
  disputed: [{ kind: 'disputed' }],
  'dispute-won': [{ kind: 'dispute-won' }],
  voided: [{ kind: 'voided' }],
  reviewed: [{ kind: 'reviewed' }],
  cleared: [{ kind: 'cleared' }],
  'set-until': [{ kind: 'set-until', until: '2029-12-31' }],
  stopped: [{ kind: 'stopped' }],
  reinstated: [{ kind: 'reinstated' }],
  withdrawn: [{ kind: 'withdrawn' }],
  noted: [{ kind: 'noted', note: 'a reminder' }],
};

/** Plain words for the page. */
const WORDS: Readonly<Record<FactKind, readonly string[]>> = {
  sold: ['the order is complete'],
  confirmed: ['Paddle tells how many units were paid'],
  stored: ['Paddle tells which codes it stored'],
  linked: ['the order has a subscription'],
  alias: ['another name of the order is told'],
  paid: ['a period is paid, next charge 2028-02-01', 'a period is paid, next charge not told'],
  dated: ['the next charge is told: 2028-02-01'],
  resized: ['the quantity changes and has room for it', 'the subscription changes to another product'],
  overdue: ['a payment is overdue'],
  paused: ['the subscription pauses'],
  resumed: ['the subscription resumes'],
  canceled: ['the customer cancels, paid to 2027-03-31'],
  uncanceled: ['the cancellation is withdrawn'],
  deactivated: ['the subscription ends on 2027-02-28'],
  refunded: ['all money goes back'],
  returned: ['the money for this unit goes back'],
  'charged-back': ['the bank takes the money back'],
  disputed: ['a dispute is opened'],
  'dispute-won': ['the dispute is won'],
  voided: ['the order fails or is canceled'],
  reviewed: ['the order is under review'],
  cleared: ['the review accepts the order'],
  'set-until': ['you: renew until 2029-12-31'],
  stopped: ['you: suspend'],
  reinstated: ['you: reinstate'],
  withdrawn: ['you: revoke'],
  noted: ['a reminder, a charge that failed'],
};

const STATES: readonly (readonly [string, readonly FactBody[]])[] = [
  ['active', []],
  ['active, canceled', [{ kind: 'canceled', last: '2027-01-31' }]],
  ['suspended: overdue', [{ kind: 'overdue' }]],
  ['suspended: paused', [{ kind: 'paused' }]],
  ['suspended: disputed', [{ kind: 'disputed' }]],
  ['suspended: under review', [{ kind: 'reviewed' }]],
  ['suspended: by you', [{ kind: 'stopped' }]],
  ['revoked: refund', [{ kind: 'refunded' }]],
  ['revoked: unit returned', [{ kind: 'returned', product: 'app', quantity: 1 }]],
  ['revoked: chargeback', [{ kind: 'charged-back' }]],
  ['revoked: order failed', [{ kind: 'voided' }]],
  ['revoked: by you', [{ kind: 'withdrawn' }]],
  ['ended', [{ kind: 'deactivated', on: '2027-01-15' }]],
  ['ended: another product', [{ kind: 'resized', product: 'plus', quantity: 1 }]],
];

const TERMS: Terms = {
  product: productOf(),
  unit: 0,
  units: 1,
  licenseId: 'the license',
  issued: ENTITLEMENT,
};

/** Each fact a day behind the one before it. */
function after(bodies: readonly FactBody[], terms: Partial<Terms> = {}): Outcome {
  const facts = bodies.map((body, day) => factOf(ORDER, body, { at: SOLD_AT + day * DAY }));
  return outcomeOf(facts, { ...TERMS, ...terms });
}
/** The state and the last valid day. */
function short(bodies: readonly FactBody[], product: Partial<Product> = {}, terms: Partial<Terms> = {}) {
  const { state, entitlement } = after(bodies, { product: productOf(product), ...terms });
  return [state, entitlement.lastValid];
}

/** A subscription, charged next on 2027-02-01. */
const BEGUN: FactBody = { kind: 'paid', until: '2027-02-01', sequence: 2 };

function tableOf(): string {
  const head = `| then \\ before | ${STATES.map(([name]) => name).join(' | ')} |`;
  const rule = `|---|${STATES.map(() => '---').join('|')}|`;
  const rows = Object.values(FACTS).flatMap((bodies) =>
    bodies.map((body, place) => {
      const cells = STATES.map(([, before]) => {
        const was = after([BEGUN, ...before]);
        const is = after([BEGUN, ...before, body]);
        const state = is.state === was.state ? '' : is.state;
        const day =
          is.entitlement.lastValid === was.entitlement.lastValid ? '' : `to ${is.entitlement.lastValid}`;
        return [state, day].filter(Boolean).join(', ') || '·';
      });
      return `| ${WORDS[body.kind][place]} | ${cells.join(' | ')} |`;
    }),
  );
  return [head, rule, ...rows].join('\n');
}

const PAGE = new URL('../../docs/life.md', import.meta.url);

test('the page docs/life.md says of every state and every fact what the code does', (t) => {
  const page = readFileSync(PAGE, 'utf8');
  const table = page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .join('\n');
  if (table !== tableOf()) t.log(`the table of docs/life.md is to be:\n\n${tableOf()}`);
  t.true(table === tableOf());
});

test('every state of the table is the one that its name says', (t) => {
  for (const [name, before] of STATES) t.true(name.startsWith(after([BEGUN, ...before]).state), name);
});

test('of facts told in one millisecond the graver is taken last, in whatever order they come', (t) => {
  const bodies = Object.values(FACTS).flat();
  for (const a of bodies) {
    for (const b of bodies) {
      const [one, other] = [factOf(ORDER, a, { key: 'a' }), factOf(ORDER, b, { key: 'b' })];
      t.deepEqual(outcomeOf([one, other], TERMS), outcomeOf([other, one], TERMS));
      t.is(Math.sign(byTime(one, other)), -Math.sign(byTime(other, one)));
    }
  }
});

test('an assumed date yields to a told one of its period, whichever comes first', (t) => {
  const told: FactBody = { kind: 'paid', until: '2027-02-01', sequence: 2 };
  const assumed: FactBody = { kind: 'paid', until: null, sequence: 2 };
  t.deepEqual(short([told, assumed]), ['active', '2027-02-15']);
  t.deepEqual(short([assumed, told]), ['active', '2027-02-15']);
  // Without numbers of periods: paid long before the next charge, so within the period that was told.
  const unnumbered: FactBody = { kind: 'paid', until: null, sequence: null };
  t.deepEqual(short([told, unnumbered]), ['active', '2027-02-15']);
  // The control: of a later period the assumed one counts, until its own is told.
  t.deepEqual(short([told, { kind: 'paid', until: null, sequence: 3 }]), ['active', '2027-12-06']);
});

test('a date of an earlier period that is told late does not shorten', (t) => {
  const later: FactBody = { kind: 'dated', until: '2027-03-01', sequence: 3 };
  t.deepEqual(short([later, BEGUN]), ['active', '2027-03-15']);
  t.deepEqual(short([{ ...later, sequence: 1 }, BEGUN]), ['active', '2027-02-15']);
});

test('a proration, told with the same next date, changes nothing', (t) => {
  t.deepEqual(after([BEGUN, BEGUN, BEGUN]), after([BEGUN]));
});

test('a charge lifts overdue and a pause, but no suspension of an operator, of a dispute or of a review', (t) => {
  for (const [kind, state] of [
    ['overdue', 'active'],
    ['paused', 'active'],
    ['stopped', 'suspended'],
    ['disputed', 'suspended'],
    ['reviewed', 'suspended'],
  ] as const) {
    t.is(after([{ kind }, BEGUN]).state, state, kind);
  }
});

test('a won dispute lifts a chargeback, but no refund', (t) => {
  t.is(after([{ kind: 'charged-back' }, { kind: 'dispute-won' }]).state, 'active');
  t.is(after([{ kind: 'refunded' }, { kind: 'dispute-won' }]).state, 'revoked');
  t.is(after([{ kind: 'charged-back' }, { kind: 'refunded' }, { kind: 'dispute-won' }]).state, 'revoked');
});

test('reinstating is the only way back from a refund', (t) => {
  for (const body of Object.values(FACTS).flat()) {
    t.is(
      after([{ kind: 'refunded' }, body]).state,
      body.kind === 'reinstated' ? 'active' : 'revoked',
      body.kind,
    );
  }
});

test('a late event never revives: what was told before a refund changes nothing of it', (t) => {
  for (const body of Object.values(FACTS).flat()) {
    t.is(after([body, { kind: 'refunded' }]).state, 'revoked', body.kind);
  }
});

test('a cancellation that is withdrawn restores the date', (t) => {
  const canceled: FactBody = { kind: 'canceled', last: '2027-01-31' };
  t.deepEqual(short([BEGUN, canceled]), ['active', '2027-01-31']);
  t.deepEqual(short([BEGUN, canceled, { kind: 'uncanceled' }]), ['active', '2027-02-15']);
});

test('a product says what becomes of its licenses when a payment is overdue, goes back, or its subscription ends', (t) => {
  const ended: FactBody = { kind: 'deactivated', on: '2027-01-15' };
  t.deepEqual(short([{ kind: 'overdue' }], { overdue: 'keep' })[0], 'active');
  t.deepEqual(short([{ kind: 'refunded' }], { refund: 'keep' })[0], 'active');
  t.deepEqual(short([{ kind: 'returned', product: 'app', quantity: 1 }], { refund: 'keep' })[0], 'active');
  t.deepEqual(short([{ kind: 'charged-back' }], { refund: 'keep' })[0], 'revoked');
  t.deepEqual(short([ended]), ['ended', '2027-01-15']);
  t.deepEqual(short([ended], { ended: 'revoke' }), ['revoked', '2027-01-15']);
  const fallback = after([ended], { product: productOf({ ended: 'fallback' }) });
  t.is(fallback.state, 'ended');
  t.is(fallback.entitlement.lastValid, null);
  t.is(fallback.entitlement.updatesUntil, '2027-01-15');
});

test('returns take the newest units first, and two add up', (t) => {
  const one: FactBody = { kind: 'returned', product: 'app', quantity: 1 };
  const states = (...bodies: FactBody[]) => [0, 1, 2].map((unit) => after(bodies, { unit, units: 3 }).state);
  t.deepEqual(states(one), ['active', 'active', 'revoked']);
  t.deepEqual(states(one, one), ['active', 'revoked', 'revoked']);
  t.deepEqual(states({ ...one, product: null, quantity: 3 }), ['revoked', 'revoked', 'revoked']);
  t.deepEqual(states({ ...one, product: 'plus' }), ['active', 'active', 'active']);
});

test('seats that are returned leave the license with the rest, and the last take it along', (t) => {
  const terms = {
    product: productOf({ quantity: 'seats', seats: 5 }),
    issued: { ...ENTITLEMENT, seats: 15 },
  };
  const one: FactBody = { kind: 'returned', product: 'app', quantity: 1 };
  t.is(after([one], terms).entitlement.seats, 10);
  t.is(after([one, one, one], terms).state, 'revoked');
  t.is(after([{ kind: 'resized', product: 'app', quantity: 7 }, one], terms).entitlement.seats, 30);
  t.is(after([{ kind: 'resized', product: 'app', quantity: 20_000 }], terms).entitlement.seats, 65_535);
});

test('reinstating gives back no units that others returned', (t) => {
  const one: FactBody = { kind: 'returned', product: 'app', quantity: 1 };
  const bodies: FactBody[] = [one, { kind: 'stopped' }, { kind: 'reinstated' }, one];
  t.deepEqual(after(bodies, { unit: 1, units: 3 }).state, 'revoked');
});

test('a unit that was one too many, or of a former product, is lifted by reinstating too', (t) => {
  const back: FactBody = { kind: 'reinstated' };
  t.is(after([{ kind: 'resized', product: 'plus', quantity: 1 }, back]).state, 'active');
  t.is(
    after([{ kind: 'resized', product: 'app', quantity: 1 }, back], { unit: 1, units: 2 }).state,
    'active',
  );
});

test('Separate Multibuy: a code is one too many only when as many are stored as units were paid', (t) => {
  const product = productOf({ multibuy: 'separate' });
  const bodies = (...licenses: string[]): FactBody[] => [
    { kind: 'confirmed', quantity: 2 },
    { kind: 'stored', licenses },
  ];
  t.is(after(bodies('another'), { product }).state, 'active');
  t.is(after(bodies('another', 'a third'), { product }).state, 'revoked');
  t.is(after(bodies('another', 'the license'), { product }).state, 'active');
  t.is(after(bodies('another', 'another'), { product }).state, 'active');
  t.is(after(bodies('another', 'a third'), { product: productOf() }).state, 'active');
});

test('a sale names the features of its licenses, whoever issued them; unheard-of ones are left out', (t) => {
  const sold = (...features: string[]): FactBody => ({ kind: 'sold', product: 'app', quantity: 1, features });
  t.is(after([sold('sync')]).entitlement.features, 2);
  t.is(after([sold('unheard-of')]).entitlement.features, 0);
  t.is(after([{ kind: 'sold', product: 'app', quantity: 1 }]).entitlement.features, ENTITLEMENT.features);
  t.is(after([{ ...sold('sync'), product: 'plus' } as FactBody]).entitlement.features, ENTITLEMENT.features);
});

test('an order that failed and then came about is a sale', (t) => {
  const sold: FactBody = { kind: 'sold', product: 'app', quantity: 1 };
  t.is(after([{ kind: 'voided' }, sold]).state, 'active');
  t.is(after([sold, { kind: 'voided' }]).state, 'revoked');
});
