import test from 'ava';
import type { LedgerLicense } from '../../../src/domain/changes.ts';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { unitKey } from '../../../src/domain/sales/line-key.ts';
import { followersOf, newestReissues, readUnits } from '../../../src/domain/subscriptions/units.ts';
import { readWithdrawals } from '../../../src/domain/subscriptions/withdrawn-units.ts';
import { REQUEST } from '../../../src/domain/values/causes.ts';
import { readView, type SubscriptionView } from '../../../src/domain/view.ts';
import { productOf } from '../../kit/product.ts';
import { recordOf, unitsOf } from '../../kit/records.ts';
import { covers, paid, sold, told } from '../../kit/telling.ts';
import { at } from '../../kit/world.ts';

const BEGUN = '2027-01-01';
const TEAM = productOf({ id: 'team', quantity: 'seats', seats: 5 });
const termsOf = ({ product }: Pick<LedgerLicense, 'product'>) =>
  product === 'team' ? TEAM : productOf({ id: product });

/** The order A with a line that follows the subscription S. */
const sale = (product: string, quantity = 1, more = {}) =>
  told(BEGUN, 'order:A', sold(product, { quantity, subscription: 'S', ...more }), `sold ${product}`);
const change = (day: string, body: FactBody) => told(day, 'subscription:S', body);
const resized = (product: string, quantity: number | null, more = {}): FactBody => ({
  kind: 'resized',
  product,
  quantity,
  line: product,
  ...more,
});

function viewOf(facts: readonly Fact[], licenses: readonly LedgerLicense[]): SubscriptionView {
  return readView(facts, licenses).subscriptions.get('S')!;
}
const knownFrom = (facts: readonly Fact[] = []) => ({ termsOf, withdrawals: readWithdrawals(facts) });
/** Of each follower: product/unit, and + or - for covered or not, with its units. */
function shown(facts: readonly Fact[], licenses: readonly LedgerLicense[]) {
  const view = viewOf(facts, licenses);
  const units = readUnits(view, licenses, knownFrom(facts));
  return followersOf(view, licenses).map((license) => {
    const { covered, units: count } = units.get(unitKey(license))!;
    const from = license.order === 'A' ? '' : `${license.order} `;
    return `${from}${license.product}/${license.unit} ${covered ? '+' : '-'}${count ?? ''}`;
  });
}

test('the newest reissue of each unit counts', (t) => {
  const licenses = [recordOf(), recordOf({ reissue: 2 }), recordOf({ reissue: 1 }), recordOf({ unit: 1 })];
  t.deepEqual(
    newestReissues(licenses).map(({ unit, reissue }) => [unit, reissue]),
    [
      [0, 2],
      [1, 0],
    ],
  );
});

test('a subscription without facts covers the units sold with it', (t) => {
  t.deepEqual(shown([sale('pro', 2)], unitsOf(2)), ['pro/0 +', 'pro/1 +']);
});

test('fault 11, 16: a subscription does not affect lines of other subscriptions', (t) => {
  const app = told(BEGUN, 'order:A', sold('app'), 'sold app');
  const basic = told(BEGUN, 'order:A', sold('basic', { subscription: 'T' }), 'sold basic');
  const licenses = [
    recordOf(),
    recordOf({ line: 'app', product: 'app' }),
    recordOf({ line: 'basic', product: 'basic' }),
  ];
  t.deepEqual(shown([sale('pro'), app, basic, change('2027-02-01', resized('else', 1))], licenses), [
    'pro/0 -',
  ]);
});

test('fewer units leave the first units covered, and more units cover the others again', (t) => {
  const facts = [sale('pro', 3), change('2027-02-01', resized('pro', 1))];
  t.deepEqual(shown(facts, unitsOf(3)), ['pro/0 +', 'pro/1 -', 'pro/2 -']);
  t.deepEqual(shown([...facts, change('2027-03-01', resized('pro', 2))], unitsOf(3)), [
    'pro/0 +',
    'pro/1 +',
    'pro/2 -',
  ]);
  t.deepEqual(shown([sale('pro', 3), change('2027-02-01', resized('pro', 0))], unitsOf(1)), ['pro/0 -']);
});

