/** A renamed product file affects new sales only: a sale keeps its product (1). */
import test from 'ava';
import type { FactBody } from '../../../src/domain/facts/fact.ts';
import type { Renewed } from '../../../src/domain/ledger.ts';
import { productOf } from '../../kit/product.ts';
import { covers, dated, paid, sold, tie, told } from '../../kit/telling.ts';
import { at, type MARKET, World } from '../../kit/world.ts';

const S = 'subscription:S';
const pro = productOf({ id: 'pro', term: 'P1M', grace: 'P7D' });
const renamed = productOf({ id: 'pro-2027', term: 'P1M', grace: 'P7D' });
const PADDLE: typeof MARKET = { marketplace: 'paddle-classic', mode: 'live' };

const asked: FactBody = { kind: 'asked', order: 'B', line: 'path', product: 'pro-2027', quantity: 1 };

/** Sold under the path `path` of pro.md, which is renamed to pro-2027.md by the end of January. */
function sale(): { world: World; first: Renewed } {
  const world = new World([pro], at('2027-01-01'));
  const first = world.ask({ order: 'A', product: 'pro', line: 'path' });
  world.tell([
    told('2027-01-01', 'order:A', sold('pro', { line: 'path', subscription: 'S' })),
    told('2027-01-01', S, dated('2027-02-01')),
  ]);
  world.rename('pro', renamed);
  return { world, first };
}

const codesIn = (answered: Renewed) =>
  'held' in answered ? answered.held.licenses.map(({ answer }) => answer?.code) : answered.outcome;

const rebill = [
  told('2027-02-01', 'order-id:2', tie(S)),
  told(
    '2027-02-01',
    S,
    paid('2027-03-01', {
      charge: 'order-id:2',
      covers: [{ line: 'path', product: 'pro-2027', quantity: 1 }],
    }),
  ),
];

test('a rebill of a renamed product renews the sold license and ends none', (t) => {
  const { world } = sale();
  world.now = at('2027-02-01');
  world.tell(rebill);
  t.deepEqual(world.licenses, ['A/path/pro/0 active 2027-03-08']);
});

test('an edit with the same path is no change of product', (t) => {
  for (const kind of ['announced', 'resized'] as const) {
    const { world } = sale();
    world.now = at('2027-01-20');
    world.tell([told('2027-01-20', S, { kind, line: 'path', product: 'pro-2027', quantity: 1 })]);
    world.wait('2027-02-03');
    t.deepEqual(world.licenses, ['A/path/pro/0 active 2027-02-08'], kind);
  }
});

test('control: another path is another product, and a new sale is of the new name', (t) => {
  const { world } = sale();
  world.now = at('2027-01-20');
  world.tell([told('2027-01-20', S, { kind: 'resized', line: 'other', product: 'pro-2027', quantity: 1 })]);
  t.deepEqual(
    world.records.map(({ product, state }) => [product, state]),
    [
      ['pro', 'ended'],
      ['pro-2027', 'active'],
    ],
  );
  world.ask({ order: 'C', product: 'pro-2027', line: 'path' });
  t.is(world.records.at(-1)?.product, 'pro-2027');
});

test('a line that the marketplace names otherwise later is the same line, and follows its subscription still', (t) => {
  const world = new World([pro], at('2027-01-01'));
  const say = (line: string, key: string) => [
    told('2027-01-01', 'order:A', sold('pro', { line }), `sold ${key}`),
    told('2027-01-01', 'order:A', { kind: 'linked', subscription: 'S', line }, `linked ${key}`),
  ];
  world.tell(say('the pro variant', 'once'));
  // Of two versions of a fact at one time the smaller text would count.
  world.tell([...say('renamed', 'once'), told('2027-01-01', S, dated('2027-02-01'))]);
  world.tell(say('a variant', 'once'));
  t.deepEqual(world.licenses, ['A/the pro variant/pro/0 active 2027-02-08']);
  world.tell(say('a variant', 'twice'));
  t.is(world.licenses.length, 2, 'the control: another fact is another line');
});

test('a repeat of the request under the new name gets the same codes and mints none', (t) => {
  const { world, first } = sale();
  const again = world.ask({ order: 'A', product: 'pro-2027', line: 'path' });
  t.is(again.outcome, 'repeated');
  t.deepEqual(codesIn(again), codesIn(first));
  t.is(world.records.length, 1);
});

test('a rebill request under the new name is answered with the sold license, and its repeat too', (t) => {
  const { world } = sale();
  world.now = at('2027-02-01');
  const ask = () =>
    world.ask(
      { order: 'B', product: 'pro-2027', line: 'path' },
      { subscription: 'S', facts: [told('2027-02-01', S, asked)] },
    );
  const first = ask();
  world.now = at('2027-02-02');
  world.tell(rebill);
  t.deepEqual(codesIn(ask()), codesIn(first));
  t.deepEqual(world.licenses, ['A/path/pro/0 active 2027-03-08']);
});

test('a Paddle order has one line: the sold product is the product without a file', (t) => {
  const world = new World([pro], at('2027-01-01'), PADDLE);
  const first = world.ask({ order: 'A', product: 'pro' });
  world.tell([
    told('2027-01-01', 'order:A', { kind: 'linked', subscription: 'S' }),
    told(
      '2027-01-01',
      S,
      paid('2027-02-01', {
        charge: 'order:A',
        part: 'first',
        covers: [{ line: '9', product: 'pro', quantity: 1 }],
      }),
    ),
  ]);
  world.rename('pro', renamed);
  world.now = at('2027-02-01');
  world.tell([
    told('2027-02-01', 'order:B', tie(S)),
    told('2027-02-01', S, paid('2027-03-01', { charge: 'order:B' })),
    told('2027-02-01', S, { kind: 'resized', line: '9', product: 'pro-2027', quantity: 1 }),
  ]);
  t.deepEqual(codesIn(world.ask({ order: 'A', product: 'pro-2027' })), codesIn(first));
  t.is(world.ask({ order: 'B', product: 'pro-2027' }).outcome, 'repeated');
  t.deepEqual(world.licenses, ['A//pro/0 active 2027-03-08']);
});

test('a first payment reported after the renaming names the product of its order', (t) => {
  const world = new World([pro], at('2027-01-01'), PADDLE);
  world.ask({ order: 'A', product: 'pro' });
  world.rename('pro', renamed);
  world.tell([
    told('2027-01-01', 'order:A', { kind: 'linked', subscription: 'S' }),
    told(
      '2027-01-01',
      S,
      paid('2027-02-01', { charge: 'order:A', part: 'first', covers: covers('pro-2027') }),
    ),
  ]);
  t.deepEqual(world.licenses, ['A//pro/0 active 2027-02-08']);
});

test('control: with both files there, a request of Paddle’s for another product is another sale', (t) => {
  const world = new World([pro, renamed], at('2027-01-01'), PADDLE);
  world.ask({ order: 'A', product: 'pro' });
  t.is(world.ask({ order: 'A', product: 'pro-2027' }).outcome, 'issued');
  t.is(world.records.length, 2);
});
