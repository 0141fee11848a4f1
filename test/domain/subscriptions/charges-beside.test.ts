/** Charges of something beside a subscription's own product, such as an add-on: they pay for what they name alone. */
import test from 'ava';
import type { Fact, FactBody, Subject } from '../../../src/domain/facts/fact.ts';
import { productOf } from '../../kit/product.ts';
import { covers, dated, paid, sold, tie, told } from '../../kit/telling.ts';
import { at, World } from '../../kit/world.ts';
import { askAgain } from '../subscribed.ts';

const S = 'subscription:S';
const TERMS = { term: 'P1M', grace: 'P7D' } as const;
const PRODUCTS = ['pro', 'extra'].map((id) => productOf({ id, ...TERMS }));
const OWN = { line: 'pro', product: 'pro', quantity: 1 };

const announced = (product: string): FactBody => ({ kind: 'announced', product, line: product, quantity: 1 });
const sale = [
  told('2027-01-01', 'order:A', sold('pro', { subscription: 'S' })),
  told('2027-01-01', S, dated('2027-02-01')),
  told('2027-01-01', S, announced('pro')),
];

function charge(
  day: string,
  order: string,
  product: string,
  more: Partial<FactBody & { kind: 'paid' }> = {},
) {
  const of: Subject = `order:${order}`;
  const body = paid(null, { charge: of, total: 10, currency: 'EUR', covers: covers(product), ...more });
  return [told(day, of, tie(S), `tie ${order}`), told(day, S, body, `paid ${order}`)];
}
const rebill = charge('2027-02-01', 'B', 'pro', { until: '2027-03-01', own: OWN });
const addOn = (day: string, more: object = { own: OWN }) => charge(day, 'X', 'extra', more);
const refunded = (order: string, day: string) => [told(day, `order:${order}`, { kind: 'refunded' })];

function permuted<T>(list: readonly T[]): readonly (readonly T[])[] {
  if (list.length < 2) return [list];
  return list.flatMap((one, place) => permuted(list.toSpliced(place, 1)).map((rest) => [one, ...rest]));
}

/** What is live in the end, the same in each order of the events and license requests. */
function after(today: string, ...events: readonly (readonly Fact[] | ((world: World) => void))[]): string {
  const ends = permuted(events).map((order) => {
    const world = new World(PRODUCTS, at('2027-01-01'));
    world.ask({ order: 'A', product: 'pro', line: 'pro' });
    world.tell(sale);
    world.wait(today);
    for (const event of order) {
      if (typeof event === 'function') event(world);
      else world.tell(event);
    }
    const kept = world.licenses.filter((text) => !/ revoked | ended /.test(text));
    return kept
      .map((text) => text.replace(/^.*\/(\w+)\/\d+/, '$1'))
      .sort()
      .join(', ');
  });
  return [...new Set(ends)].join(' or ');
}

test('fault 17: within a paid period a charge of something else ends nothing, though its event shows no product', (t) => {
  const untold = addOn('2027-02-10', {});
  t.is(after('2027-02-10', rebill, untold), 'extra active 2027-03-08, pro active 2027-03-08');
});

test('an add-on that is charged again within the period is a further unit, which goes with its own charge', (t) => {
  const again = charge('2027-02-12', 'Y', 'extra', { own: OWN });
  const both = [rebill, addOn('2027-02-10'), again] as const;
  const [one, two] = [
    'extra active 2027-03-08, pro active 2027-03-08',
    'extra active 2027-03-08, extra active 2027-03-08, pro active 2027-03-08',
  ];
  t.is(after('2027-02-12', ...both), two);
  t.is(after('2027-02-13', ...both, refunded('X', '2027-02-13')), one);
  t.is(after('2027-02-13', ...both, refunded('Y', '2027-02-13')), one);
  const untold = charge('2027-02-12', 'Y', 'extra');
  t.is(after('2027-02-12', rebill, addOn('2027-02-10', {}), untold), two, 'whose event shows no product');
});

