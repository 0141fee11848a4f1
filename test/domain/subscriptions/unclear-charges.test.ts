/** Charges and edits of a FastSpring subscription of which nothing says what they were for: what counts, and what is flagged. */
import test from 'ava';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { productOf } from '../../kit/product.ts';
import { covers, dated, paid, sold, tie, told } from '../../kit/telling.ts';
import { at, World } from '../../kit/world.ts';

const S = 'subscription:S';
const TERMS = { term: 'P1M', grace: 'P7D' } as const;
const PRODUCTS = ['pro', 'extra'].map((id) => productOf({ id, ...TERMS }));
const OWN = { line: 'pro', product: 'pro', quantity: 1 };

const edit = (day: string, product: string, quantity: number) => [
  told(day, S, { kind: 'announced', product, line: product, quantity }),
];
const sale = [
  told('2027-01-01', 'order:A', sold('pro', { subscription: 'S' })),
  told('2027-01-01', S, dated('2027-02-01')),
  ...edit('2027-01-01', 'pro', 1),
];

function charge(day: string, order: string, more: Partial<FactBody & { kind: 'paid' }>): readonly Fact[] {
  const body = paid(null, { charge: `order:${order}`, total: 10, currency: 'EUR', ...more });
  return [told(day, `order:${order}`, tie(S), `tie ${order}`), told(day, S, body, `paid ${order}`)];
}
/** Names the added units alone; its event shows the subscription as it was. */
const proration = (quantity: number, more = {}) =>
  charge('2027-01-10', 'D', { part: 'proration', covers: covers('pro', quantity), own: OWN, ...more });
const rebill = (product: string, quantity = 1) =>
  charge('2027-02-01', 'B', { until: '2027-03-01', covers: covers(product, quantity) });

function permuted<T>(list: readonly T[]): readonly (readonly T[])[] {
  if (list.length < 2) return [list];
  return list.flatMap((one, place) => permuted(list.toSpliced(place, 1)).map((rest) => [one, ...rest]));
}

/** The same in every order of arrival. */
function after(today: string, ...events: readonly (readonly Fact[])[]) {
  const ends = permuted(events).map((order) => {
    const world = new World(PRODUCTS, at('2027-01-01'));
    world.ask({ order: 'A', product: 'pro', line: 'pro' });
    world.tell(sale);
    world.wait(today);
    for (const facts of order) world.tell(facts);
    const live = world.licenses.filter((text) => !/ revoked | ended /.test(text));
    const flags = world.flags.filter((text) => /^un(clear|confirmed-change)/.test(text));
    return JSON.stringify({ live: live.map((text) => text.replace(/^.*\/(\w+)\/\d+/, '$1')).sort(), flags });
  });
  const [end = '{}', ...others] = new Set(ends);
  return { ...(JSON.parse(end) as { live: string[]; flags: string[] }), others };
}

const ONE = ['pro active 2027-02-08'];
const TWO = [...ONE, ...ONE];
const LATE =
  'unclear: Subscription S is for 2 of pro now, told more than a day after a proration of as many units as that adds: they count as paid by it';
const FEWER =
  'unclear: A proration of subscription S names 1 of pro, and no event told a change: if units or money went back to the customer, their licenses last until the next charge';
const AGAIN =
  'unclear: A proration of subscription S names 1 of pro beside what was paid for before, and does not say whether those are further units: no license was added to the larger number';

test('an edit told days after a proration of as many units as it adds is paid by it, and flagged until a charge states all', (t) => {
  const events = [proration(1), edit('2027-01-14', 'pro', 2)] as const;
  t.deepEqual(after('2027-01-15', ...events), { live: TWO, flags: [LATE], others: [] });
  const next = after('2027-02-01', ...events, rebill('pro', 2));
  t.deepEqual(next, { live: ['pro active 2027-03-08', 'pro active 2027-03-08'], flags: [], others: [] });
  const back = [told('2027-01-15', 'order:D', { kind: 'refunded' })];
  t.deepEqual(after('2027-01-15', ...events, back).live, ONE, 'its return takes the unit');
  const periodBack = [told('2027-01-15', 'order:A', { kind: 'refunded' })];
  t.deepEqual(after('2027-01-15', ...events, periodBack).live, ONE, 'and the return of the period leaves it');
});

test('an edit told within a day of its proration is not flagged', (t) => {
  const events = [proration(1), edit('2027-01-11', 'pro', 2)] as const;
  t.deepEqual(after('2027-01-15', ...events), { live: TWO, flags: [], others: [] });
});

