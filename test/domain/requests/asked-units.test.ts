/** Which licenses a request's units are, and how new ones are issued. */
import test from 'ava';
import type { LedgerLicense } from '../../../src/domain/changes.ts';
import { Draft } from '../../../src/domain/draft.ts';
import type { Issue } from '../../../src/domain/ledger.ts';
import { heldOrder, issueUnits, licensesOf } from '../../../src/domain/requests/asked-units.ts';
import { startOfDay } from '../../../src/domain/values/day.ts';
import { announcing } from '../../kit/announcing.ts';
import { foundOf } from '../../kit/changed.ts';
import { productOf } from '../../kit/product.ts';
import { recordOf } from '../../kit/records.ts';
import { at, MARKET, World } from '../../kit/world.ts';

const NOW = at('2027-01-01');
const DAY = 86_400_000;
const PRO = productOf({ id: 'pro', term: 'P1M', grace: 'P0D' });

function issueOf(more: Partial<Issue['order']> = {}): Issue {
  const customer = { name: undefined, email: undefined };
  const order = { order: 'A', product: 'pro', line: 'pro', quantity: 2, soldAt: NOW, customer, ...more };
  return { order: { ...MARKET, ...order }, product: PRO, units: 'all', facts: [], at: NOW, cause: 'asked' };
}

/** What a request issues: unit, terms, due moment and whether it is answered. */
function issued(
  { remindBefore }: { readonly remindBefore?: 'P14D' | 'P1Y' } = {},
  { order = 'A', answered = 'answered' as 'answered' | 'unanswered', world = newWorld(remindBefore) } = {},
  licenses: readonly LedgerLicense[] = [],
) {
  const draft = new Draft(foundOf(licenses));
  issueUnits(draft, order, issueOf(), world.rules, answered);
  return draft.changes.licenses.map(({ minted, terms, due, answer }) => ({
    ...{ unit: minted.unit, terms, due, isAnswered: answer !== null },
  }));
}
const newWorld = (remindBefore?: 'P14D' | 'P1Y', products = [PRO]) =>
  new World(products, NOW, MARKET, announcing({ ...(remindBefore && { remindBefore }) }));

test('a request’s units are the newest licenses of its line, by unit; a license without a line counts where the line has none', (t) => {
  const units = (...licenses: readonly LedgerLicense[]) =>
    licensesOf(new Draft(foundOf(licenses)), 'A', issueOf()).map(({ number }) => number);
  const [second, first] = [recordOf({ number: 1, unit: 1 }), recordOf({ number: 2, unit: 0 })];
  t.deepEqual(units(second, first), [2, 1]);
  t.deepEqual(units(first, recordOf({ number: 3, reissue: 1 })), [3]);
  const old = recordOf({ number: 4, line: '' });
  t.deepEqual(units(old), [4]);
  t.deepEqual(units(old, first), [2]);
  const others = [{ order: 'B' }, { product: 'app' }, { line: 'app' }];
  t.deepEqual(units(...others.map((other, place) => recordOf({ number: 5 + place, ...other }))), []);
});

test('the first unit waits for its event, and each for its reminder, whichever comes first', (t) => {
  const dues = (...args: Parameters<typeof issued>) => issued(...args).map(({ due }) => due);
  t.deepEqual(dues(), [NOW + DAY, null]);
  const reminder = startOfDay('2027-01-18');
  t.deepEqual(dues({ remindBefore: 'P14D' }), [NOW + DAY, reminder]);
  t.deepEqual(dues({ remindBefore: 'P1Y' }), [NOW + DAY, null], 'it would have been before the sale');
});

test('a refused request, and one of a subscription’s license, leaves no answer', (t) => {
  const answers = (...args: Parameters<typeof issued>) => issued(...args).map((one) => one.isAnswered);
  t.deepEqual(answers(), [true, true]);
  t.deepEqual(answers({}, { answered: 'unanswered' }), [false, false]);
  t.deepEqual(answers({}, { order: 'subscription:S' }), [false, false]);
});

test('a further unit of a product whose file was renamed has the terms of the order’s other units', (t) => {
  const world = newWorld();
  const [{ terms: digest } = { terms: '' }] = issued({}, { world });
  world.rename('pro', productOf({ id: 'renamed' }));
  const held = recordOf({ terms: digest });
  const others = [
    recordOf({ number: 2, order: 'B', terms: 'x' }),
    recordOf({ number: 3, product: 'app', terms: 'x' }),
  ];
  t.deepEqual(
    issued({}, { world }, [...others, held]).map(({ terms }) => terms),
    [digest, digest],
  );
  const without = [[], others, [recordOf({ terms: null })], [recordOf({ terms: 'unknown' })]];
  for (const licenses of without)
    t.throws(() => issued({}, { world }, licenses), { instanceOf: TypeError, message: /has no terms/ });
});

test('a held order has its customer, unless they were erased; without a license there is none', (t) => {
  const holder = { name: 'Ada', email: 'ada@example.com' };
  t.deepEqual(heldOrder([recordOf({ customer: 1, holder })]).customer, holder);
  t.deepEqual(heldOrder([recordOf()]).customer, { name: undefined, email: undefined });
  t.is(heldOrder([recordOf({ customer: 1 })]).customer, undefined);
  t.throws(() => heldOrder([]), { instanceOf: TypeError, message: 'an order without licenses' });
});