test('an add-on that a charge names beside the sold or rebilled one is a further unit', (t) => {
  const ofSale = told('2027-01-01', 'order:A', sold('extra', { subscription: 'S' }), 'sold extra');
  const world = new World(PRODUCTS, at('2027-01-01'));
  world.tell([...sale, ofSale]);
  world.now = at('2027-01-10');
  world.tell(addOn('2027-01-10'));
  t.is(world.licenses.filter((text) => text.includes('/extra/')).length, 2);
  const lines = [...covers('pro'), ...covers('extra')];
  const rebilled = charge('2027-02-01', 'B', 'pro', { until: '2027-03-01', own: OWN, covers: lines });
  t.is(
    after('2027-02-10', rebilled, addOn('2027-02-10')),
    'extra active 2027-03-08, extra active 2027-03-08, pro active 2027-03-08',
  );
});

test('an add-on that is sold with the subscription, or by an order of its own, is a unit beside one that a charge of its period names', (t) => {
  const ofFirst = [
    told('2027-01-01', 'order:A', sold('extra', { subscription: 'S', companion: true }), 'extra'),
  ];
  const ofOwn = (day: string) => [told(day, 'order:E', sold('extra', { subscription: 'S' }))];
  const charged = addOn('2027-01-10');
  const [one, two] = [
    'extra active 2027-02-08, pro active 2027-02-08',
    'extra active 2027-02-08, extra active 2027-02-08, pro active 2027-02-08',
  ];
  for (const other of [ofFirst, ofOwn('2027-01-05'), ofOwn('2027-01-12')]) {
    t.is(after('2027-01-12', other, charged), two);
    t.is(after('2027-01-13', other, charged, refunded('X', '2027-01-13')), one);
    const again = charge('2027-01-12', 'Y', 'extra', { own: OWN });
    t.is(after('2027-01-13', other, charged, again), `extra active 2027-02-08, ${two}`);
  }
  t.is(after('2027-01-13', ofOwn('2027-01-05'), charged, refunded('E', '2027-01-13')), one);
  const all = { own: OWN, until: '2027-03-01', covers: [...covers('pro'), ...covers('extra', 2)] };
  const rebilled = charge('2027-02-01', 'B', 'pro', all);
  t.is(
    after('2027-02-01', ofOwn('2027-01-05'), charged, rebilled),
    two.replaceAll('2027-02-08', '2027-03-08'),
  );
});

test('the next rebill states all units of an add-on, and one charge that is told twice is one', (t) => {
  const next = (units: number) =>
    charge('2027-03-01', 'C', 'pro', {
      until: '2027-04-01',
      own: OWN,
      covers: [...covers('pro'), ...covers('extra', units)],
    });
  const both = [rebill, addOn('2027-02-10'), charge('2027-02-12', 'Y', 'extra', { own: OWN })] as const;
  const extras = (text: string) => text.match(/extra active/g)?.length;
  t.is(extras(after('2027-03-01', ...both, next(2))), 2);
  t.is(extras(after('2027-03-01', ...both, next(1))), 1);
  const [, paidX] = addOn('2027-02-10');
  const ofItems = [{ ...paidX!, key: 'paid X:items' }];
  t.is(extras(after('2027-02-12', rebill, addOn('2027-02-10'), ofItems)), 1);
  const early = [told('2027-02-28', S, dated('2027-04-01'), 'dated')];
  const first = charge('2027-02-01', 'B', 'pro', {
    until: '2027-03-01',
    own: OWN,
    covers: [...covers('pro'), ...covers('extra')],
  });
  const apart = [early, charge('2027-03-01', 'Y', 'extra', { own: OWN })] as const;
  t.is(extras(after('2027-03-01', first, ...apart)), 1, 'a rebill by a charge of its own');
});

