/** Sales whose events do not state their lines: kept and undelivered, until the lines are fetched. */
import test from 'ava';
import { AWAITED_LINES, awaitedRest, awaitedSale } from '../../../src/domain/sales/awaited-lines.ts';
import { covers, dated, paid, sold, tie, told } from '../../kit/telling.ts';
import { after, BEGUN, begin, S } from '../../kit/watched.ts';
import { at } from '../../kit/world.ts';

const awaited = (subscription?: string) =>
  told(BEGUN, 'order:A', awaitedSale('Set SHOP_API_KEY.', subscription), 'awaited:A');
const FLAG =
  'undelivered: Order A is sold and has no license, because its lines are not fetched yet. Set SHOP_API_KEY.';
const missing = (world: ReturnType<typeof begin>) =>
  world.found.owed.filter((line) => line.missing > 0).map(({ order, line }) => `${order} ${line}`);

test('a sale without its lines is kept, undelivered and flagged at once where nothing can be fetched', (t) => {
  const world = begin();
  t.deepEqual(after(world, BEGUN, awaited()), [FLAG]);
  // A product that is not null counts as undelivered.
  t.like(world.found.owed[0], { order: 'A', product: AWAITED_LINES, missing: 1, due: at(BEGUN, 13) });
  t.deepEqual(world.licenses, []);
});

test('where the lines can be fetched, the flag is raised an hour later', (t) => {
  const world = begin();
  Object.assign(world.rules, { canFetch: () => true });
  t.deepEqual(after(world, BEGUN, awaited()), []);
  world.wait('2027-01-02');
  t.deepEqual(world.flags, [FLAG]);
});

test('fetched lines take the place of the placeholder, in either order of arrival', (t) => {
  for (const order of ['first', 'last']) {
    const world = begin();
    const lines = [
      told(BEGUN, 'order:A', sold('app', { quantity: 2 })),
      told(BEGUN, 'order:A', sold(null), 'x'),
    ];
    if (order === 'first') after(world, BEGUN, awaited());
    after(world, BEGUN, ...lines);
    if (order === 'last') after(world, BEGUN, awaited());
    t.deepEqual(world.licenses, ['A/app/app/0 active perpetual', 'A/app/app/1 active perpetual'], order);
    t.deepEqual(missing(world), ['A unknown'], order);
    t.false(world.flags.includes(FLAG), order);
  }
});

test('lines that are fetched under another name of the order are its lines', (t) => {
  const world = begin();
  after(world, BEGUN, awaited());
  after(world, BEGUN, told(BEGUN, 'order:B', sold('app')), told(BEGUN, 'order:A', tie('order:B')));
  t.is(world.licenses.length, 1);
  t.deepEqual(missing(world), []);
});

test('what a subscription says before the lines are fetched issues nothing, and counts afterwards', (t) => {
  const world = begin();
  const facts = [
    told(BEGUN, S, { kind: 'covered', lines: covers('pro') }),
    told(BEGUN, S, paid('2027-02-01', { part: 'first', charge: 'order:A', total: 10, currency: 'EUR' })),
  ];
  after(world, BEGUN, awaited('S'), ...facts);
  t.deepEqual([world.licenses, missing(world)], [[], [`A ${AWAITED_LINES}`]]);
  const lines = [
    told(BEGUN, 'order:A', sold('pro')),
    told(BEGUN, 'order:A', { kind: 'linked', subscription: 'S', line: 'pro' }),
  ];
  after(world, BEGUN, ...lines);
  t.deepEqual(world.licenses, ['A/pro/pro/0 active 2027-02-04']);
  after(world, '2027-01-02', told('2027-01-02', S, dated('2027-03-01')));
  t.deepEqual([world.licenses, missing(world)], [['A/pro/pro/0 active 2027-03-04'], []]);
});

test('beside stated lines the placeholder stays until an earlier fact with its key takes its place', (t) => {
  const rest = told(BEGUN, 'order:A', awaitedRest('Set SHOP_API_KEY.'), 'rest:A');
  const sale = told(BEGUN, 'order:A', sold('app'));
  const known = {
    ...told(BEGUN, 'order:A', { kind: 'noted', note: 'all' }, 'rest:A'),
    at: at(BEGUN) - 1,
  } as const;
  const world = begin();
  t.deepEqual(after(world, BEGUN, sale, rest), [
    'undelivered: Order A seems to have further lines, which are not fetched yet and have no license. Set SHOP_API_KEY.',
  ]);
  t.is(world.licenses.length, 1, 'the stated line does not wait');
  t.deepEqual(after(world, BEGUN, known), []);
  const early = begin();
  t.deepEqual(after(early, BEGUN, known, sale, rest), [], 'in the other order');
});