test('fault 63: a license is covered up to the change that dropped it, and no longer', (t) => {
  const facts = [
    sale('pro', 2),
    change('2027-02-01', resized('pro', 1)),
    change('2027-03-01', resized('pro', 2)),
    change('2027-04-01', resized('basic', 1)),
    change('2027-05-01', resized('basic', 2)),
  ];
  const leftAt = (until: number) => {
    const view = viewOf(facts.slice(0, until), unitsOf(2));
    return [...readUnits(view, unitsOf(2), knownFrom()).values()].map((unit) => unit.leftAt);
  };
  t.deepEqual(leftAt(2), [undefined, at('2027-02-01')]);
  t.deepEqual(leftAt(3), [undefined, undefined]);
  t.deepEqual(leftAt(4), [at('2027-04-01'), at('2027-04-01')]);
  t.deepEqual(leftAt(5), [at('2027-04-01'), at('2027-04-01')]);
});

test('another product covers no unit of the former product, if nothing else was sold with it', (t) => {
  const facts = [sale('pro'), change('2027-02-01', resized('basic', 1))];
  const basic = recordOf({ order: 'subscription:S', line: 'basic', product: 'basic' });
  t.deepEqual(shown(facts, [recordOf(), basic]), ['pro/0 -', 'subscription:S basic/0 +']);
});

test('fault 13: an add-on that no change of the subscription names stays covered', (t) => {
  const addOn = told('2027-02-01', 'order:B', sold('extra', { subscription: 'S', companion: true }));
  const licenses = [recordOf({ order: 'subscription:S', line: 'extra', product: 'extra' }), recordOf()];
  const facts = [sale('pro'), addOn, change('2027-03-01', resized('pro', 1))];
  t.deepEqual(shown(facts, licenses), ['pro/0 +', 'subscription:S extra/0 +']);
  const named = [
    ...facts,
    change('2027-04-01', paid(null, { covers: [...covers('pro'), ...covers('extra')] })),
  ];
  t.deepEqual(shown(named, licenses), ['pro/0 +', 'subscription:S extra/0 +']);
  const dropped = [...named, change('2027-05-01', paid(null, { covers: covers('pro') }))];
  t.deepEqual(shown(dropped, licenses), ['pro/0 +', 'subscription:S extra/0 -']);
});

test('fault 17: a line that a charge names beside the own product covers its units, and the sold units stay', (t) => {
  const own = { line: 'pro', product: 'pro' };
  const addOn = change('2027-02-01', paid(null, { covers: covers('extra'), own }));
  const began = change(BEGUN, { kind: 'announced', ...own, quantity: 2 });
  const extra = recordOf({ order: 'subscription:S', line: 'extra', product: 'extra' });
  const all = [...unitsOf(2), extra];
  for (const facts of [[], [began]])
    t.deepEqual(shown([sale('pro', 2), ...facts, addOn], all), [
      'pro/0 +',
      'pro/1 +',
      'subscription:S extra/0 +',
    ]);
  const left = change('2027-03-01', paid(null, { covers: covers('extra') }));
  t.deepEqual(
    shown([sale('pro', 2), began, addOn, left], all),
    ['pro/0 -', 'pro/1 -', 'subscription:S extra/0 +'],
    'control: a rebill that names the other alone',
  );
});

test('of two products sold with one subscription, a change of one does not affect the other until it is named', (t) => {
  const licenses = [recordOf(), recordOf({ line: 'extra', product: 'extra' })];
  const facts = [sale('pro'), sale('extra'), change('2027-02-01', resized('pro', 1))];
  t.deepEqual(shown(facts, licenses), ['extra/0 +', 'pro/0 +']);
  const other = [sale('pro'), sale('extra'), change('2027-02-01', resized('else', 1))];
  t.deepEqual(shown(other, licenses), ['extra/0 +', 'pro/0 +']);
});

