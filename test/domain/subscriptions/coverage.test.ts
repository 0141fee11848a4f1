import test from 'ava';
import type { FactBody } from '../../../src/domain/facts/fact.ts';
import { AS_SOLD } from '../../../src/domain/subscriptions/stated-lines.ts';
import { covers, dated, paid, tie, told } from '../../kit/telling.ts';
import { after, announced, coverageOf, forNow, keysOf, monthly, resized } from './covering.ts';

test('a subscription without facts covers the sold lines', (t) => {
  t.is(after(), 'as sold');
  t.is(after(paid('2027-02-01'), { kind: 'overdue' }), 'as sold');
  t.is(coverageOf([]).statedAt, -1);
});

test('a paid charge states the lines of the subscription', (t) => {
  t.is(after(paid(null, { covers: covers('pro', 2) })), 'pro:pro*2');
  t.is(
    after(paid(null, { covers: [...covers('pro', 2), ...covers('extra', 3)] })),
    'pro:pro*2 extra:extra*3',
  );
  t.is(
    after(paid(null, { covers: covers('pro', 2) }), paid(null, { covers: covers('basic') })),
    'basic:basic*1',
  );
});

test('an extra charge does not change the coverage', (t) => {
  t.is(after(paid(null, { covers: covers('pro', 2), part: 'extra' })), 'as sold');
});

test('a charge without a known product does not change the coverage', (t) => {
  t.is(after(paid(null, { covers: [] })), 'as sold');
  t.is(after(paid(null, { covers: covers('pro', 0) })), 'as sold');
  t.is(after(paid(null, { covers: [{ line: 'else', product: null, quantity: 1 }] })), 'as sold');
});

test('fault 29: a line without a product file is kept as unmapped', (t) => {
  const facts = monthly(
    resized(null, 2),
    paid(null, { covers: [...covers('pro'), { line: 'else', product: null, quantity: 1 }] }),
    paid(null, { covers: covers('pro') }),
  );
  const { unmapped } = coverageOf(facts);
  t.deepEqual(keysOf(unmapped), ['resized:subscription:S:2027-01-01', 'paid:subscription:S:2027-02-01']);
  t.is(forNow(coverageOf(facts)), 'pro:pro*1');
});

test('fault 71: an announced change counts from the paid charge that names it', (t) => {
  t.is(after(announced('pro', 5)), 'as sold');
  t.is(after(announced('pro', 5), paid(null, { covers: covers('pro', 5) })), 'pro:pro*5');
  const pending = coverageOf(monthly(announced('pro', 2), announced('pro', 5)));
  t.is(pending.pending?.key, 'announced:subscription:S:2027-02-01');
  t.is(pending.statedAt, -1);
  const done = coverageOf(monthly(announced('pro', 5), paid(null, { covers: covers('pro', 5) })));
  t.is(done.pending, undefined);
  t.deepEqual(done.unnamed, []);
});

test('fault 71: of two announced changes the later one counts', (t) => {
  const facts = monthly(announced('pro', 5), announced('pro', 3), paid(null, { covers: covers('pro', 3) }));
  t.deepEqual(coverageOf(facts).unnamed, []);
  t.is(coverageOf(facts.slice(0, 2)).pending?.at, facts[1]?.at);
});

test('fault 71: a charge that does not name the announced change counts, and the change is kept as unnamed', (t) => {
  for (const charge of [covers('pro', 2), covers('basic', 5)]) {
    const coverage = coverageOf(
      monthly(announced('pro', 1), announced('pro', 5), paid(null, { covers: charge })),
    );
    t.is(forNow(coverage), `${charge[0]?.line}:${charge[0]?.product}*${charge[0]?.quantity}`);
    t.deepEqual(keysOf(coverage.unnamed), ['announced:subscription:S:2027-02-01']);
    t.is(coverage.pending, undefined);
  }
});

test('a charge without lines pays for the announced change', (t) => {
  const features = ['sync'];
  const coverage = coverageOf(monthly(announced('basic', 4, { features }), paid(null)));
  t.deepEqual(coverage.now, [{ line: 'basic', product: 'basic', quantity: 4, features }]);
  const unknown = coverageOf(monthly(announced(null, 4), paid(null)));
  t.is(forNow(unknown), 'as sold');
  t.deepEqual(keysOf(unknown.unmapped), ['announced:subscription:S:2027-01-01']);
});

