/** What states the lines of a subscription at once, what a change replaces, and what a return undoes. */
import test from 'ava';
import type { CoveredLine, FactBody } from '../../../src/domain/facts/fact.ts';
import { AS_SOLD } from '../../../src/domain/subscriptions/stated-lines.ts';
import { covers, paid, tie, told } from '../../kit/telling.ts';
import { at } from '../../kit/world.ts';
import { after, announced, coverageOf, forNow, keysOf, monthly, resized } from './covering.ts';

const UNMAPPED: readonly CoveredLine[] = [{ line: 'else', product: null, quantity: 1 }];
const [PRO, BASIC, EXTRA] = [covers('pro', 2), covers('basic'), covers('extra', 3)];

const covered = (...lines: readonly (readonly CoveredLine[])[]): FactBody => ({
  kind: 'covered',
  lines: lines.flat(),
});
const charge = (...lines: readonly (readonly CoveredLine[])[]) => paid(null, { covers: lines.flat() });
const proration = (...lines: readonly (readonly CoveredLine[])[]) =>
  paid(null, { covers: lines.flat(), part: 'proration' });
/** The announced facts that no charge named, by key. */
const unnamed = (...bodies: readonly FactBody[]) => keysOf(coverageOf(monthly(...bodies)).unnamed);

test('all lines that the marketplace states count at once, by product and without the names of lines', (t) => {
  t.is(after(covered(PRO, EXTRA)), ':pro*2 :extra*3');
  t.is(after(charge(PRO, EXTRA), covered(BASIC)), ':basic*1');
  const { now, statedAt, unmapped } = coverageOf(monthly(covered(PRO)));
  t.deepEqual(now, [{ line: '', product: 'pro', quantity: 2, features: undefined }]);
  t.is(statedAt, at('2027-01-01'));
  t.deepEqual(unmapped, []);
});

test('stated lines of one product are one line with all of its units', (t) => {
  const yearly = { line: 'pro-yearly', product: 'pro', quantity: 4 };
  t.is(after(covered(PRO, EXTRA, [yearly])), ':pro*6 :extra*3');
});

test('a stated line without a unit is none, and where no line has one the coverage stays', (t) => {
  t.is(after(covered(PRO, covers('extra', 0))), ':pro*2');
  t.is(after(charge(PRO), covered(covers('basic', 0))), 'pro:pro*2');
  t.is(after(covered()), 'as sold');
});

test('while a stated line has no product file no other line ends, and the fact is kept as unmapped', (t) => {
  const facts = monthly(charge(PRO, EXTRA), covered(BASIC, UNMAPPED));
  t.is(forNow(coverageOf(facts)), ':basic*1 pro:pro*2 extra:extra*3');
  t.deepEqual(keysOf(coverageOf(facts).unmapped), ['covered:subscription:S:2027-02-01']);
  t.is(after(charge(PRO, EXTRA), covered(covers('pro', 5), UNMAPPED)), ':pro*5 extra:extra*3');
  t.is(after(charge(PRO), covered(UNMAPPED)), 'pro:pro*2');
});

test('an announced product stays where a stated line may be its successor', (t) => {
  t.is(after(announced('pro', 2), charge(PRO), covered(BASIC, UNMAPPED)), ':basic*1 pro:pro*2');
});

test('a quantity that stands for the sold one is not stated, also beside another that is', (t) => {
  const facts = monthly(resized('basic', null), proration(EXTRA));
  t.is(forNow(coverageOf(facts)), `extra:extra*3 :basic*${AS_SOLD}`);
  t.is(coverageOf(facts).statedAt, -1);
});

test('fault 63: of several lines a proration replaces those that an edit named, and keeps the others', (t) => {
  const sold = [announced('pro', 2), charge(PRO, EXTRA)];
  t.is(after(...sold, announced('basic'), proration(BASIC)), 'basic:basic*1 extra:extra*3');
  t.is(
    after(charge(PRO, EXTRA), announced('basic'), proration(BASIC)),
    'basic:basic*1 pro:pro*2 extra:extra*3',
  );
});