test('a product in an announcement or link of the subscription is a product of its own', (t) => {
  const licenses = [recordOf(), recordOf({ line: 'extra', product: 'extra' })];
  const both = [sale('pro'), sale('extra')];
  const swap = change('2027-03-01', resized('pro', 1));
  const announced: FactBody = { kind: 'announced', product: 'extra', line: 'extra', quantity: 1 };
  t.deepEqual(shown([...both, change('2027-02-01', announced), swap], licenses), ['extra/0 -', 'pro/0 +']);
  const linked = (more: object) =>
    told(BEGUN, 'order:A', { kind: 'linked', subscription: 'S', ...more } as FactBody, 'link');
  t.deepEqual(shown([...both, linked({ product: 'extra' }), swap], licenses), ['extra/0 -', 'pro/0 +']);
  t.deepEqual(shown([...both, linked({ product: 'extra', line: 'extra' }), swap], licenses), [
    'extra/0 +',
    'pro/0 +',
  ]);
  t.deepEqual(shown([...both, linked({ product: 'extra', subscription: 'T' }), swap], licenses), [
    'extra/0 +',
    'pro/0 +',
  ]);
});

test('one license that carries all seats has the units that the subscription covers', (t) => {
  const team = recordOf({ line: 'team', product: 'team' });
  const facts = (quantity: number | null) => [
    sale('team', 3),
    change('2027-02-01', resized('team', quantity)),
  ];
  t.deepEqual(shown(facts(7), [team]), ['team/0 +7']);
  t.deepEqual(shown(facts(null), [team]), ['team/0 +3']);
  t.deepEqual(shown(facts(0), [team]), ['team/0 -']);
  t.deepEqual(shown([sale('team', 3)], [team]), ['team/0 +']);
  const second = recordOf({ order: 'subscription:S', line: 'team', product: 'team' });
  t.deepEqual(shown(facts(7), [team, second]), ['team/0 +7', 'subscription:S team/0 -']);
});

test('fault 67: a plan without a quantity covers the sold units', (t) => {
  const facts = (product: string) => [sale('pro', 2), change('2027-02-01', resized(product, null))];
  t.deepEqual(shown(facts('pro'), unitsOf(3)), ['pro/0 +', 'pro/1 +', 'pro/2 -']);
  const basic = unitsOf(3, { order: 'subscription:S', line: 'basic', product: 'basic' });
  t.deepEqual(shown(facts('basic'), basic), [
    'subscription:S basic/0 +',
    'subscription:S basic/1 +',
    'subscription:S basic/2 -',
  ]);
  t.deepEqual(shown([change('2027-02-01', resized('basic', null))], basic.slice(0, 2)), [
    'subscription:S basic/0 +',
    'subscription:S basic/1 -',
  ]);
});

test('a payment within the first period covers at least the sold units, and the seats of one code', (t) => {
  const paidTo = '2027-02-15';
  const facts = (product: string, quantity: number) => [
    sale(product, 2),
    change('2027-02-01', resized(product, quantity, { paidTo })),
  ];
  t.deepEqual(shown(facts('pro', 1), unitsOf(3)), ['pro/0 +', 'pro/1 +', 'pro/2 -']);
  t.deepEqual(shown(facts('pro', 3), unitsOf(3)), ['pro/0 +', 'pro/1 +', 'pro/2 +']);
  t.deepEqual(shown(facts('team', 1), unitsOf(1, { product: 'team', line: 'team' })), ['team/0 +2']);
});

test('several lines of one product add up their units', (t) => {
  const lines = [
    { line: 'month', product: 'pro', quantity: 1 },
    { line: 'year', product: 'pro', quantity: 1 },
  ];
  t.deepEqual(shown([sale('pro', 3), change('2027-02-01', paid(null, { covers: lines }))], unitsOf(3)), [
    'pro/0 +',
    'pro/1 +',
    'pro/2 -',
  ]);
});

