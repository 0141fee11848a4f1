/** Payments that do not say what they are for, beside changes that take effect by themselves (Paddle Classic). */
import test from 'ava';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import type { Product } from '../../../src/domain/values/product.ts';
import { productOf } from '../../kit/product.ts';
import { covers, dated, paid, tie, told } from '../../kit/telling.ts';
import { at, World } from '../../kit/world.ts';

const S = 'subscription:S';
const pro = productOf({ id: 'pro', term: 'P1M', grace: 'P7D' });
const basic = productOf({ id: 'basic', term: 'P1M', grace: 'P7D' });
const SECOND = 1000;

const linked = told('2027-01-01', 'order:A', { kind: 'linked', subscription: 'S' });
const first = told(
  '2027-01-01',
  S,
  paid('2027-02-01', { part: 'first', charge: 'order:A', total: 10, currency: 'EUR', covers: covers('pro') }),
);

/** As Paddle Classic tells a payment that is not the first one: a date, and the units that it names. */
function payment(order: string, day: string, until: string, quantity: number, seconds = 0): readonly Fact[] {
  const charge = `order:${order}` as const;
  const size = { kind: 'resized', line: 'pro', product: 'pro', quantity, paidTo: until } as const;
  const later = (fact: Fact) => ({ ...fact, at: fact.at + seconds * SECOND });
  return [
    told(day, charge, tie(S), `tie ${order}`),
    told(day, S, paid(until, { charge, total: 8, currency: 'EUR' }), `paid ${order}`),
    told(day, S, size, `plan ${order}`),
  ].map(later);
}

function update(day: string, until: string, product: string, quantity: number): readonly Fact[] {
  return [
    told(day, S, dated(until, { active: true })),
    told(day, S, { kind: 'resized', line: product, product, quantity } satisfies FactBody),
  ];
}

const refunded = (order: string, day: string) => [told(day, `order:${order}`, { kind: 'refunded' })];

/** A license that was requested on the first day; then each alert comes in the order given. */
function play(alerts: readonly (readonly Fact[])[], product: Product = pro): World {
  const world = new World([product, basic], at('2027-01-01'));
  world.ask({ order: 'A', product: 'pro' });
  world.now = at('2027-01-20');
  for (const alert of alerts) world.tell(alert);
  return world;
}

function permuted<T>(list: readonly T[]): readonly (readonly T[])[] {
  if (list.length < 2) return [list];
  return list.flatMap((one, place) => permuted(list.toSpliced(place, 1)).map((rest) => [one, ...rest]));
}

const returns = ({ flags }: World) => flags.filter((flag) => flag.startsWith('partial-refund'));

const BOUGHT = [linked, first];

test('a payment beside an edit for more units pays for those: the refund of the period leaves them', (t) => {
  const change = update('2027-01-10', '2027-02-01', 'pro', 2);
  // The payment names all units or the added ones, and is told shortly after the edit or before it.
  for (const [quantity, seconds] of [
    [2, 1],
    [1, 1],
    [2, -1],
    [1, -1],
  ] as const) {
    const pay = payment('B', '2027-01-10', '2027-02-01', quantity, seconds);
    for (const alerts of permuted([BOUGHT, change, pay, refunded('A', '2027-01-12')])) {
      t.deepEqual(play(alerts).licenses, [
        'A//pro/0 revoked 2027-02-08',
        'subscription:S//pro/0 active 2027-02-08',
      ]);
    }
  }
});

test('the refund of a payment for more units revokes those, is flagged, and the next period pays for all', (t) => {
  const change = update('2027-01-10', '2027-02-01', 'pro', 2);
  const pay = payment('B', '2027-01-10', '2027-02-01', 2, 1);
  for (const alerts of permuted([BOUGHT, change, pay, refunded('B', '2027-01-12')])) {
    const world = play(alerts);
    t.regex(world.licenses.join(), /^A\/\/pro\/0 active 2027-02-08,subscription:S\/\/pro\/0 revoked/);
    t.deepEqual(returns(world), [
      'partial-refund: The charge of a change of subscription S was returned: the units that it paid for count as unpaid until a further period is paid, though the subscription states them',
    ]);
    world.tell(payment('C', '2027-02-01', '2027-03-01', 2));
    t.deepEqual(world.licenses, ['A//pro/0 active 2027-03-08', 'subscription:S//pro/0 active 2027-03-08']);
  }
});

