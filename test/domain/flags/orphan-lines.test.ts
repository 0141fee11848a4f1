/** What is owed of a subscription of whose sale nothing is known. */
import test from 'ava';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { covers, dated, paid, sold, told } from '../../kit/telling.ts';
import { after, BEGUN, begin, S } from '../../kit/watched.ts';

/** The owed lines: order, path, product and missing units. */
function owed(...facts: readonly Fact[]): readonly string[] {
  const world = begin();
  after(world, BEGUN, ...facts);
  return world.found.owed.map(
    ({ order, line, product, missing }) => `${order} ${line}/${product} ${missing}`,
  );
}
const announced = (product: string | null, quantity: number): FactBody => ({
  kind: 'announced',
  product,
  quantity,
  line: product ?? 'else',
});
const linked = (subscription: string) => told(BEGUN, 'order:A', { kind: 'linked', subscription });
const unknown = (product: string | null, quantity = 1) => [{ line: 'x', product, quantity }];

test('a sale that is named, and that nothing else told of, is owed as its subscription was announced first', (t) => {
  const first = told(BEGUN, S, announced('pro', 2));
  const later = told('2027-01-02', S, announced('basic', 5));
  t.deepEqual(owed(told(BEGUN, S, dated('2027-02-01')), later, linked('S'), first), [`${S} pro/pro 2`]);
  t.deepEqual(owed(first), [], 'an import names no sale');
  t.deepEqual(owed(first, linked('T')), [], 'the sale of another subscription');
  t.deepEqual(owed(linked('S'), told(BEGUN, S, dated('2027-02-01'))), [], 'nothing says what it is for');
  t.deepEqual(owed(linked('S'), told(BEGUN, S, announced(null, 2))), [], 'it is for no product');
});

test('a sale that was told owes its own lines alone', (t) => {
  const failed = told(BEGUN, 'order:A', sold('app', { failed: true }));
  const noted = told(BEGUN, 'order:A', { kind: 'noted', note: 'x' });
  t.deepEqual(owed(told(BEGUN, S, announced('pro', 2)), linked('S'), noted, failed), ['A app/app 1']);
});

test('lines that the marketplace states are owed once the subscription is paid for', (t) => {
  const stated = told(BEGUN, S, { kind: 'covered', lines: unknown('unheard-of', 2) });
  const date = told(BEGUN, S, dated('2027-02-01'));
  t.deepEqual(owed(stated, date), []);
  const payment = told('2027-01-02', S, paid('2027-02-01'));
  t.deepEqual(owed(stated, date, payment), [`${S} /unheard-of 2`]);
});

test('a subscription that was moved from another marketplace owes nothing here', (t) => {
  const payment = told(BEGUN, S, paid('2027-02-01', { covers: covers('unheard-of') }));
  const moved = told(BEGUN, S, { kind: 'moved', from: 'fastspring', subscription: 'F' });
  t.deepEqual(owed(payment), [`${S} unheard-of/unheard-of 1`], 'the control');
  t.deepEqual(owed(payment, moved), []);
});

test('of paid lines, those without a product file are owed beside what the subscription covers', (t) => {
  const both = [...covers('unheard-of', 2), ...unknown(null, 3)];
  const lines = [`${S} unheard-of/unheard-of 2`, `${S} x/null 3`];
  t.deepEqual(owed(told(BEGUN, S, paid('2027-02-01', { covers: both }))), lines);
  t.deepEqual(
    owed(
      told(BEGUN, S, { kind: 'covered', lines: both }),
      told(BEGUN, S, { kind: 'announced', product: null, quantity: 1, line: 'foretold' }),
      told('2027-01-02', S, paid('2027-02-01')),
    ),
    [`${S} /unheard-of 2`, `${S} x/null 3`],
  );
});
