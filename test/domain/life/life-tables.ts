/** Makes the tables of docs/life.md: the effect of each fact on a license. */
import type { Fact, FactBody, FactKind, Subject } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import type { Entitlement } from '../../../src/domain/values/license.ts';
import type { Product } from '../../../src/domain/values/product.ts';
import { productOf } from '../../kit/product.ts';
import { charged, covers, dated, paid, repaid, sold, tie, told } from '../../kit/telling.ts';
import { at, PLAIN_MINTER, World } from '../../kit/world.ts';

/** A row for each kind of fact: a new kind without a row does not compile. */
type Rows = Readonly<Record<FactKind, readonly (readonly [words: string, body: FactBody])[]>>;

export const ROWS: Rows = {
  sold: [['the order is completed after a failure', sold('plus')]],
  charged: [['the order’s total is stated', charged(39)]],
  confirmed: [['Paddle reports the paid quantity', { kind: 'confirmed', quantity: 1 }]],
  stored: [['Paddle reports the stored codes', { kind: 'stored', licenses: ['another license'] }]],
  linked: [['the order has a subscription', { kind: 'linked', subscription: 'S', line: 'app' }]],
  alias: [['another name of the order is stated', tie('order:A')]],
  paid: [
    ['a period is paid, next charge 2028-02-01', paid('2028-02-01')],
    ['a period is paid, next charge not stated', paid(null)],
    ['a change is paid, the next charge stays', paid('2027-02-01', { part: 'proration' })],
    ['a change is paid, to 2028-02-01 at least', paid('2028-02-01', { part: 'proration', atLeast: true })],
    ['a free period, next charge 2028-02-01', paid('2028-02-01', { free: true })],
  ],
  asked: [
    [
      'an early license request for a later charge',
      { kind: 'asked', order: 'R', line: 'app', product: 'app', quantity: 1 },
    ],
  ],
  dated: [
    ['the next charge is stated: 2028-02-01', dated('2028-02-01')],
    ['the state is active, next charge 2028-02-01', dated('2028-02-01', { active: true })],
  ],
  resized: [
    ['the subscription changes to 2 units', { kind: 'resized', product: 'app', quantity: 2, line: 'app' }],
    [
      'the subscription changes to another product',
      { kind: 'resized', product: 'plus', quantity: 1, line: 'plus' },
    ],
    [
      'the subscription changes to a plan without a product file',
      { kind: 'resized', product: null, quantity: 1, line: 'else' },
    ],
  ],
  covered: [
    [
      'the lines of the subscription are stated: 2 units',
      { kind: 'covered', lines: [{ line: 'app', product: 'app', quantity: 2 }] },
    ],
  ],
  announced: [
    [
      'a change with the next charge is announced',
      { kind: 'announced', product: 'plus', quantity: 1, line: 'plus' },
    ],
  ],
  overdue: [['a payment is overdue', { kind: 'overdue' }]],
  recovered: [['the subscription is active again', { kind: 'recovered' }]],
  paused: [
    ['the subscription pauses now', { kind: 'paused' }],
    ['a pause from the next charge on is scheduled', { kind: 'paused', scheduled: true }],
    ['a pause after 2027-01-20 is scheduled', { kind: 'paused', last: '2027-01-20' }],
  ],
  resumed: [['the subscription resumes', { kind: 'resumed' }]],
  canceled: [['the customer cancels, paid to 2027-01-25', { kind: 'canceled', last: '2027-01-25' }]],
  uncanceled: [['the cancellation is withdrawn', { kind: 'uncanceled' }]],
  deactivated: [['the subscription ends on 2027-01-10', { kind: 'deactivated', on: '2027-01-10' }]],
  refunded: [['the charge is fully refunded', { kind: 'refunded' }]],
  repaid: [
    ['the charge is partially refunded', repaid(5)],
    [
      'the price of a unit is refunded',
      repaid(30, { lines: [{ line: 'app', amount: 30, quantity: 1, full: false }] }),
    ],
    ['the tax is refunded', repaid(9, { tax: true })],
  ],
  'return-undone': [['a return came to nothing', { kind: 'return-undone', name: 'R' }]],
  returned: [
    ['a unit is returned (ledger of the first version)', { kind: 'returned', product: 'app', quantity: 1 }],
  ],
  'charged-back': [['a chargeback is opened', { kind: 'charged-back' }]],
  disputed: [['a dispute is opened', { kind: 'disputed' }]],
  'dispute-won': [['the dispute is won', { kind: 'dispute-won' }]],
  'dispute-lost': [['the dispute is lost', { kind: 'dispute-lost' }]],
  voided: [['the order fails or is canceled', { kind: 'voided' }]],
  reviewed: [['the order is under review', { kind: 'reviewed' }]],
  cleared: [['the review accepts the order', { kind: 'cleared' }]],
  learned: [['a genuine code of a higher revision is seen', { kind: 'learned', revision: 7 }]],
  handed: [['you: mailed', { kind: 'handed', revision: 7 }]],
  'set-until': [['you: renew until 2029-12-31', { kind: 'set-until', until: '2029-12-31' }]],
  'set-updates': [['you: extend updates to 2029-12-31', { kind: 'set-updates', until: '2029-12-31' }]],
  stopped: [['you: suspend', { kind: 'stopped' }]],
  reinstated: [['you: reinstate', { kind: 'reinstated' }]],
  withdrawn: [['you: revoke', { kind: 'withdrawn' }]],
  termed: [['you: apply other terms (here the same)', { kind: 'termed', product: 'app', terms: 'kept' }]],
  mapped: [['you: a path is this product', { kind: 'mapped', line: 'else', product: 'plus' }]],
  moved: [
    [
      'you: it goes on from another marketplace',
      { kind: 'moved', from: 'paddle-classic', subscription: '1' },
    ],
  ],
  claimable: [['the page after the checkout', { kind: 'claimable', order: 'A1' }]],
  noted: [['a reminder, a failed charge', { kind: 'noted', note: 'a reminder' }]],
};