test('a payment beside a change of product pays for the period too: the license stays while one of the two is paid', (t) => {
  const change = update('2027-01-10', '2027-02-01', 'basic', 1);
  const size = { line: 'basic', product: 'basic' } as const;
  const pay = payment('B', '2027-01-10', '2027-02-01', 1, 1).map((fact) =>
    fact.body.kind === 'resized' ? { ...fact, body: { ...fact.body, ...size } } : fact,
  );
  const live = /basic\/0 active 2027-02-08/;
  for (const alerts of permuted([BOUGHT, change, pay, refunded('A', '2027-01-12')])) {
    const world = play(alerts);
    t.regex(world.licenses.join(), live);
    world.tell(refunded('B', '2027-01-13'));
    t.regex(world.licenses.join(), /basic\/0 revoked/);
  }
  for (const alerts of permuted([BOUGHT, change, pay, refunded('B', '2027-01-12')])) {
    const world = play(alerts);
    t.regex(world.licenses.join(), live);
    t.regex(world.flags.join(), /The charge of a change of subscription S was returned: its licenses are as/);
  }
});

test('a payment within a period is for no units without an edit beside it, or for fewer', (t) => {
  const alone = payment('B', '2027-01-10', '2027-02-01', 1, 1);
  const two = [linked, { ...first, body: { ...first.body, covers: covers('pro', 2) } as FactBody }];
  const before = update('2027-01-09', '2027-02-01', 'pro', 2);
  const beside = update('2027-01-10', '2027-02-01', 'pro', 2);
  const anHourLater = payment('B', '2027-01-10', '2027-02-01', 1, 3600);
  const fewer = update('2027-01-10', '2027-02-01', 'pro', 1);
  for (const [bought, change, pay] of [
    [BOUGHT, before, alone],
    [BOUGHT, beside, anHourLater],
    [two, fewer, alone],
  ] as const) {
    const world = play([bought, change, pay, refunded('B', '2027-01-12')]);
    t.deepEqual(returns(world), []);
    t.true(world.licenses.every((text) => !text.includes('revoked')));
  }
});

test('a payment of a period of its own, or after the period’s money went back, is for the period', (t) => {
  const change = update('2027-01-31', '2027-03-01', 'pro', 2);
  const rebill = payment('B', '2027-01-31', '2027-03-01', 2, 1);
  for (const alerts of permuted([BOUGHT, change, rebill, refunded('B', '2027-02-02')]))
    t.true(play(alerts).licenses.every((text) => text.endsWith('active 2027-02-08')));
  const again = payment('B', '2027-01-10', '2027-02-01', 2, 1);
  const more = update('2027-01-10', '2027-02-01', 'pro', 2);
  for (const alerts of permuted([BOUGHT, refunded('A', '2027-01-09'), more, again]))
    t.true(play(alerts).licenses.every((text) => text.endsWith('active 2027-02-08')));
});

test('the refund of a payment for more units leaves a second edit to its own payment', (t) => {
  const changes = [
    update('2027-01-10', '2027-02-01', 'pro', 2),
    update('2027-01-15', '2027-02-01', 'pro', 3),
  ];
  const pays = [
    payment('B', '2027-01-10', '2027-02-01', 2, 1),
    payment('C', '2027-01-15', '2027-02-01', 3, 1),
  ];
  const alerts = [BOUGHT, ...changes, ...pays, refunded('B', '2027-01-12')];
  for (const order of permuted(alerts)) {
    const world = play(order);
    t.deepEqual(world.licenses.filter((text) => text.includes('active')).sort(), [
      'A//pro/0 active 2027-02-08',
      'subscription:S//pro/1 active 2027-02-08',
    ]);
    world.tell(refunded('C', '2027-01-16'));
    t.is(world.licenses.filter((text) => text.includes('active')).length, 1);
    t.is(returns(world).length, 2);
  }
});