test('the proration of another announced product replaces a single line that a rebill alone had told', (t) => {
  t.is(after(charge(PRO), announced('basic'), proration(BASIC)), 'basic:basic*1');
  t.is(after(charge(PRO), announced('basic'), proration(EXTRA, BASIC)), 'extra:extra*3 basic:basic*1');
});

test('a proration that does not name the announced product is added to a single line', (t) => {
  t.is(after(charge(PRO), announced('basic'), proration(EXTRA)), 'extra:extra*3 pro:pro*2');
  t.is(after(charge(PRO), proration(EXTRA)), 'extra:extra*3 pro:pro*2');
});

test('a proration of covered products adds to their quantity, and ends no line, whatever an edit named before', (t) => {
  t.is(
    after(charge(PRO, EXTRA), announced('pro', 5), proration(covers('extra', 4))),
    'extra:extra*4 pro:pro*2',
  );
  t.is(
    after(
      charge(PRO, EXTRA),
      announced('pro', 5),
      proration(covers('pro', 1)),
      proration(covers('extra', 4)),
    ),
    'extra:extra*4 pro:pro*5',
  );
  t.is(
    after(charge(PRO, EXTRA), announced('pro', 5), announced('basic'), proration(BASIC)),
    'basic:basic*1 extra:extra*3',
    'control: another product takes the place of the announced one',
  );
});

test('a proration of at least one unit of the line names the change, whatever the new quantity', (t) => {
  const change = 'announced:subscription:S:2027-02-01';
  const pay = (part: FactBody) => unnamed(charge(PRO), announced('pro', 5), part);
  t.deepEqual(pay(proration(covers('pro', 1))), []);
  t.deepEqual(pay(proration(covers('pro', 0))), [change]);
  t.deepEqual(pay(charge(covers('pro', 1))), [change]);
});

test('fault 17: a charge beside the subscription’s own product ends no line, whichever way the own product is known', (t) => {
  const own = { line: 'pro', product: 'pro', quantity: 2 };
  for (const part of [{ part: 'proration' }, {}] as const) {
    const addOn = paid(null, { covers: EXTRA, own, ...part });
    t.is(after(charge(PRO), addOn), 'extra:extra*3 pro:pro*2', 'told with the charge');
    t.is(after(announced('pro', 2), charge(PRO), addOn), 'extra:extra*3 pro:pro*2');
    t.is(after(charge(PRO), announced('basic'), addOn), 'extra:extra*3 pro:pro*2', 'before an edit');
    const [line] = coverageOf(monthly(announced('pro', 2), addOn)).now ?? [];
    t.true(line?.besideSold, 'the sold lines stay as sold');
  }
  const upgraded = [announced('basic'), announced('pro', 2), proration(PRO)];
  t.is(after(...upgraded, proration(EXTRA)), 'extra:extra*3 pro:pro*2', 'announced before');
  t.is(after(...upgraded, announced('pro', 2), proration(EXTRA)), 'extra:extra*3 pro:pro*2', 'and repeated');
});

test('control: a charge that names what its event shows the subscription to be for states all of it', (t) => {
  const basic = { line: 'basic', product: 'basic' };
  t.is(after(announced('pro', 2), charge(PRO), paid(null, { covers: BASIC, own: basic })), 'basic:basic*1');
  t.is(
    after(announced('pro', 2), charge(PRO), paid(null, { covers: BASIC, own: basic, part: 'proration' })),
    'basic:basic*1',
    'an edit that was not told',
  );
  const yearly = { line: 'pro-yearly', product: 'pro' };
  t.is(
    after(charge(PRO), paid(null, { covers: covers('pro', 5), own: yearly })),
    'pro:pro*5',
    'another path',
  );
  t.is(
    after(announced('pro', 2), charge(PRO), charge(BASIC)),
    'basic:basic*1',
    'a rebill that shows nothing',
  );
});

test('a line beside the sold ones that becomes the subscription’s own, or is left, stands beside nothing any more', (t) => {
  const own = { line: 'pro', product: 'pro' };
  const addOn = paid(null, { covers: EXTRA, own });
  const linesAfter = (...bodies: readonly FactBody[]) =>
    coverageOf(monthly(announced('pro', 2), addOn, ...bodies)).now?.map(
      ({ product, besideSold = false }) => `${product} ${besideSold}`,
    );
  t.deepEqual(linesAfter(paid(null, { covers: covers('more'), own })), ['more true', 'extra true']);
  t.deepEqual(linesAfter(announced('basic'), proration(BASIC)), ['basic false', 'extra false']);
  t.deepEqual(linesAfter(charge(PRO)), ['pro false']);
});