test('a proration of an add-on that is paid for adds no unit, and is flagged until a charge states all lines', (t) => {
  const world = new World(PRODUCTS, at('2027-01-01'));
  world.tell([...sale, ...rebill, ...addOn('2027-02-10', { own: OWN, part: 'proration' })]);
  const flags = () => world.flags.filter((text) => text.startsWith('unclear'));
  t.deepEqual(flags(), [], 'control: the first one');
  world.tell(charge('2027-02-12', 'Y', 'extra', { own: OWN, part: 'proration' }));
  t.is(world.licenses.length, 2);
  t.deepEqual(flags(), [
    'unclear: A proration of subscription S names 1 of extra beside what was paid for before, and does not say whether those are further units: no license was added to the larger number',
  ]);
  world.tell(
    charge('2027-03-01', 'C', 'pro', {
      until: '2027-04-01',
      covers: [...covers('pro'), ...covers('extra')],
    }),
  );
  t.deepEqual(flags(), []);
});

test('control: a rebill of another product takes the place of the first, though no edit was told', (t) => {
  const other = charge('2027-03-01', 'X', 'extra', { until: '2027-04-01' });
  t.is(after('2027-03-01', rebill, other), 'extra active 2027-04-08');
});

test('a charge within a paid period pays for an edit to its product that is told up to a day after it', (t) => {
  const edit = (day: string) => [told(day, S, announced('extra'), 'edit')];
  for (const more of [{}, { own: OWN }]) {
    t.is(
      after('2027-02-12', rebill, addOn('2027-02-10', more), edit('2027-02-11')),
      'extra active 2027-03-08',
    );
    t.is(
      after('2027-02-12', rebill, addOn('2027-02-10', more), edit('2027-02-12')),
      'extra active 2027-03-08, pro active 2027-03-08',
    );
  }
});

test('fault 12: the charge of an add-on does not pay the returned period of the subscription', (t) => {
  const events = [rebill, refunded('B', '2027-02-05'), addOn('2027-02-10')];
  t.is(after('2027-02-10', ...events), 'extra active 2027-03-08, pro active 2027-02-08');
});

test('fault 12: the return of the period leaves an add-on that was paid by itself', (t) => {
  const events = [rebill, addOn('2027-02-10'), refunded('B', '2027-02-12')];
  t.is(after('2027-02-12', ...events), 'extra active 2027-03-08, pro active 2027-02-08');
  t.is(
    after('2027-02-12', rebill, addOn('2027-02-10'), refunded('X', '2027-02-12')),
    'pro active 2027-03-08',
  );
});

test('the charge of an add-on lifts no hold of the subscription, and moves no day', (t) => {
  const overdue = [told('2027-02-01', S, { kind: 'overdue' })];
  const late = 'extra active 2027-03-17, pro suspended 2027-02-08';
  t.is(after('2027-02-10', overdue, addOn('2027-02-10')), late);
  const chargeback = [told('2027-02-05', 'order:B', { kind: 'charged-back' })];
  t.regex(after('2027-02-10', rebill, chargeback, addOn('2027-02-10')), /pro suspended 2027-03-08/);
  t.is(after('2027-02-10', overdue, charge('2027-02-10', 'B', 'pro', { own: OWN })), 'pro active 2027-03-17');
});

test('an add-on that is charged in an overdue subscription stays with the late rebill, until the next one does not name it', (t) => {
  const overdue = [told('2027-02-01', S, { kind: 'overdue' })];
  const late = charge('2027-02-12', 'B', 'pro', { until: '2027-03-12', own: OWN });
  const next = charge('2027-03-12', 'C', 'pro', { until: '2027-04-12', own: OWN });
  for (const more of [{ own: OWN }, {}]) {
    const events = [overdue, addOn('2027-02-10', more), late] as const;
    t.is(after('2027-02-12', ...events), 'extra active 2027-03-19, pro active 2027-03-19');
    t.is(after('2027-03-12', ...events, next), 'pro active 2027-04-19');
    t.is(after('2027-02-12', ...events, refunded('X', '2027-02-12')), 'pro active 2027-03-19');
  }
  const untold = addOn('2027-02-10', { own: OWN });
  t.is(
    after('2027-02-12', untold, late),
    'extra active 2027-03-19, pro active 2027-03-19',
    'the overdue event was lost',
  );
});

