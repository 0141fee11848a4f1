import test from 'ava';
import type { Found, NewLicense } from '../../src/domain/changes.ts';
import { Draft } from '../../src/domain/draft.ts';
import type { RaisedFlag } from '../../src/domain/values/flag.ts';
import { ANSWER, ENTITLEMENT, recordOf } from '../kit/records.ts';
import { paid, told } from '../kit/telling.ts';
import { at, MARKET, PLAIN_MINTER } from '../kit/world.ts';

const ADA = { name: 'Ada', email: 'ada@example.com' };

const draftOf = (found: Partial<Found> = {}) =>
  new Draft({ market: MARKET, facts: [], licenses: [], owed: [], rebills: [], flags: [], ...found });

const newLicense = (wanted: Partial<NewLicense> = {}): NewLicense => ({
  order: 'A',
  line: 'pro',
  product: 'pro',
  reissue: 0,
  minted: PLAIN_MINTER.mint({ ...MARKET, order: 'A', line: 'pro', product: 'pro', unit: 3 }, ENTITLEMENT, 2),
  state: 'active',
  customer: null,
  subscription: 'S',
  terms: 'terms',
  lastValid: '2028-01-15',
  at: 5,
  cause: 'a test',
  charged: { total: 9, currency: 'EUR' },
  answer: null,
  due: 7,
  ...wanted,
});

test('facts are added once; an earlier version replaces a later one and is no new fact', (t) => {
  const [early, late] = [
    told('2027-01-01', 'order:A', paid(null), 'k'),
    told('2027-01-02', 'order:A', paid(null), 'k'),
  ];
  const other = told('2027-01-02', 'order:B', paid(null), 'k');
  const draft = draftOf({ facts: [late] });
  t.deepEqual(draft.addFacts([late]), []);
  t.deepEqual(draft.changes.facts, []);
  t.deepEqual(draft.addFacts([early, other]), [other]);
  t.deepEqual(draft.facts, [early, other]);
  t.deepEqual(draft.changes.facts, [early, other]);
  t.deepEqual(draftOf({ facts: [early] }).addFacts([late]), []);
});

test('a new license has a negative number for changes in the same act', (t) => {
  const draft = draftOf({ licenses: [recordOf({ number: 4 })] });
  const license = draft.issue(newLicense());
  t.is(license.number, -1);
  t.is(draft.issue(newLicense()).number, -2);
  t.like(license, {
    order: 'A',
    line: 'pro',
    product: 'pro',
    unit: 3,
    revision: 2,
    state: 'active',
    subscription: 'S',
    terms: 'terms',
    at: 5,
    cause: 'a test',
    due: 7,
    reach: '2028-01-15',
    charged: { total: 9, currency: 'EUR' },
    answer: null,
    handed: null,
  });
  t.is(license.firstCode, license.code);
  t.deepEqual(
    draft.licenses.map(({ number }) => number),
    [4, -1, -2],
  );
  t.is(draft.changes.licenses.length, 2);
  t.is(draft.license(-1), license);
  t.throws(() => draft.license(9), { instanceOf: TypeError, message: /license 9/ });
});

test('a new license issued by a request is handed out with its answer', (t) => {
  const license = draftOf().issue(newLicense({ answer: { quantity: 2, message: 'm', byUnit: true } }));
  t.deepEqual(license.answer, {
    quantity: 2,
    revision: 2,
    code: license.code,
    message: 'm',
    at: 5,
    deliveredAt: null,
    byUnit: true,
  });
  t.is(license.handed, 2);
});

test('the customer of a new license is a known one, a new one, or none', (t) => {
  const person = (customer: NewLicense['customer']) => {
    const { customer: number, holder } = draftOf().issue(newLicense({ customer }));
    return [number, holder];
  };
  t.deepEqual(person(3), [3, undefined]);
  t.deepEqual(person(ADA), [null, ADA]);
  t.deepEqual(person(null), [null, undefined]);
});

const change = {
  state: 'suspended',
  revision: 1,
  code: 'new',
  lastValid: '2028-06-01',
  at: 9,
  cause: 'why',
} as const;

test('a change is a row with the state before it, and the license has the new state from then on', (t) => {
  const draft = draftOf({ licenses: [recordOf({ number: 4 })] });
  draft.change(draft.license(4), change);
  t.like(draft.changes.changes[0], {
    number: 4,
    product: 'pro',
    before: 'active',
    reach: '2028-06-01',
    ...change,
  });
  t.like(draft.license(4), { state: 'suspended', revision: 1, code: 'new', reach: '2028-06-01' });
  draft.change(draft.license(4), { ...change, state: 'active', code: undefined });
  t.like(draft.license(4), { state: 'active', code: 'new', reach: '2028-06-01' });
  t.is(draft.changes.changes[1]?.before, 'suspended');
});