test('a proration has the announced quantity and keeps the other lines of the subscription', (t) => {
  const first = paid(null, { covers: [...covers('pro', 2), ...covers('extra', 3)] });
  t.is(
    after(first, announced('pro', 5), paid(null, { covers: covers('pro', 3), part: 'proration' })),
    'pro:pro*5 extra:extra*3',
  );
  t.is(after(first, paid(null, { covers: covers('pro', 3), part: 'proration' })), 'pro:pro*3 extra:extra*3');
  t.is(after(paid(null, { covers: covers('pro', 3), part: 'proration' })), 'pro:pro*3');
});

test('fault 64: a proration counts with its own quantity where no edit of it was told', (t) => {
  const three = paid(null, { covers: covers('pro', 3), part: 'proration' });
  t.is(after(announced('pro'), three), 'pro:pro*3', 'as it began');
  const rebilled = paid(null, { covers: covers('pro') });
  t.is(
    after(announced('pro'), rebilled, announced('pro'), three),
    'pro:pro*3',
    'the known quantity, repeated',
  );
  t.is(after(announced('pro', 5), three), 'pro:pro*5', 'no quantity is lowered');
  const sold = (units: number, ...bodies: readonly FactBody[]) =>
    forNow(coverageOf(monthly(...bodies), undefined, new Map([['pro', units]])));
  t.is(sold(1, announced('pro', 2), three), 'pro:pro*3', 'more than was sold or announced');
  t.is(sold(5, announced('pro', 2), three), 'pro:pro*2', 'control: the units that are credited');
  const shown = (quantity: number) => ({ ...three, own: { line: 'pro', product: 'pro', quantity } });
  t.is(sold(5, announced('pro', 2), shown(3)), 'pro:pro*3', 'its event shows neither of the two quantities');
  t.is(sold(5, announced('pro', 2), shown(5)), 'pro:pro*2', 'control: its event shows the quantity before');
  t.is(sold(5, announced('pro', 2), shown(2)), 'pro:pro*2', 'control: its event shows the edit');
  const other = { ...three, own: { line: 'basic', product: 'basic', quantity: 3 } };
  t.is(sold(5, announced('pro', 2), other), 'pro:pro*2', 'control: its event shows another product');
});

test('an announcement is an edit only if it differs from what the subscription is for', (t) => {
  const sold = new Map([['pro', 2]]);
  const pendingOf = (...bodies: readonly FactBody[]) =>
    coverageOf(monthly(...bodies), undefined, sold).pending?.body;
  t.is(pendingOf(announced('pro', 2)), undefined);
  t.deepEqual(pendingOf(announced('pro', 3)), announced('pro', 3), 'the beginning is known from its order');
  t.deepEqual(pendingOf(announced('basic', 2)), announced('basic', 2));
  t.is(pendingOf(announced('pro', 3), announced('pro', 2)), undefined, 'taken back');
  const addOn = paid(null, { covers: covers('extra'), own: { line: 'pro', product: 'pro' } });
  t.is(pendingOf(addOn, announced('pro', 2)), undefined, 'sold units beside an add-on');
  t.deepEqual(pendingOf(addOn, announced('pro', 3)), announced('pro', 3));
  const resold = resized('pro', null);
  t.is(pendingOf(resold, announced('pro', 2)), undefined, 'a plan without a quantity');
  t.deepEqual(pendingOf(paid(null, { covers: covers('pro', 3) }), announced('pro', 2)), announced('pro', 2));
});

test('fault 63: a proration for another product takes the place of each product that an edit named', (t) => {
  const first = paid(null, { covers: covers('pro') });
  t.is(
    after(
      announced('pro', 1),
      first,
      announced('basic', 1),
      paid(null, { covers: covers('basic'), part: 'proration' }),
    ),
    'basic:basic*1',
  );
});

test('fault 12: the return of a charge undoes its change', (t) => {
  const facts = [
    ...monthly(
      paid(null, { covers: covers('pro', 2), charge: 'order-id:1' }),
      paid(null, { covers: covers('pro', 5), charge: 'order-id:2', part: 'proration' }),
    ),
    told('2027-01-01', 'order-id:2', tie('order:B')),
  ];
  t.is(forNow(coverageOf(facts)), 'pro:pro*5');
  t.is(forNow(coverageOf([...facts, told('2027-03-01', 'order:B', { kind: 'refunded' })])), 'pro:pro*2');
  t.is(forNow(coverageOf([...facts, told('2027-03-01', 'order:C', { kind: 'refunded' })])), 'pro:pro*5');
});

test('fault 67: a plan without a quantity counts and keeps the quantity', (t) => {
  t.is(after(resized('basic', null)), `:basic*${AS_SOLD}`);
  t.is(after(resized('pro', 3), resized('pro', null)), ':pro*3');
  t.is(after(resized('pro', 3), resized('basic', null)), ':basic*3');
  t.is(
    after(paid(null, { covers: [...covers('pro', 2), ...covers('basic', 3)] }), resized('basic', null)),
    ':basic*3',
  );
});

