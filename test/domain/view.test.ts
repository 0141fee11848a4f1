/** The view of facts: subscriptions, their orders and charges; and the terms of a license. */
import test from 'ava';
import type { LedgerLicense } from '../../src/domain/changes.ts';
import type { Fact, FactBody } from '../../src/domain/facts/fact.ts';
import { isChargeOf } from '../../src/domain/facts/names.ts';
import { keptTermsFor, termsFor } from '../../src/domain/life/terms-of.ts';
import type { Rules } from '../../src/domain/rules.ts';
import { chargesOf, readView } from '../../src/domain/view.ts';
import { productOf } from '../kit/product.ts';
import { recordOf } from '../kit/records.ts';
import { covers, paid, sold, tie, told } from '../kit/telling.ts';

const BEGUN = '2027-01-01';
const S = 'subscription:S';
const subscriptionOf = (facts: readonly Fact[], licenses: readonly LedgerLicense[] = []) =>
  readView(facts, licenses).subscriptions.get('S');

test('a subscription is known from a line, from a license it issued, or from a fact of its own', (t) => {
  const known = (facts: readonly Fact[], licenses: readonly LedgerLicense[] = []) => [
    ...readView(facts, licenses).subscriptions.keys(),
  ];
  t.deepEqual(known([told(BEGUN, 'order:A', sold('pro', { subscription: 'S' }))]), ['S']);
  t.deepEqual(known([told(BEGUN, 'order:A', sold('pro'))]), []);
  t.deepEqual(known([], [recordOf({ order: 'subscription:S' })]), ['S']);
  t.deepEqual(known([], [recordOf()]), []);
  t.deepEqual(known([told(BEGUN, S, { kind: 'overdue' })]), ['S']);
});

test('facts are ordered by time, each once under all names of its order', (t) => {
  const facts = [
    told('2027-01-03', 'order:A', { kind: 'disputed' }, 'd'),
    told('2027-01-02', 'order-id:1', { kind: 'disputed' }, 'd'),
    told(BEGUN, 'order-id:1', tie('order:A')),
    told('2027-01-02', 'order:B', { kind: 'disputed' }, 'd'),
  ];
  const { facts: read, factsOf } = readView(facts, []);
  t.deepEqual(read, [facts[2], facts[1], facts[3]] as Fact[]);
  t.deepEqual(factsOf('order:A'), [facts[2], facts[1]] as Fact[]);
  t.deepEqual(factsOf('order-id:1'), factsOf('order:A'));
  t.deepEqual(factsOf('order:C'), []);
});

test('the first order of a subscription is its earliest order that is no charge; others follow it', (t) => {
  const sale = (day: string, order: string, more = {}) =>
    told(day, `order:${order}`, sold('pro', { subscription: 'S', ...more }), `sold ${order}`);
  const view = subscriptionOf([
    sale('2027-01-02', 'A'),
    sale(BEGUN, 'B'),
    sale('2026-12-01', 'C'),
    told(BEGUN, 'order:C', tie(S)),
  ]);
  t.deepEqual(
    view?.ownLines.map(({ order }) => order),
    ['B'],
  );
  t.deepEqual(view?.otherLines.map(({ order }) => order).sort(), ['A', 'C']);
  const companion = subscriptionOf([sale(BEGUN, 'B', { companion: true }), sale('2027-01-02', 'A')]);
  t.deepEqual(
    companion?.ownLines.map(({ order }) => order),
    ['A'],
  );
  t.deepEqual(
    companion?.otherLines.map(({ order }) => order),
    ['B'],
  );
  const same = subscriptionOf([sale(BEGUN, 'B'), sale(BEGUN, 'A')]);
  t.deepEqual(
    same?.ownLines.map(({ order }) => order),
    ['A'],
    'of one time always the same one',
  );
});

test('the named products of a subscription come from its changes, charges and links', (t) => {
  const named = (...bodies: FactBody[]) => [
    ...(subscriptionOf(bodies.map((body) => told(BEGUN, S, body)))?.named ?? []),
  ];
  t.deepEqual(named({ kind: 'resized', product: 'pro', quantity: 1 }), ['pro']);
  t.deepEqual(named({ kind: 'announced', product: 'pro', quantity: 1, line: 'pro' }), ['pro']);
  t.deepEqual(
    named({ kind: 'resized', product: null, quantity: 1 }, { kind: 'returned', product: 'pro', quantity: 1 }),
    [],
  );
  t.deepEqual(named(paid(null, { covers: [...covers('pro'), { line: 'x', product: null, quantity: 1 }] })), [
    'pro',
  ]);
  t.deepEqual(named(paid(null)), []);
  const linked = (more: object) => [
    told(BEGUN, 'order:A', { kind: 'linked', subscription: 'S', ...more } as FactBody),
    told(BEGUN, S, { kind: 'overdue' }),
  ];
  t.deepEqual([...(subscriptionOf(linked({ product: 'pro' }))?.named ?? [])], ['pro']);
  for (const more of [{}, { product: 'pro', line: 'pro' }, { product: 'pro', subscription: 'T' }])
    t.deepEqual([...(subscriptionOf(linked(more))?.named ?? [])], [], JSON.stringify(more));
});