test('a proration that does not name what a later edit adds pays for no unit of it', (t) => {
  for (const [pay, change, flags] of [
    [proration(1), edit('2027-01-14', 'pro', 3), [AGAIN]],
    [proration(1, { total: 0 }), edit('2027-01-14', 'pro', 2), [FEWER]],
    [
      charge('2027-01-10', 'D', { part: 'proration', covers: covers('extra'), own: OWN }),
      edit('2027-01-14', 'pro', 2),
      [],
    ],
  ] as const) {
    const { live, flags: raised, others } = after('2027-01-15', pay, change);
    t.deepEqual(
      live.filter((text) => text.startsWith('pro')),
      ONE,
    );
    t.deepEqual([raised, others], [flags, []]);
  }
  const nextPeriod = [proration(1), rebill('pro'), edit('2027-02-03', 'pro', 2)] as const;
  t.deepEqual(after('2027-02-04', ...nextPeriod).live, ['pro active 2027-03-08'], 'of the period before');
});

test('a proration of what was paid for before is flagged from a day later on, while no edit is told', (t) => {
  t.deepEqual(after('2027-01-11', proration(1)).flags, [AGAIN]);
  t.deepEqual(after('2027-01-10', proration(1)).flags, [], 'its edit may be told');
  t.deepEqual(after('2027-01-15', proration(2)).flags, [], 'control: it names more units');
  t.deepEqual(after('2027-02-01', proration(1), rebill('pro')).flags, []);
  const other = { covers: [{ line: 'pro-yearly', product: 'pro', quantity: 1 }] };
  t.deepEqual(after('2027-01-15', proration(1, other)).flags, [], 'control: another path');
  const world = new World(PRODUCTS, at('2027-01-01'));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  for (const facts of [sale, proration(1)]) world.tell(facts);
  world.wait('2027-01-12');
  t.deepEqual(
    world.flags.filter((text) => text.startsWith('unclear')),
    [AGAIN],
    'by time alone',
  );
});

test('an edit to a product that was charged more than a day before is flagged, and the former product stays until the next charge', (t) => {
  const upgrade = charge('2027-01-10', 'D', { covers: covers('extra'), own: OWN });
  const change = edit('2027-01-14', 'extra', 1);
  t.deepEqual(after('2027-01-15', upgrade, change), {
    live: ['extra active 2027-02-08', 'pro active 2027-02-08'],
    flags: [
      'unclear: Subscription S is for 1 of extra now, which a charge paid for more than a day before: if that charge was for the change, the licenses of the former product are not paid for any more, and last until their paid day',
    ],
    others: [],
  });
  t.deepEqual(after('2027-01-15', upgrade).flags, [], 'control: an add-on');
  t.deepEqual(after('2027-02-01', upgrade, change, rebill('extra')), {
    live: ['extra active 2027-03-08'],
    flags: [],
    others: [],
  });
  const within = after('2027-01-15', upgrade, edit('2027-01-11', 'extra', 1));
  t.deepEqual(within, { live: ['extra active 2027-02-08'], flags: [], others: [] });
});

test('units whose lower number no edit told stay until the rebill, are flagged, and end with it', (t) => {
  const three = [
    told('2027-01-01', 'order:A', sold('pro', { quantity: 3, subscription: 'S' })),
    told('2027-01-01', S, dated('2027-02-01')),
    ...edit('2027-01-01', 'pro', 3),
  ];
  const shown = (quantity: number, more = {}) => proration(1, { own: { ...OWN, quantity }, ...more });
  for (const [pay, flag] of [
    [shown(1), FEWER],
    [shown(3, { total: 0 }), FEWER],
    [shown(3), AGAIN],
  ] as const) {
    const world = new World(PRODUCTS, at('2027-01-01'));
    world.ask({ order: 'A', product: 'pro', line: 'pro', quantity: 3 });
    for (const facts of [three, pay]) world.tell(facts);
    world.wait('2027-01-12');
    const live = () => world.licenses.filter((text) => text.includes(' active '));
    const flags = () => world.flags.filter((text) => !text.startsWith('undelivered'));
    t.is(live().length, 3);
    t.deepEqual(flags(), [flag]);
    world.wait('2027-02-01');
    world.tell(rebill('pro', 1));
    t.deepEqual(live(), ['A/pro/pro/0 active 2027-03-08']);
    t.deepEqual(world.licenses.filter((text) => text.includes(' ended ')).length, 2);
    t.deepEqual(flags(), [], 'the rebill states what is paid for');
  }
});