test('features come with the change that names them and stay with their line', (t) => {
  const features = ['sync'];
  const { now } = coverageOf(
    monthly(
      announced('pro', 1, { features }),
      paid(null, { covers: covers('pro') }),
      paid(null, { covers: covers('pro') }),
    ),
  );
  t.deepEqual(now, [{ line: 'pro', product: 'pro', quantity: 1, features }]);
  const other = coverageOf(
    monthly(
      announced('pro', 1, { features }),
      paid(null, { covers: [...covers('basic'), ...covers('pro')] }),
    ),
  );
  t.deepEqual(
    other.now?.map(({ features: of }) => of),
    [undefined, features],
  );
  t.deepEqual(coverageOf(monthly(resized('pro', 1, { features }))).now?.[0]?.features, features);
});

test('earlier coverages are kept with the time of each change; a repeated fact is no change', (t) => {
  const facts = monthly(resized('pro', 2), resized('pro', 2), resized('basic', 1), resized('basic', 1));
  const { before, statedAt } = coverageOf(facts);
  t.deepEqual(
    before.map(({ lines, until }) => [lines?.[0]?.product ?? null, until]),
    [
      [null, facts[0]?.at],
      ['pro', facts[2]?.at],
    ],
  );
  t.is(statedAt, facts[3]?.at ?? 0, 'fault 25: a repeated quantity is stated again');
  t.is(coverageOf(monthly(resized('pro', 2), resized('basic', null))).statedAt, facts[1]?.at ?? 0);
  t.is(coverageOf(monthly(resized('pro', null))).statedAt, -1);
});

test('changes count in the order of their times, not of their arrival', (t) => {
  const facts = monthly(resized('pro', 2), resized('basic', 1), resized('pro', 3));
  t.is(forNow(coverageOf([...facts].reverse())), ':pro*3');
});

test('fault 20: another path adds its features at once and takes none before its charge; those of the present path hold at once', (t) => {
  const of = (...bodies: readonly FactBody[]) => coverageOf(monthly(...bodies)).features.get('pro');
  const charge = (line: string, features?: readonly string[]) =>
    paid(null, { covers: [{ line, product: 'pro', quantity: 1, ...(features && { features }) }] });
  const small = announced('pro', 1, { line: 'small', features: ['sync'] });
  const large = announced('pro', 1, { line: 'large', features: ['sync', 'export'] });
  t.deepEqual(of(large, small), ['sync', 'export'], 'announced alone');
  t.deepEqual(of(small, large), ['sync', 'export'], 'what it adds');
  t.deepEqual(of(large, small, charge('large')), ['sync', 'export']);
  t.deepEqual(of(large, small, charge('small')), ['sync']);
  t.deepEqual(of(large, small, paid(null)), ['sync'], 'a charge told by its id alone is for the edit');
  t.deepEqual(of(large, small, charge('small'), large), ['sync', 'export']);
  t.deepEqual(of(large, charge('small', ['sync'])), ['sync'], 'an edit that only its charge tells');
  t.deepEqual(of(large, resized('pro', 1, { line: 'small', features: ['sync'] })), ['sync'], 'at once');
  t.deepEqual(of(large, { ...large, features: ['export'] } as FactBody), ['export'], 'the product itself');
});

test('a rebill of the path that was sold has the features that were sold, whatever its items say', (t) => {
  const of = (features: readonly string[] | undefined, ...bodies: readonly FactBody[]) => {
    const paths = new Map([['pro', { path: 'small', features }]]);
    const coverage = coverageOf(monthly(...bodies), () => false, undefined, paths);
    return coverage.features.get('pro') ?? coverage.now?.[0]?.features;
  };
  const charge = (line: string, features: readonly string[]) =>
    paid(null, { covers: [{ line, product: 'pro', quantity: 1, features }] });
  const [sold, small, large] = [['export', 'sync'], charge('small', ['sync']), charge('large', ['export'])];
  t.deepEqual(of(sold, small), sold);
  t.deepEqual(of(sold, small, charge('small', ['export'])), sold);
  t.deepEqual(of(sold, large), ['export'], 'control: another path');
  t.deepEqual(of(sold, large, small), ['sync'], 'back to the path that was sold: as it is now');
  t.deepEqual(of(undefined, small), ['sync'], 'the sale stated none');
  const edit = announced('pro', 1, { line: 'large', features: ['export'] });
  t.deepEqual(of(['sync'], edit), ['sync', 'export'], 'an announced path adds to what was sold');
  t.is(of(undefined, edit), undefined, 'and nothing where the sale stated none: it has all');
});