test('a payment for more units is for those too in a period that was paid again after its money went back', (t) => {
  const change = update('2027-01-10', '2027-02-01', 'pro', 2);
  const again = payment('P', '2027-01-06', '2027-02-01', 1);
  const pay = payment('B', '2027-01-10', '2027-02-01', 2, 1);
  const back = [...refunded('A', '2027-01-05'), ...refunded('B', '2027-01-12')];
  for (const order of permuted([BOUGHT, again, change, pay, back])) {
    const world = play(order);
    t.is(world.licenses.filter((text) => text.includes('active')).length, 1);
    t.is(returns(world).length, 1);
  }
});

test('of two payments beside an edit, the nearer one pays for it', (t) => {
  const change = update('2027-01-10', '2027-02-01', 'pro', 2);
  const other = payment('X', '2027-01-10', '2027-02-01', 1, -20);
  const pay = payment('B', '2027-01-10', '2027-02-01', 2, 1);
  for (const order of permuted([BOUGHT, other, change, pay])) {
    const world = play([...order, refunded('X', '2027-01-12')]);
    t.is(world.licenses.filter((text) => text.includes('active')).length, 2);
    t.deepEqual(returns(world), []);
    world.tell(refunded('B', '2027-01-13'));
    t.is(world.licenses.filter((text) => text.includes('active')).length, 1);
    t.is(returns(world).length, 1);
  }
});

/** How marketplaces tell the lines of a subscription and a proration that does not say of which lines. */
const TOLD: Readonly<
  Record<
    string,
    { readonly lines: (product: string, quantity: number) => FactBody; readonly until: string | null }
  >
> = {
  'lemon-squeezy': {
    lines: (product, quantity) => ({ kind: 'resized', product, quantity, line: product }),
    until: null,
  },
  stripe: {
    lines: (product, quantity) => ({ kind: 'covered', lines: covers(product, quantity) }),
    until: null,
  },
  'paddle-billing': {
    lines: (product, quantity) => ({ kind: 'covered', lines: covers(product, quantity) }),
    until: '2027-02-01',
  },
};

/** The first charge A, a change that is told 2 seconds before its proration D, and each return of charges. */
function changed(marketplace: string, product: string, quantity: number, total = 8) {
  const { lines, until } = TOLD[marketplace] ?? { lines: () => ({ kind: 'overdue' as const }), until: null };
  const stated = (day: string, body: FactBody) => told(day, S, body, `lines ${day}`);
  const sale = [
    told('2027-01-01', 'order:A', { kind: 'linked', subscription: 'S' }),
    told(
      '2027-01-01',
      S,
      paid('2027-02-01', { part: 'first', charge: 'order:A', total: 10, currency: 'EUR' }),
    ),
    stated('2027-01-01', lines('pro', 1)),
  ];
  const money = paid(until, { charge: 'order:D', total, currency: 'EUR', part: 'proration', atLeast: true });
  const proration = [told('2027-01-10', 'order:D', tie(S), 'tie D'), told('2027-01-10', S, money, 'paid D')];
  const change = stated('2027-01-10', lines(product, quantity));
  return [sale, [{ ...change, at: change.at - 2 * SECOND }], proration];
}