test('the reach of a license’s codes never shrinks, and is unlimited once a code is perpetual', (t) => {
  const reach = (before: string | null, lastValid: string | null, code: string | undefined = 'new') => {
    const draft = draftOf({ licenses: [recordOf({ number: 4, reach: before })] });
    draft.change(draft.license(4), { ...change, code, lastValid });
    return draft.license(4).reach;
  };
  t.is(reach('2028-01-15', '2027-01-15'), '2028-01-15');
  t.is(reach('2028-01-15', null), null);
  t.is(reach(null, '2028-01-15'), null);
  const draft = draftOf({ licenses: [recordOf({ number: 4 })] });
  draft.change(draft.license(4), { ...change, code: undefined });
  t.is(draft.license(4).reach, '2028-01-15', 'without a new code it is as it was');
});

test('touches of one license add up', (t) => {
  const draft = draftOf({ licenses: [recordOf({ number: 4, subscription: 'S', due: 5 })] });
  draft.touch(draft.license(4), { handed: 2 });
  draft.touch(draft.license(4), { due: null });
  t.deepEqual(draft.changes.touches, [{ number: 4, handed: 2, due: null }]);
  t.like(draft.license(4), { subscription: 'S', handed: 2, due: null });
  draft.touch(draft.license(4), { customer: ADA });
  t.is(draft.license(4).holder, ADA);
  draft.touch(draft.license(4), { customer: 7 });
  t.is(draft.license(4).holder, ADA);
  t.deepEqual(draft.changes.touches, [{ number: 4, handed: 2, due: null, customer: 7 }]);
});

test('a touch keeps earlier touches, also if it gets an outdated license', (t) => {
  const before = recordOf({ number: 4, subscription: null, due: 5 });
  const draft = draftOf({ licenses: [before] });
  draft.touch(before, { subscription: 'S' });
  draft.touch(before, { handed: 2 });
  t.like(draft.license(4), { subscription: 'S', handed: 2, due: 5 });
});

const answer = { quantity: 1, message: 'm', at: 8, byUnit: false };

test('the answer to the order’s request stays with the license; a rebill’s answer is stored under its own order', (t) => {
  const license = recordOf({ number: 4, revision: 3, handed: 5, answer: ANSWER });
  const own = draftOf({ licenses: [{ ...license, handed: null }] });
  own.answer(own.license(4), { ...answer, request: null });
  t.like(own.license(4), { handed: 3, answer: { revision: 3, at: 8, quantity: 1 } });
  t.is(own.rebill(4, 'B'), undefined);
  const rebill = draftOf({ licenses: [license] });
  rebill.answer(rebill.license(4), { ...answer, request: 'B' });
  t.like(rebill.license(4), { handed: 5, answer: ANSWER });
  t.like(rebill.rebill(4, 'B'), { revision: 3, code: license.code });
  t.deepEqual([rebill.rebill(4, 'C'), rebill.rebill(5, 'B')], [undefined, undefined]);
  t.like(rebill.changes.answers[0], { number: 4, revision: 3, request: 'B' });
  const known = draftOf({ rebills: [{ ...ANSWER, number: 4, request: 'B' }] });
  t.like(known.rebill(4, 'B'), ANSWER);
});

test('a flag is raised once, also within the same act', (t) => {
  const flag: RaisedFlag = {
    ...MARKET,
    key: 'k',
    kind: 'unclear',
    reason: 'r',
    order: null,
    product: null,
    event: null,
    at: at('2027-01-01'),
  };
  const draft = draftOf({ flags: [{ ...flag, id: 1, settledAt: 5, settledBy: 'ada' }] });
  draft.raise(flag);
  draft.raise({ ...flag, key: 'other' });
  draft.raise({ ...flag, key: 'other' });
  t.deepEqual(
    draft.changes.raised.map(({ key }) => key),
    ['other'],
  );
  draft.clear(1, 9, 'by itself');
  t.deepEqual(draft.changes.cleared, [{ id: 1, at: 9, reason: 'by itself' }]);
});

test('a line that is owed twice in one act is one change, the last one', (t) => {
  const draft = draftOf();
  const line = { order: 'A', line: 'app', product: 'app', quantity: 2, missing: 2, since: 0, due: null };
  draft.owe(line);
  draft.owe({ ...line, missing: 0 });
  t.deepEqual(draft.changes.owed, [{ ...line, missing: 0 }]);
  t.deepEqual(draft.owed, draft.changes.owed);
});