test('units of the first order are covered before units of other orders, then units issued by the subscription', (t) => {
  const late = told('2027-02-01', 'order:Z', sold('pro', { subscription: 'S' }), 'late');
  const licenses = [recordOf({ order: 'subscription:S' }), recordOf({ order: 'Z' }), ...unitsOf(2).reverse()];
  const facts = (quantity: number) => [sale('pro', 2), late, change('2027-03-01', resized('pro', quantity))];
  t.deepEqual(shown(facts(3), licenses), ['pro/0 +', 'pro/1 +', 'Z pro/0 +', 'subscription:S pro/0 -']);
  t.deepEqual(shown(facts(1), licenses), ['pro/0 +', 'pro/1 -', 'Z pro/0 -', 'subscription:S pro/0 -']);
});

test('before any change, units issued by the subscription are covered only if nothing was sold with it or a request asked for them', (t) => {
  const brought = recordOf({ order: 'subscription:S', line: 'basic', product: 'basic' });
  t.deepEqual(shown([sale('pro')], [recordOf(), brought]), ['pro/0 +', 'subscription:S basic/0 -']);
  t.deepEqual(shown([sale('pro')], [recordOf(), { ...brought, cause: REQUEST }]), [
    'pro/0 +',
    'subscription:S basic/0 +',
  ]);
  t.deepEqual(shown([change('2027-02-01', { kind: 'overdue' })], [brought]), ['subscription:S basic/0 +']);
});

test('fault 17: a unit requested after the last change is covered, because its change may be reported later', (t) => {
  const asked = recordOf({ order: 'subscription:S', line: 'basic', product: 'basic', cause: REQUEST });
  const facts = [
    sale('pro'),
    change('2027-02-01', resized('pro', 1)),
    change('2027-02-01', paid(null, { covers: covers('basic') })),
    change('2027-03-01', resized('pro', 1)),
  ];
  const covered = (day: string, cause = asked.cause) =>
    shown(facts, [recordOf(), { ...asked, cause, at: at(day) }])[1];
  t.is(covered('2027-03-02'), 'subscription:S basic/0 +');
  t.is(covered('2027-03-01'), 'subscription:S basic/0 -');
  t.is(covered('2027-03-02', 'an event'), 'subscription:S basic/0 -');
});

test('the features of a change apply to each unit that it covers', (t) => {
  const features = ['sync'];
  for (const product of ['pro', 'team']) {
    const license = recordOf({ line: product, product });
    const view = viewOf([sale(product), change('2027-02-01', resized(product, 1, { features }))], [license]);
    t.deepEqual(
      [...readUnits(view, [license], knownFrom()).values()],
      [{ covered: true, leftAt: undefined, units: product === 'team' ? 1 : undefined, features }],
    );
  }
});

test('the units of each line of the first order come before units of other orders', (t) => {
  const licenses = [recordOf({ order: 'Z' }), recordOf({ line: 'extra', product: 'extra' }), recordOf()];
  const late = told('2027-02-01', 'order:Z', sold('pro', { subscription: 'S' }), 'late');
  t.deepEqual(shown([sale('pro'), sale('extra'), late, change('2027-03-01', resized('pro', 1))], licenses), [
    'extra/0 +',
    'pro/0 +',
    'Z pro/0 -',
  ]);
});

test('two products of a ledger without lines are separate', (t) => {
  const licenses = [recordOf({ line: '' }), recordOf({ line: '', product: 'app' })];
  const old = (product: string, more = {}) =>
    told(BEGUN, 'order:A', { kind: 'sold', product, quantity: 1, ...more } as FactBody, `old ${product}`);
  t.deepEqual(
    shown([old('pro', { subscription: 'S' }), old('app'), change('2027-02-01', resized('pro', 0))], licenses),
    ['pro/0 -'],
  );
});