for (const marketplace of Object.keys(TOLD)) {
  test(`${marketplace}: the refund of a period leaves the unit that a proration within it paid for, and the reverse`, (t) => {
    for (const alerts of permuted([...changed(marketplace, 'pro', 2), refunded('A', '2027-01-12')])) {
      const world = play(alerts);
      t.regex(
        world.licenses.join(),
        /^A\/\/pro\/0 revoked [^,]*,subscription:S\/\/pro\/0 active 2027-02-08$/,
      );
      world.tell(refunded('D', '2027-01-13'));
      t.true(world.licenses.every((text) => text.includes('revoked')));
    }
    for (const alerts of permuted([...changed(marketplace, 'pro', 2), refunded('D', '2027-01-12')])) {
      const world = play(alerts);
      t.regex(world.licenses.join(), /^A\/\/pro\/0 active 2027-02-08,subscription:S\/\/pro\/0 revoked/);
      t.is(returns(world).length, 1);
      world.tell([
        told('2027-02-01', 'order:C', tie(S), 'tie C'),
        told(
          '2027-02-01',
          S,
          paid('2027-03-01', { charge: 'order:C', total: 20, currency: 'EUR' }),
          'paid C',
        ),
      ]);
      t.true(world.licenses.every((text) => text.endsWith('active 2027-03-08')));
    }
  });

  test(`${marketplace}: a plan that a proration changed to stays while the period or the proration is paid`, (t) => {
    for (const [one, other] of [
      ['A', 'D'],
      ['D', 'A'],
    ] as const) {
      const alerts = [...changed(marketplace, 'basic', 1), refunded(one, '2027-01-12')];
      for (const order of permuted(alerts)) {
        const world = play(order);
        t.regex(world.licenses.join(), /basic\/0 active 2027-02-08/);
        world.tell(refunded(other, '2027-01-13'));
        t.regex(world.licenses.join(), /basic\/0 revoked/);
      }
    }
  });

  test(`${marketplace}: control: a proration of 0 pays for nothing`, (t) => {
    const world = play([...changed(marketplace, 'pro', 2, 0), refunded('A', '2027-01-12')]);
    t.true(world.licenses.every((text) => text.includes('revoked')));
  });
}

test('a code with the seats of all units stays while the period or added seats are paid, and is flagged', (t) => {
  const team = productOf({ id: 'pro', term: 'P1M', grace: 'P7D', quantity: 'seats', seats: 5 });
  const change = update('2027-01-10', '2027-02-01', 'pro', 2);
  const classic = [BOUGHT, change, payment('D', '2027-01-10', '2027-02-01', 2, 1)];
  const fastSpring = [
    [
      told('2027-01-01', 'order:A', {
        kind: 'sold',
        product: 'pro',
        line: '',
        quantity: 1,
        subscription: 'S',
      }),
      told('2027-01-01', S, dated('2027-02-01')),
    ],
    [
      told('2027-01-10', 'order:D', tie(S), 'tie D'),
      told(
        '2027-01-10',
        S,
        paid('2027-02-01', { charge: 'order:D', total: 8, part: 'proration', covers: covers('pro', 2) }),
        'paid D',
      ),
    ],
  ] as const;
  const others = Object.keys(TOLD).map((marketplace) => changed(marketplace, 'pro', 2));
  const kept =
    'partial-refund: The charge A of subscription S was returned, and a charge for units added to its period was not: the code of pro keeps its seats to the end of the period';
  for (const bought of [classic, fastSpring, ...others]) {
    for (const alerts of permuted([...bought, refunded('A', '2027-01-12')])) {
      const world = play(alerts, team);
      const live = world.licenses.filter((text) => !text.includes('revoked'));
      t.deepEqual(live, ['A//pro/0 active 2027-02-08']);
      t.deepEqual(returns(world), [kept]);
      world.tell(refunded('D', '2027-01-13'));
      t.regex(world.licenses.join(), /^A\/\/pro\/0 revoked/);
      t.false(returns(world).includes(kept));
    }
    const back = play([...bought, refunded('D', '2027-01-12')], team);
    t.deepEqual(back.licenses, ['A//pro/0 active 2027-02-08'], 'the period stays');
    t.false(returns(back).includes(kept));
  }
});