const OF_SUBSCRIPTION: ReadonlySet<FactKind> = new Set<FactKind>([
  'paid',
  'asked',
  'dated',
  'resized',
  'covered',
  'announced',
  'overdue',
  'recovered',
  'paused',
  'resumed',
  'canceled',
  'uncanceled',
  'deactivated',
]);
const OF_LICENSE: ReadonlySet<FactKind> = new Set<FactKind>([
  'learned',
  'handed',
  'set-until',
  'set-updates',
  'stopped',
  'reinstated',
  'withdrawn',
]);

const SOLD_ON = '2026-02-01';
const TODAY = '2027-01-15';

/** A sale on 2026-02-01 of a subscription with the next charge on 2027-02-01, and facts, each on its own day. */
export class Sale {
  readonly #world: World;
  #day = 0;

  constructor(product: Partial<Product> = {}, quantity = 1, subscription: string | undefined = 'S') {
    const app = productOf(product);
    this.#world = new World([app, productOf({ ...app, id: 'plus' })], at(SOLD_ON));
    this.#world.ask({ order: 'A', product: 'app', line: 'app', quantity });
    const price = 30 * quantity;
    const sale: Fact[] = [
      told(SOLD_ON, 'order-id:1', tie('order:A')),
      told(SOLD_ON, 'order:A', charged(price + 9)),
      told(SOLD_ON, 'order:A', sold('app', { quantity, price, ...(subscription && { subscription }) })),
    ];
    this.#world.tell(sale);
    if (subscription) this.#world.tell([told(SOLD_ON, 'subscription:S', dated('2027-02-01'))]);
    this.#world.now = at(TODAY);
  }

  /** Derives the licenses on another day. */
  wait(day: string): this {
    this.#world.wait(day);
    return this;
  }

  tell(bodies: readonly FactBody[], subject?: Subject): this {
    for (const body of bodies) {
      this.#day += 1;
      const day = `2027-01-0${this.#day}`;
      const terms = this.#world.records[0]?.terms ?? '';
      const meant = body.kind === 'termed' ? { ...body, terms } : body;
      this.#world.tell([told(day, subject ?? this.#subjectOf(body), meant)]);
    }
    return this;
  }

