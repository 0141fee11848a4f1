/** What a subscription is told to be for, read as its paths were sold (sold-as.ts). */
import test from 'ava';
import type { CoveredLine, Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { factsAsSold } from '../../../src/domain/sales/sold-as.ts';
import { paid, told } from '../../kit/telling.ts';

const S = 'subscription:S';
type Lines = Parameters<typeof factsAsSold>[1];

/** Facts of the subscription, one a day. */
const daily = (bodies: readonly FactBody[]): readonly Fact[] =>
  bodies.map((body, place) => told(`2027-01-0${place + 1}`, S, body));
function read(bodies: readonly FactBody[], lines: Lines = [], mappings: readonly Fact[] = []) {
  return factsAsSold(daily(bodies), lines, mappings).map(({ body }) => body);
}
/** Lines with their products, as charges and changes name them. */
const named = (products: Readonly<Record<string, string | null>>): readonly CoveredLine[] =>
  Object.entries(products).map(([line, product]) => ({ line, product, quantity: 2 }));
const covered = (products: Parameters<typeof named>[0]): FactBody => ({
  kind: 'covered',
  lines: named(products),
});
const mapped = (line: string, product: string): FactBody => ({ kind: 'mapped', line, product });
const ofOrder = (path: string, product: string | null, order = 'A') => ({ order, path, product });

test('whatever names a path that was sold names the product that it was sold as, and no more changes', (t) => {
  const said = (x: string | null): readonly FactBody[] => [
    { kind: 'announced', line: 'x', product: x, quantity: 2 },
    { kind: 'resized', line: 'x', product: x, quantity: 2, features: ['sync'] },
    { kind: 'covered', lines: named({ x, y: 'app' }) },
    paid('2027-02-01', { covers: named({ y: 'app', x }), total: 10 }),
    ...(x === null ? [] : [{ kind: 'asked', order: 'B', line: 'x', product: x, quantity: 2 } as const]),
    { kind: 'recovered' },
    paid('2027-03-01'),
  ];
  const lines = [ofOrder('x', 'pro'), ofOrder('z', 'basic')];
  t.deepEqual(read(said('pro-2027'), lines), said('pro'));
  t.deepEqual(
    read(said(null), lines).filter(({ kind }) => kind !== 'asked'),
    said('pro').filter(({ kind }) => kind !== 'asked'),
    'no file names the path any more',
  );
});

test('a path of which no sale is known is the product that it was told as first', (t) => {
  const bodies = [covered({ x: null }), covered({ x: 'pro', y: 'app' }), covered({ y: null, x: 'pro-2027' })];
  const all = covered({ x: 'pro', y: 'app' });
  t.deepEqual(read(bodies, [ofOrder('x', null)]), [
    covered({ x: 'pro' }),
    all,
    covered({ y: 'app', x: 'pro' }),
  ]);
});

test('what is told without a path is the product that is told', (t) => {
  const bodies: readonly FactBody[] = [
    { kind: 'resized', product: 'pro', quantity: 1 },
    covered({ '': 'basic' }),
    { kind: 'resized', product: 'team', quantity: 1, line: '' },
  ];
  t.deepEqual(read(bodies, [ofOrder('', 'app')]), bodies);
});

test('the first payment of an order with one line names its path', (t) => {
  const first = (charge: string) =>
    paid('2027-02-01', { part: 'first', charge: `order:${charge}`, covers: named({ 9: 'pro-2027' }) });
  const sold = (lines: Lines, ...bodies: readonly FactBody[]) => {
    const [last] = read([...bodies, covered({ 9: 'pro-2027' })], lines).slice(-1);
    return last?.kind === 'covered' ? last.lines[0]?.product : undefined;
  };
  const line = ofOrder('', 'pro');
  t.is(sold([ofOrder('', 'app', 'B'), line], first('A')), 'pro');
  t.is(sold([line], first('C')), 'pro-2027', 'of another order');
  t.is(sold([ofOrder('x', 'pro')], first('A')), 'pro-2027', 'of an order whose path is known');
  t.is(sold([line], { ...first('A'), part: 'rebill' }), 'pro-2027', 'a further payment');
  t.is(
    sold([line], paid('2027-02-01', { part: 'first', charge: 'order:A' })),
    'pro-2027',
    'it names no path',
  );
});

test('a path without a product file is what an operator mapped it to, of the subscription or of its orders', (t) => {
  const bodies = [covered({ x: null, y: null }), covered({ x: 'pro', y: 'app' })];
  const ultra = [covered({ x: 'ultra', y: 'app' }), covered({ x: 'ultra', y: 'app' })];
  const ofItsOrder = told('2027-01-09', 'order:A', mapped('x', 'ultra'));
  t.deepEqual(read(bodies, [], [ofItsOrder]), ultra);
  t.deepEqual(read([...bodies, mapped('x', 'ultra')]).slice(0, 2), ultra);
  t.deepEqual(
    read(bodies, [ofOrder('x', 'pro')], [ofItsOrder])[0],
    covered({ x: 'pro', y: 'app' }),
    'it was sold',
  );
});