test('a charge of something else in an overdue subscription ends nothing though its event shows no product, and is flagged', (t) => {
  const overdue = [told('2027-02-01', S, { kind: 'overdue' })];
  const alone = addOn('2027-02-10', {});
  t.is(after('2027-02-10', overdue, alone), 'extra active 2027-03-17, pro suspended 2027-02-08');
  const world = new World(PRODUCTS, at('2027-01-01'));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  world.tell(sale);
  world.wait('2027-02-10');
  for (const facts of [overdue, alone]) world.tell(facts);
  const flags = () => world.flags.filter((text) => text.startsWith('unclear'));
  t.deepEqual(flags(), [
    'unclear: A charge of subscription S, which is overdue, names 1 of extra alone, and does not show what the subscription is for: its licenses stand beside the others, of which none was renewed',
  ]);
  world.tell(charge('2027-02-12', 'B', 'pro', { until: '2027-03-12' }));
  t.deepEqual(flags(), []);
});

test('a charge that is told twice, once by its items alone, adds its units once', (t) => {
  const lines = [...covers('pro'), ...covers('extra')];
  const rebilled = charge('2027-02-01', 'B', 'pro', { until: '2027-03-01', own: OWN, covers: lines });
  const [tied, paidX] = addOn('2027-02-10');
  const twice = [tied!, paidX!, { ...paidX!, key: 'paid X:items' }];
  t.is(after('2027-02-10', rebilled, twice).match(/extra active/g)?.length, 2);
});

test('a charge of a path that no product file names may be of the subscription’s own product', (t) => {
  const overdue = [told('2027-02-01', S, { kind: 'overdue' })];
  const unmapped = charge('2027-02-02', 'B', 'pro', {
    covers: [{ line: 'else', product: null, quantity: 1 }],
    own: OWN,
  });
  t.is(after('2027-02-02', overdue, unmapped), 'pro active 2027-03-09');
});

test('the return of the period leaves an add-on that a license request was answered for', (t) => {
  const ask = (world: World) => askAgain(world, '2027-02-10', 'X', 'extra');
  const events = [rebill, addOn('2027-02-10'), ask];
  const both = 'extra active 2027-03-08, pro active 2027-02-08';
  t.is(after('2027-02-12', ...events, refunded('B', '2027-02-12')), both);
  t.is(after('2027-02-12', ...events, refunded('X', '2027-02-12')), 'pro active 2027-03-08');
});

test('the charge of an add-on is not that of a request for the subscription’s own product', (t) => {
  const ask = (world: World) => askAgain(world, '2027-02-01', 'B');
  t.regex(after('2027-02-10', ask, addOn('2027-02-10')), /pro active 2027-03-08/);
  t.regex(after('2027-02-10', ask, rebill, addOn('2027-02-10')), /pro active 2027-03-08/);
});

test('the charge of an add-on confirms no request for the subscription’s own product', (t) => {
  const flags = (...events: readonly (readonly Fact[])[]) => {
    const world = new World(PRODUCTS, at('2027-01-01'));
    world.ask({ order: 'A', product: 'pro', line: 'pro' });
    world.tell(sale);
    askAgain(world, '2027-02-01', 'B');
    for (const event of events) world.tell(event);
    world.wait('2027-02-20');
    return world.flags.filter((text) => text.startsWith('assumed-unconfirmed: Order B')).length;
  };
  t.is(flags(addOn('2027-02-05')), 1);
  t.is(flags(charge('2027-02-02', 'other', 'pro', { own: OWN })), 0);
});

test('fault 17: a charge that states neither date nor product ends nothing between two charges of the subscription', (t) => {
  const untold = [charge('2027-02-01', 'B', 'pro'), addOn('2027-02-10', {})] as const;
  t.regex(after('2027-02-10', ...untold), /pro active 2027-03-08$/);
  const ask = (world: World) => askAgain(world, '2027-02-01', 'B');
  t.regex(after('2027-02-10', ask, addOn('2027-02-10', {})), /pro active 2027-03-08$/);
  const next = charge('2027-03-01', 'Z', 'extra');
  t.is(after('2027-03-01', charge('2027-02-01', 'B', 'pro'), next), 'extra active 2027-04-08', 'a rebill');
});