  /** Facts with their own days and subjects. */
  add(...facts: readonly Fact[]): this {
    this.#world.tell(facts);
    return this;
  }

  get state(): string {
    return this.#world.records[0]?.state ?? '';
  }

  get entitlement(): Entitlement {
    return PLAIN_MINTER.entitlementOf(this.#world.records[0]?.code ?? '');
  }

  /** Each unit of the product in short: state and last valid day. */
  get units(): readonly string[] {
    return this.#world.records
      .filter(({ product }) => product === 'app')
      .map(({ state, code }) => {
        const { lastValid } = PLAIN_MINTER.entitlementOf(code);
        return state === 'revoked'
          ? state
          : `${state}, ${lastValid === null ? 'for good' : `to ${lastValid}`}`;
      });
  }

  get flagged(): boolean {
    return this.#world.flags.length > 0;
  }

  #subjectOf({ kind }: FactBody): Subject {
    if (OF_SUBSCRIPTION.has(kind)) return 'subscription:S';
    if (kind === 'alias') return 'order-id:9';
    const [license] = this.#world.records;
    return OF_LICENSE.has(kind) && license !== undefined ? licenseSubject(license.id) : 'order:A';
  }
}

export const SITUATIONS: readonly (readonly [name: string, before: readonly FactBody[]])[] = [
  ['active', []],
  ['active, canceled', [{ kind: 'canceled', last: '2027-01-31' }]],
  ['active, pause scheduled', [{ kind: 'paused', last: '2027-01-31' }]],
  ['suspended: overdue', [{ kind: 'overdue' }]],
  ['suspended: paused', [{ kind: 'paused' }]],
  ['suspended: disputed', [{ kind: 'disputed' }]],
  ['suspended: under review', [{ kind: 'reviewed' }]],
  ['suspended: by you', [{ kind: 'stopped' }]],
  ['revoked: money returned', [{ kind: 'refunded' }]],
  ['revoked: order failed', [{ kind: 'voided' }]],
  ['revoked: by you', [{ kind: 'withdrawn' }]],
  ['ended', [{ kind: 'deactivated', on: '2027-01-05' }]],
  ['ended: another product', [{ kind: 'resized', product: 'plus', quantity: 1, line: 'plus' }]],
];

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

const everyFact = Object.values(ROWS).flat();

/** What changes: the state and the last valid day. */
export function situationTable(): string {
  const rows = everyFact.map(([words, body]) => {
    const cells = SITUATIONS.map(([, before]) => {
      const [was, is] = [new Sale().tell(before), new Sale().tell([...before, body])];
      const state = is.state === was.state ? '' : is.state;
      const { lastValid } = is.entitlement;
      const day = lastValid === was.entitlement.lastValid ? '' : `to ${lastValid}`;
      return [state, day].filter(Boolean).join(', ') || '·';
    });
    return [words, ...cells];
  });
  return table(['then \\ before', ...SITUATIONS.map(([name]) => name)], rows);
}

/** A charge with its own order, beside the charges of the sale. */
const chargeOn = (day: string, order: Subject, body: FactBody): readonly Fact[] => [
  told(day, order, tie('subscription:S')),
  told(day, 'subscription:S', body),
];

interface ChargeRow {
  readonly words: string;
  readonly subject: Subject;
  readonly total: number;
  readonly subscription: boolean;
  readonly before: readonly Fact[];
}

const REBILL = chargeOn(
  '2027-02-01',
  'order-id:2',
  paid('2028-02-01', { charge: 'order-id:2', total: 39, currency: 'EUR', covers: covers('app') }),
);
const PRORATION = chargeOn(
  '2027-03-01',
  'order-id:3',
  paid('2028-02-01', {
    charge: 'order-id:3',
    total: 20,
    currency: 'EUR',
    covers: covers('app', 2),
    part: 'proration',
  }),
);
const EXTRA = chargeOn(
  '2027-03-05',
  'order-id:4',
  paid('2028-02-01', { charge: 'order-id:4', total: 7, currency: 'EUR', part: 'extra' }),
);