test('a charge beside the own product states no quantity of it, and leaves an announced change open', (t) => {
  const own = { line: 'pro', product: 'pro' };
  const facts = monthly(charge(PRO), announced('pro', 5), paid(null, { covers: EXTRA, own }));
  const { statedAt, pending, unnamed: none } = coverageOf(facts);
  t.is(statedAt, at('2027-01-01'));
  t.is(pending?.key, 'announced:subscription:S:2027-02-01');
  t.deepEqual(none, []);
});

test('what was asked for with a charge beside the own product alone is undone by the return of that charge', (t) => {
  const own = { line: 'pro', product: 'pro' };
  const asked = { kind: 'asked', order: 'B', line: 'extra', product: 'extra', quantity: 3 } as const;
  const facts = (of: object) => [
    told('2027-01-01', 'order-id:1', tie('order:B')),
    ...monthly(announced('pro', 2), paid(null, { charge: 'order-id:1', covers: EXTRA, ...of }), asked),
  ];
  const refund = told('2027-04-01', 'order:B', { kind: 'refunded' });
  t.deepEqual([...coverageOf(facts({ own })).undone], []);
  t.deepEqual([...coverageOf([...facts({ own }), refund]).undone], ['extra']);
  t.deepEqual([...coverageOf([...facts({}), refund]).undone], [], 'control: a rebill');
});

test('only a charge with lines can leave a change of a known product unnamed', (t) => {
  const change = 'announced:subscription:S:2027-02-01';
  t.deepEqual(unnamed(charge(PRO), announced('basic'), charge(PRO)), [change]);
  t.deepEqual(unnamed(charge(PRO), announced('basic'), paid(null)), []);
  t.deepEqual(unnamed(charge(PRO), announced(null), charge(PRO)), []);
  t.deepEqual(unnamed(charge(PRO)), []);
});

test('features stay with their own line alone', (t) => {
  const features = ['sync'];
  const { now } = coverageOf(monthly(announced('pro', 2, { features }), charge(PRO), charge(EXTRA, PRO)));
  t.deepEqual(
    now?.map(({ line, features: of }) => [line, of]),
    [
      ['extra', undefined],
      ['pro', features],
    ],
  );
});

test('refund: keep keeps a refunded charge as paid if each of its lines has it, and never a lost dispute', (t) => {
  const pay = (part: object) => [
    told('2027-01-01', 'order-id:1', tie('order:B')),
    ...monthly(paid(null, { charge: 'order-id:1', ...part })),
  ];
  const refund = told('2027-02-01', 'order:B', { kind: 'refunded' });
  const lost = told('2027-03-01', 'order:B', { kind: 'dispute-lost' });
  const keepsPro = (product: string) => product === 'pro';
  const keepsAll = () => true;
  const both = [...PRO, ...EXTRA];
  t.is(forNow(coverageOf([...pay({ covers: PRO }), refund], keepsPro)), 'pro:pro*2');
  t.is(forNow(coverageOf([...pay({ covers: PRO }), refund])), 'as sold');
  t.is(forNow(coverageOf([...pay({ covers: PRO }), refund, lost], keepsPro)), 'as sold');
  t.is(forNow(coverageOf([...pay({ covers: both }), refund], keepsPro)), 'as sold');
  t.is(forNow(coverageOf([...pay({ covers: both }), refund], keepsAll)), 'pro:pro*2 extra:extra*3');
  t.is(forNow(coverageOf([...pay({ covers: [...PRO, ...UNMAPPED] }), refund], keepsAll)), 'as sold');
  const change = told('2027-01-01', 'subscription:S', announced('basic'));
  t.is(forNow(coverageOf([change, ...pay({})], keepsAll)), 'basic:basic*1');
  t.is(forNow(coverageOf([change, ...pay({}), refund], keepsAll)), 'as sold', 'a charge that states no line');
});