test('a charge that names the subscription’s path and an add-on of the same product leaves the path its features', (t) => {
  const line = (path: string, features: readonly string[]) => ({
    line: path,
    product: 'pro',
    quantity: 1,
    features,
  });
  const lines = [line('main', ['export']), line('beside', ['sync'])];
  const own = { line: 'main', product: 'pro', quantity: 1 };
  const main = announced('pro', 1, { line: 'main', features: ['export'] });
  const of = (...bodies: readonly FactBody[]) => coverageOf(monthly(...bodies)).features.get('pro');
  t.deepEqual(of(main, paid(null, { covers: lines, own })), ['export']);
  t.deepEqual(of(main, paid(null, { covers: lines })), ['export'], 'as it was announced last');
  t.deepEqual(of(paid(null, { covers: lines, own })), ['export'], 'nothing was announced');
  t.deepEqual(of(main, paid(null, { covers: lines, own: { ...own, line: 'beside' } })), ['sync'], 'control');
});

test('fault 20: the latest stated features of a product count, and a fact without features changes none', (t) => {
  const { features } = coverageOf(
    monthly(
      announced('pro', 1, { features: ['export'] }),
      resized('basic', 1, { features: ['sync'] }),
      announced('pro', 1, { features: ['sync'] }),
      announced('pro', 1),
      announced(null, 1, { features: ['other'] }),
    ),
  );
  t.deepEqual(
    [...features],
    [
      ['pro', ['sync']],
      ['basic', ['sync']],
    ],
  );
});

test('a quantity counts as stated only if each line states one', (t) => {
  const lines = [...covers('pro', 2), ...covers('basic', 1)];
  t.is(coverageOf(monthly(paid(null, { covers: lines }))).statedAt, Date.UTC(2027, 0, 1, 12));
});

test('a change is pending only until a charge of the subscription is paid', (t) => {
  const facts = monthly(announced('pro', 1), announced('pro', 5), paid(null, { part: 'extra' }), {
    kind: 'overdue',
  });
  t.is(coverageOf(facts).pending?.key, 'announced:subscription:S:2027-02-01');
});

test('a charge with the change’s line and quantity among other lines names the change', (t) => {
  const facts = monthly(
    announced('pro', 5),
    paid(null, { covers: [...covers('basic', 1), ...covers('pro', 5)] }),
  );
  t.deepEqual(coverageOf(facts).unnamed, []);
});

test('a plan without a quantity or a line, of a subscription without coverage, has the sold quantity', (t) => {
  t.deepEqual(coverageOf(monthly({ kind: 'resized', product: 'pro', quantity: null })).now, [
    { line: '', product: 'pro', quantity: AS_SOLD, features: undefined },
  ]);
});

test('the quantity of a payment within the known period is a lower bound, and of one beyond it the quantity', (t) => {
  const to = (paidTo: string | null) => ({ paidTo });
  const sale = paid('2027-05-01', { part: 'first' });
  const five = resized('pro', 5);
  t.is(after(sale, five, resized('pro', 1, to('2027-05-01'))), ':pro*5');
  t.is(after(sale, five, resized('pro', 1, to(null))), ':pro*5', 'no day is stated');
  t.is(after(sale, five, resized('pro', 7, to('2027-05-01'))), ':pro*7', 'more units');
  t.is(after(sale, five, resized('pro', 1, to('2027-06-01'))), ':pro*1', 'the next period');
  t.is(after(five, resized('pro', 1, to('2027-06-01'))), ':pro*5', 'no day is known');
  t.is(after(dated('2027-05-01'), five, resized('pro', 1, to('2027-06-01'))), ':pro*1', 'a stated day');
});

test('a payment within the first period leaves the sold units, and adds those beyond them', (t) => {
  const sale = paid('2027-05-01', { part: 'first' });
  const bound = (quantity: number) => resized('pro', quantity, { paidTo: '2027-05-01' });
  const own = { line: '', product: 'pro', features: undefined };
  const { now, statedAt } = coverageOf(monthly(sale, bound(1)));
  t.deepEqual(now, [{ ...own, quantity: 1, atLeastSold: true }]);
  t.is(statedAt, -1, 'units that were returned before stay returned');
  t.deepEqual(coverageOf(monthly(sale, bound(7), bound(2))).now, [
    { ...own, quantity: 7, atLeastSold: true },
  ]);
  t.deepEqual(coverageOf(monthly(sale, bound(7), resized('pro', null))).now, [
    { ...own, quantity: 7, atLeastSold: true },
  ]);
  t.deepEqual(coverageOf(monthly(sale, bound(7), resized('pro', 2))).now, [{ ...own, quantity: 2 }]);
});