export const CHARGES: readonly ChargeRow[] = [
  {
    words: 'subscription: only the first charge',
    subject: 'order-id:1',
    total: 39,
    subscription: true,
    before: [],
  },
  {
    words: 'subscription: first charge, then a paid rebill',
    subject: 'order-id:1',
    total: 39,
    subscription: true,
    before: REBILL,
  },
  { words: 'subscription: rebill', subject: 'order-id:2', total: 39, subscription: true, before: REBILL },
  {
    words: 'subscription: proration for a second unit',
    subject: 'order-id:3',
    total: 20,
    subscription: true,
    before: [...REBILL, ...PRORATION],
  },
  {
    words: 'subscription: extra',
    subject: 'order-id:4',
    total: 7,
    subscription: true,
    before: [...REBILL, ...EXTRA],
  },
  { words: 'one-time sale', subject: 'order-id:1', total: 39, subscription: false, before: [] },
];

/** What became of a charge, in the order of the facts. */
export const FATES: readonly (readonly [words: string, fate: (total: number) => readonly FactBody[]])[] = [
  ['paid', () => []],
  ['a part returned', () => [repaid(5)]],
  ['returned', (total) => [repaid(5), repaid(total - 5)]],
  ['chargeback', () => [{ kind: 'charged-back' }]],
  ['disputed', () => [{ kind: 'disputed' }]],
  ['won', () => [{ kind: 'charged-back' }, { kind: 'dispute-won' }]],
  ['lost', () => [{ kind: 'disputed' }, { kind: 'dispute-lost' }]],
];

export function chargeSale(
  { subject, total, subscription, before }: ChargeRow,
  fate: (total: number) => readonly FactBody[],
): Sale {
  const product: Partial<Product> = subscription ? {} : { term: 'perpetual' };
  const sale = new Sale(product, 1, subscription ? 'S' : '').wait('2027-01-20').add(...before);
  const facts = fate(total).map((body, place) => told(`2027-04-0${place + 1}`, subject, body));
  return sale.wait('2027-04-10').add(...facts);
}

/** State and last valid day of each unit; a flag where there is one. */
export function chargeTable(): string {
  const rows = CHARGES.map((row) => [
    row.words,
    ...FATES.map(([, fate]) => {
      const sale = chargeSale(row, fate);
      const [first, ...others] = sale.units;
      const second = others.length === 0 ? '' : `; second unit ${others.join()}`;
      return `${first}${second}${sale.flagged && fate(row.total)[0]?.kind === 'repaid' ? ' (flagged)' : ''}`;
    }),
  ]);
  return table(['charge', ...FATES.map(([words]) => words)], rows);
}

export const PRODUCTS: readonly (readonly [words: string, product: Partial<Product>, quantity: number])[] = [
  ['dated, updates P1Y', { term: 'P1Y', updates: 'P1Y' }, 1],
  ['perpetual, maintenance P1Y', { term: 'perpetual', updates: 'P1Y' }, 1],
  ['3 units of 5 seats in one code', { quantity: 'seats', seats: 5 }, 3],
];

const FIELDS = ['trial', 'issued', 'lastValid', 'updatesUntil', 'seats', 'features'] as const;

/** Every field of an entitlement that a fact changes, and the state, for a product. */
export function changesOf(body: FactBody, product: Partial<Product>, quantity: number): readonly string[] {
  const [was, is] = [new Sale(product, quantity), new Sale(product, quantity).tell([body])];
  const changed = FIELDS.filter((field) => is.entitlement[field] !== was.entitlement[field]);
  return [
    ...(is.state === was.state ? [] : [is.state]),
    ...changed.map((field) => `${field} ${is.entitlement[field]}`),
  ];
}

export function fieldTable(): string {
  const rows = everyFact.map(([words, body]) => [
    words,
    ...PRODUCTS.map(([, product, quantity]) => changesOf(body, product, quantity).join(', ') || '·'),
  ]);
  return table(['then \\ product', ...PRODUCTS.map(([words]) => words)], rows);
}