test('whether refunds take nothing is asked of the order that sold the product, and else of the subscription', (t) => {
  const asked: string[] = [];
  const returned = (product: string, charge: 'order-id:5' | 'order-id:6') => [
    told('2027-01-05', charge, tie(S)),
    told(
      '2027-01-05',
      S,
      paid('2027-02-01', {
        part: 'proration',
        charge,
        total: 5,
        currency: 'EUR',
        covers: covers(product, 2),
      }),
      `paid ${charge}`,
    ),
    told('2027-01-06', charge, { kind: 'refunded' }),
  ];
  const facts = [
    told(BEGUN, 'order:A', sold('app', { subscription: 'S' })),
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' }), 'pro'),
    told('2027-01-02', 'order:B', sold('pro', { subscription: 'S' })),
    ...returned('pro', 'order-id:5'),
    ...returned('basic', 'order-id:6'),
  ];
  readView(facts, [], ({ order, product }, { factsOf }) => {
    asked.push(`${order} ${product} ${factsOf(`order:${order}`).length}`);
    return false;
  });
  t.deepEqual([...new Set(asked)].sort(), ['A pro 2', 'subscription:S basic 0']);
});

test('what a path of the order was said to be holds for the charges of its subscription', (t) => {
  const nameless = { line: 'x', product: null, quantity: 1 } as const;
  const facts = [
    told(BEGUN, 'order:A', sold(null, { line: 'x', subscription: 'S' })),
    told('2027-02-01', S, paid(null, { covers: [nameless] })),
  ];
  const mapped = (order: string) =>
    told('2027-01-02', `order:${order}`, { kind: 'mapped', line: 'x', product: 'pro' });
  t.deepEqual([...(subscriptionOf(facts)?.named ?? [])], []);
  t.deepEqual([...(subscriptionOf([...facts, mapped('A')])?.named ?? [])], ['pro']);
  t.deepEqual([...(subscriptionOf([...facts, mapped('B')])?.named ?? [])], [], 'of another order');
});

test('the charges of a subscription are its first order and the orders aliased to it', (t) => {
  const facts = [
    told(BEGUN, 'order-id:1', tie('order:A')),
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
    told(BEGUN, 'order-id:2', tie(S)),
    told(BEGUN, 'order-id:3', tie('subscription:T')),
    told(BEGUN, 'order:B', sold('extra', { subscription: 'S', companion: true })),
  ];
  const view = readView(facts, []);
  t.deepEqual([...chargesOf(view.subscriptions.get('S')!, view)].sort(), ['order-id:2', 'order:A']);
  t.true(isChargeOf(readView([told(BEGUN, 'order:B', tie(S))], []).names, 'B', 'S'));
  t.false(isChargeOf(view.names, 'A', 'S'));
});

const RULES: Pick<Rules, 'findTerms' | 'currentTerms'> = {
  findTerms: (digest) => (digest.startsWith('kept') ? productOf({ id: digest }) : undefined),
  currentTerms: (id) => ({ digest: 'current', terms: productOf({ id: `current ${id}` }) }),
};
const terms = (
  license: Parameters<typeof keptTermsFor>[0],
  facts: readonly Fact[] = [],
  licenses: readonly LedgerLicense[] = [],
) => keptTermsFor(license, readView(facts, licenses), licenses, RULES as Rules)?.terms.id;

test('fault 37: a license has the terms of its sale, else of its line, else of the product file', (t) => {
  const plain = { order: 'A', product: 'pro', terms: null };
  t.is(terms({ ...plain, terms: 'kept 1' }), 'kept 1');
  t.is(terms(plain), 'current pro');
  t.is(terms(plain, [], [recordOf({ terms: 'kept 2' })]), 'kept 2');
  t.is(
    terms(
      plain,
      [],
      [recordOf({ terms: 'kept 2', product: 'app' }), recordOf({ terms: 'kept 2', order: 'B' })],
    ),
    'current pro',
  );
  t.is(terms({ ...plain, terms: 'kept 1' }, [], [recordOf({ terms: 'kept 2' })]), 'kept 1');
  t.is(terms({ ...plain, terms: 'lost' }), undefined, 'no others take their place');
  t.is(termsFor({ ...plain, terms: 'kept 1' }, readView([], []), [], RULES as Rules)?.id, 'kept 1');
});

test('fault 37: the terms that an operator applied last override the terms of the sale', (t) => {
  const termed = (day: string, digest: string, more = {}) =>
    told(day, 'order:A', { kind: 'termed', product: 'pro', terms: digest, ...more }, digest);
  const license = { order: 'A', product: 'pro', terms: 'kept 1' };
  t.is(terms(license, [termed('2027-01-03', 'kept 3'), termed('2027-01-02', 'kept 2')]), 'kept 3');
  t.is(
    terms(license, [termed('2027-01-02', 'kept 2'), told('2027-01-04', 'order:A', sold('pro'))]),
    'kept 2',
  );
  t.is(terms(license, [termed('2027-01-02', 'kept 2', { product: 'app' })]), 'kept 1');
  t.is(terms({ ...license, order: 'B' }, [termed('2027-01-02', 'kept 2')]), 'kept 1');
  const own = told(BEGUN, S, { kind: 'termed', product: 'pro', terms: 'kept 4' });
  t.is(terms({ ...license, order: 'subscription:S' }, [own]), 'kept 4');
});