test('fault 17: a requested unit is covered as stated, if the last change names it', (t) => {
  const asked = (at2: string) =>
    recordOf({ order: 'subscription:S', line: 'basic', product: 'basic', cause: REQUEST, at: at(at2) });
  const features = ['sync'];
  const facts = [sale('pro'), change('2027-02-01', resized('basic', 1, { features }))];
  const license = asked('2027-02-02');
  const view = viewOf(facts, [recordOf(), license]);
  t.like(readUnits(view, [recordOf(), license], knownFrom()).get(unitKey(license)), {
    covered: true,
    features,
  });
  const second = { ...asked('2027-02-02'), unit: 1 };
  t.deepEqual(shown(facts, [recordOf(), license, second]).slice(1), [
    'subscription:S basic/0 +',
    'subscription:S basic/1 +',
  ]);
});

test('a license of the first order issued after a change does not count as requested', (t) => {
  const facts = [sale('pro'), change('2027-02-01', resized('basic', 1))];
  t.deepEqual(shown(facts, [recordOf({ cause: REQUEST, at: at('2027-02-02') })]), ['pro/0 -']);
});

test('a plan without a quantity has the sold number of units', (t) => {
  const facts = [sale('pro', 1), sale('extra', 2), change('2027-02-01', resized('extra', null))];
  const extras = unitsOf(3, { line: 'extra', product: 'extra' });
  t.deepEqual(shown(facts, extras), ['extra/0 +', 'extra/1 +', 'extra/2 -']);
  const pros = [sale('extra', 1), sale('pro', 2), change('2027-02-01', resized('pro', null))];
  t.deepEqual(shown(pros, unitsOf(3)), ['pro/0 +', 'pro/1 +', 'pro/2 -']);
});

test('units of the own order come first, then units of other orders, then units issued by the subscription', (t) => {
  const other = (order: string) =>
    told('2027-01-02', `order:${order}`, sold('pro', { subscription: 'S', companion: true }), order);
  const own = told(BEGUN, 'order:Z', sold('pro', { quantity: 2, subscription: 'S' }));
  const licenses = [
    recordOf({ order: 'zz' }),
    recordOf({ order: 'subscription:S' }),
    recordOf({ order: 'Z', unit: 1 }),
    recordOf({ order: 'B' }),
    recordOf({ order: 'Z' }),
  ];
  const followers = followersOf(viewOf([own, other('B'), other('zz')], licenses), licenses);
  t.deepEqual(
    followers.map(({ order, unit }) => `${order}/${unit}`),
    ['Z/0', 'Z/1', 'B/0', 'zz/0', 'subscription:S/0'],
  );
});

test('a proration without an edit covers the units sold of its own product, and of another product those that it names', (t) => {
  const prorated = (product: string) =>
    change('2027-02-01', paid(null, { covers: covers(product, 1), part: 'proration' }));
  const facts = [sale('pro', 2), sale('extra')];
  t.deepEqual(shown([...facts, prorated('pro')], unitsOf(3)), ['pro/0 +', 'pro/1 +', 'pro/2 -']);
  const basic = unitsOf(2, { order: 'subscription:S', line: 'basic', product: 'basic' });
  t.deepEqual(shown([...facts, prorated('basic')], basic), [
    'subscription:S basic/0 +',
    'subscription:S basic/1 -',
  ]);
});

test('an add-on that was sold after the lines of its subscription were stated last is covered', (t) => {
  const extra = recordOf({ order: 'subscription:S', line: 'extra', product: 'extra' });
  const facts = [
    sale('pro'),
    change('2027-02-01', paid(null, { covers: [...covers('pro'), ...covers('extra')] })),
    change('2027-03-01', resized('pro', 1)),
    change('2027-05-01', resized('pro', 1)),
  ];
  const sold1 = (day: string) => told(day, 'order:B', sold('extra', { subscription: 'S', companion: true }));
  const covered = (day: string) => shown([...facts, sold1(day)], [recordOf(), extra])[1];
  t.is(covered('2027-05-02'), 'subscription:S extra/0 +');
  t.is(covered('2027-05-01'), 'subscription:S extra/0 -');
  t.is(covered('2027-04-01'), 'subscription:S extra/0 -', 'stated again, and the same');
});
