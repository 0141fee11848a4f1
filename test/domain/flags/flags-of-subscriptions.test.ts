/** Flags about subscriptions: unmapped lines, changes without a charge, payments for a license that has ended. */
import test from 'ava';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { covers, dated, paid, sold, told } from '../../kit/telling.ts';
import { after, BEGUN, begin, openFlags, rebill, S, subscribed } from '../../kit/watched.ts';
import { at } from '../../kit/world.ts';
import { askAgain } from '../subscribed.ts';

test('fault 29: a line of a known subscription without a product file is flagged', (t) => {
  const world = subscribed();
  const change: FactBody = { kind: 'resized', product: null, quantity: 10, line: 'dear' };
  t.deepEqual(after(world, BEGUN, told('2027-01-02', S, change)), [
    'unmapped: Subscription S is for dear, which no product file names: its licenses are unchanged',
  ]);
  const mixed = subscribed();
  const lines = [...covers('pro'), { line: 'else', product: null, quantity: 1 }];
  t.deepEqual(after(mixed, BEGUN, told('2027-01-02', S, paid(null, { covers: lines }))), [
    'unmapped: Subscription S is for else, which no product file names: its licenses are unchanged',
  ]);
  const stated = subscribed();
  t.deepEqual(after(stated, BEGUN, told('2027-01-02', S, { kind: 'covered', lines })), [
    'unmapped: Subscription S is for else, which no product file names: its licenses are unchanged',
  ]);
  const nameless = subscribed();
  t.deepEqual(
    after(nameless, BEGUN, told('2027-01-02', S, { kind: 'resized', product: null, quantity: 1 })),
    ['unmapped: Subscription S is for something, which no product file names: its licenses are unchanged'],
  );
  t.deepEqual(after(begin(), BEGUN, told('2027-01-02', S, change)), [], 'a subscription of another program');
});

test('fault 71: a change is flagged if its charge does not name it or never comes', (t) => {
  const world = subscribed(3);
  const announced: FactBody = { kind: 'announced', product: 'pro', quantity: 1, line: 'pro' };
  t.deepEqual(after(world, '2027-01-10', told('2027-01-10', S, announced)), []);
  t.is(world.records[0]?.due, at('2027-02-04', 0), 'three days behind the next charge');
  world.wait('2027-02-03');
  t.deepEqual(world.flags, []);
  world.wait('2027-02-04');
  t.deepEqual(world.flags, [
    'unconfirmed-change: A change of subscription S was announced, but no paid charge names it: its licenses are unchanged',
  ]);
  const other = subscribed(3);
  after(other, '2027-01-10', told('2027-01-10', S, announced));
  t.deepEqual(
    after(other, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2', { covers: covers('pro', 2) })),
    [
      'unconfirmed-change: A change of subscription S was announced, but its next paid charge names something else: its licenses are what was charged',
    ],
  );
  const back: FactBody = { ...announced, quantity: 2 };
  t.deepEqual(after(other, '2027-02-10', told('2027-02-10', S, back)), [], 'as it was charged');
});

test('fault 71: a change that its charge did not reach before the subscription ended is not flagged', (t) => {
  const announced: FactBody = { kind: 'announced', product: 'pro', quantity: 1, line: 'pro' };
  for (const end of [{ kind: 'canceled', last: '2027-01-31' }, undefined] as const) {
    const world = subscribed(3);
    after(world, '2027-01-10', told('2027-01-10', S, announced));
    if (end !== undefined) after(world, '2027-01-11', told('2027-01-11', S, end));
    world.wait('2027-02-10');
    t.deepEqual(world.flagKinds, end === undefined ? ['unconfirmed-change'] : []);
  }
});

test('a license that was reissued before its subscription ended raises no flag of a change', (t) => {
  for (const [end, kinds] of [
    [[{ kind: 'canceled', last: '2027-01-31' }], []],
    [[], ['unconfirmed-change']],
  ] as const) {
    const world = subscribed();
    const announced: FactBody = { kind: 'announced', product: 'pro', quantity: 3, line: 'pro' };
    after(world, '2027-01-10', told('2027-01-10', S, announced));
    const { id } = world.records[0]!;
    world.reissue(id, told('2027-01-10', licenseSubject(id), { kind: 'withdrawn' }));
    for (const body of end) after(world, '2027-01-11', told('2027-01-11', S, body));
    world.wait('2027-02-10');
    t.deepEqual(
      world.flagKinds.filter((kind) => kind !== 'undelivered'),
      kinds,
    );
  }
});

test('what a subscription began as is no change: a charge that names another product or quantity is not flagged', (t) => {
  for (const charged of [covers('pro', 2), covers('pro', 4), covers('basic')]) {
    const world = subscribed(3);
    const began: FactBody = { kind: 'announced', product: 'pro', quantity: 3, line: 'pro' };
    after(world, BEGUN, told(BEGUN, S, began));
    after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2', { covers: charged }));
    t.false(world.flagKinds.includes('unconfirmed-change'), JSON.stringify(charged));
  }
});

test('fault 71: a stated quantity that is already current is no pending change', (t) => {
  const world = subscribed(3);
  after(
    world,
    '2027-01-10',
    told('2027-01-10', S, { kind: 'announced', product: 'pro', quantity: 3, line: 'pro' }),
  );
  t.is(world.records[0]?.due, null);
  after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2', { covers: covers('pro', 2) }));
  after(
    world,
    '2027-02-10',
    told('2027-02-10', S, { kind: 'announced', product: 'pro', quantity: 2, line: 'pro' }),
  );
  t.is(world.records[0]?.due, null);
});

test('an unmapped line is flagged until the subscription is stated again without it; what was charged stays so', (t) => {
  const known: Record<'resized' | 'covered', FactBody> = {
    resized: { kind: 'resized', product: 'pro', quantity: 1, line: 'pro' },
    covered: { kind: 'covered', lines: covers('pro') },
  };
  const unknown: Record<'resized' | 'covered', FactBody> = {
    resized: { kind: 'resized', product: null, quantity: 1, line: 'dear' },
    covered: { kind: 'covered', lines: [{ line: 'dear', product: null, quantity: 1 }] },
  };
  for (const kind of ['resized', 'covered'] as const) {
    const [there, back] = [told('2027-01-05', S, unknown[kind]), told('2027-01-06', S, known[kind])];
    const world = subscribed();
    t.is(after(world, '2027-01-05', there).length, 1, kind);
    t.deepEqual(after(world, '2027-01-06', back), [], kind);
    t.deepEqual(after(subscribed(), '2027-01-06', back, there), [], `${kind}, in the other order`);
    const again = { ...there, at: at('2027-01-07'), key: 'again' };
    t.is(after(world, '2027-01-07', again).length, 1, `${kind}, again`);
  }
  const charged = subscribed();
  const paidFor = (line: string, product: string | null) =>
    paid(null, { covers: [{ line, product, quantity: 1 }] });
  after(charged, '2027-01-05', told('2027-01-05', S, paidFor('dear', null)));
  t.is(after(charged, '2027-01-06', told('2027-01-06', S, paidFor('pro', 'pro'))).length, 1);
});

test('fault 31: a charge paid for a revoked or ended license is flagged', (t) => {
  const world = subscribed();
  after(world, '2027-01-10', told('2027-01-10', S, { kind: 'deactivated', on: '2027-01-10' }));
  t.deepEqual(after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2')), [
    'revoked-but-paid: A charge of subscription S was paid, and its license of pro is ended',
  ]);
  const withdrawn = subscribed();
  withdrawn.decide(told('2027-01-10', licenseSubject(withdrawn.records[0]!.id), { kind: 'withdrawn' }));
  t.deepEqual(after(withdrawn, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2')), [
    'revoked-but-paid: A charge of subscription S was paid, and its license of pro is revoked',
  ]);
  const before = subscribed();
  after(before, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2'));
  t.deepEqual(
    after(before, '2027-02-10', told('2027-02-10', S, { kind: 'deactivated', on: '2027-02-10' })),
    [],
    'it was paid before',
  );
});

test('fault 63: a charge does not pay for a license that its subscription no longer covers', (t) => {
  const world = subscribed();
  t.deepEqual(
    after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2', { covers: covers('basic') })),
    [],
  );
});

const resized = (product: string | null, line: string): FactBody => ({
  kind: 'resized',
  product,
  quantity: 1,
  line,
});
const announced = (product: string | null, quantity: number): FactBody => ({
  kind: 'announced',
  product,
  quantity,
  line: product ?? 'else',
});
const on = (day: string, body: FactBody, key = `${body.kind} ${day}`): Fact => ({
  ...told(day, S, body, key),
  cause: `subscription.updated ${key}`,
});

test('an unmapped line is flagged by its path, under the subscription’s order and product', (t) => {
  const world = subscribed();
  world.ask({ order: 'Z', product: 'app', line: 'app' });
  after(world, '2027-01-02', on('2027-01-02', resized(null, 'dear'), 'e1'));
  after(world, '2027-01-03', on('2027-01-03', resized(null, ''), 'e2'));
  t.deepEqual(
    openFlags(world).filter((flag) => flag.startsWith('unmapped')),
    ['unmapped:S:dear A pro e1', 'unmapped:S:e2 A pro e2'],
  );
});

test('an imported subscription is named by its own id', (t) => {
  const world = begin();
  after(world, BEGUN, ...rebill(BEGUN, '2027-02-01', '1', { covers: covers('pro') }));
  after(world, '2027-01-02', on('2027-01-02', resized(null, 'dear'), 'e1'));
  t.true(openFlags(world).includes('unmapped:S:dear subscription:S pro e1'));
});

test('a subscription whose first order has no license yet is flagged without a product', (t) => {
  const world = begin();
  after(world, BEGUN, told(BEGUN, 'order:A', sold('pro', { failed: true, subscription: 'S' })));
  after(world, '2027-01-02', on('2027-01-02', resized(null, 'dear'), 'e1'));
  t.true(openFlags(world).includes('unmapped:S:dear A null e1'));
});

test('a change that its charge does not name is flagged with its own event; a change of another program is not', (t) => {
  const world = subscribed(3);
  after(world, '2027-01-10', on('2027-01-10', announced('pro', 1), 'e1'));
  after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2', { covers: covers('pro', 2) }));
  t.deepEqual(openFlags(world), ['change:e1 A pro e1']);
  const other = subscribed(3);
  after(other, '2027-01-10', on('2027-01-10', announced(null, 1)));
  other.wait('2027-02-10');
  t.false(other.flagKinds.includes('unconfirmed-change'));
});

test('an announced change is pending from the latest next charge of its licenses, or from its own day', (t) => {
  const world = subscribed(2);
  const until: FactBody = { kind: 'set-until', until: '2027-01-20' };
  world.decide(told('2027-01-02', licenseSubject(world.records[1]!.id), until));
  after(world, '2027-01-10', on('2027-01-10', announced('pro', 1)));
  t.is(world.records[0]?.due, at('2027-02-04', 0));
  for (const [sale, addOn] of [
    ['2027-01-01', '2027-01-10'],
    ['2027-01-10', '2027-01-01'],
  ] as const) {
    const asked = begin();
    asked.now = at(sale);
    askAgain(asked, sale, 'A', 'pro');
    askAgain(asked, addOn, 'B', 'basic');
    after(asked, '2027-01-11', on('2027-01-11', announced('pro', 3)));
    const due = at('2027-02-13', 0);
    const dues = asked.records.map((license) => license.due);
    t.deepEqual(dues, sale < addOn ? [null, due] : [due, null]);
  }
  const late = subscribed();
  after(late, '2027-02-02', on('2027-02-02', announced('pro', 3)));
  t.is(late.records[0]?.due, at('2027-02-05'));
  late.wait('2027-02-05');
  t.deepEqual(openFlags(late), ['change:announced 2027-02-02 A pro announced']);
});

test('an announced change of a subscription without a license or a date is not pending', (t) => {
  const failed = begin();
  const sale = told(BEGUN, 'order:A', sold('pro', { failed: true, subscription: 'S' }));
  after(failed, BEGUN, sale, on(BEGUN, announced('pro', 3)));
  failed.wait('2027-06-01');
  t.false(failed.flagKinds.includes('unconfirmed-change'));
  const perpetual = begin();
  perpetual.ask({ order: 'A', product: 'app', line: 'app' });
  after(
    perpetual,
    BEGUN,
    told(BEGUN, 'order:A', sold('app', { subscription: 'S' })),
    on(BEGUN, announced('app', 3)),
  );
  perpetual.wait('2027-06-01');
  t.deepEqual(perpetual.flags, []);
  const undated = begin();
  after(undated, BEGUN, told(BEGUN, 'order:A', sold('unheard-of', { subscription: 'S' })));
  after(undated, '2027-01-02', on('2027-01-02', resized('pro', 'pro')));
  after(undated, '2027-01-10', on('2027-01-10', announced('pro', 3)));
  undated.wait('2027-06-01');
  t.false(undated.flagKinds.includes('unconfirmed-change'), 'no charge has dated it');
});

test('an announced quantity is compared with the quantity of its own product', (t) => {
  const isAwaited = (quantity: number, product: string) => {
    const world = begin();
    const lines = (['basic', 'pro'] as const).map((id, index) => [id, index + 1] as const);
    for (const [id, units] of lines) world.ask({ order: 'A', product: id, line: id, quantity: units });
    after(
      world,
      BEGUN,
      ...lines.map(([id, units]) =>
        told(BEGUN, 'order:A', sold(id, { quantity: units, subscription: 'S' }), `sold ${id}`),
      ),
      told(BEGUN, S, dated('2027-02-01')),
      on('2027-01-10', announced(product, quantity)),
    );
    world.wait('2027-02-10');
    return world.flagKinds.includes('unconfirmed-change');
  };
  t.false(isAwaited(2, 'pro'));
  t.true(isAwaited(1, 'pro'));
  t.false(isAwaited(1, 'basic'));
  t.true(isAwaited(1, 'team'), 'a product that it was not for');
});

test('a payment for an ended license is flagged by subscription and product, once for all units', (t) => {
  const world = subscribed(2);
  const sale = told(BEGUN, 'order:Z', sold('pro', { subscription: 'T' }));
  after(world, BEGUN, sale, told(BEGUN, 'subscription:T', { kind: 'deactivated', on: '2027-01-10' }));
  after(world, '2027-01-10', told('2027-01-10', S, { kind: 'deactivated', on: '2027-01-10' }));
  after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2'));
  t.deepEqual(
    openFlags(world).filter((flag) => flag.startsWith('paid')),
    ['paid:S:pro A pro null'],
  );
});

test('a payment for an active or reissued license raises no flag', (t) => {
  const world = subscribed();
  const { id } = world.records[0]!;
  world.reissue(id, told('2027-01-10', licenseSubject(id), { kind: 'withdrawn' }));
  t.deepEqual(after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2')), []);
  const disputed = subscribed();
  after(disputed, '2027-01-10', told('2027-01-10', 'order:A', { kind: 'disputed' }));
  t.deepEqual(after(disputed, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2')), []);
});

test('a payment for a license active again after a dispute raises no flag', (t) => {
  const world = subscribed();
  after(world, '2027-01-10', told('2027-01-10', 'order:A', { kind: 'charged-back' }));
  after(world, '2027-01-15', told('2027-01-15', 'order:A', { kind: 'dispute-won' }));
  t.is(world.records[0]?.state, 'active');
  t.deepEqual(after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2')), []);
});

test('an announced quantity is compared with the last charge of its product', (t) => {
  const world = subscribed();
  const both = [...covers('basic'), ...covers('pro', 2)];
  after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2', { covers: both }));
  after(world, '2027-02-10', on('2027-02-10', announced('pro', 2)));
  world.wait('2027-03-20');
  t.false(world.flagKinds.includes('unconfirmed-change'));
});

test('a line that was sold for a subscription and that its charges do not name is renewed, and flagged once', (t) => {
  const world = subscribed(2);
  const sale = (day: string, order: 'order:A' | 'order:B') =>
    told(day, order, sold('basic', { quantity: 2, subscription: 'S' }), `sold basic ${order}`);
  const flags = () => world.flags.filter((flag) => flag.startsWith('surplus'));
  after(world, BEGUN, sale(BEGUN, 'order:A'));
  t.deepEqual(flags(), []);
  after(
    world,
    '2027-02-01',
    ...rebill('2027-02-01', '2027-03-01', '2', { part: 'proration', covers: covers('pro', 2) }),
  );
  t.deepEqual(flags(), [], 'a proration names what it changes');
  after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '3'));
  t.deepEqual(flags(), [], 'a charge that names nothing');
  after(world, '2027-03-01', ...rebill('2027-03-01', '2027-04-01', '4', { covers: covers('pro', 2) }));
  const flag =
    'surplus: Charges of subscription S do not name basic, which was sold for it: its license is renewed all the same';
  t.deepEqual(flags(), [flag]);
  t.true(openFlags(world).some((key) => key.startsWith('uncharged:S:basic A basic ')));
  const later = subscribed();
  after(later, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2', { covers: covers('pro') }));
  after(later, '2027-02-10', sale('2027-02-10', 'order:B'));
  t.false(
    later.flags.some((each) => each.startsWith('surplus')),
    'sold after the charge',
  );
  const both = [...covers('pro'), ...covers('basic', 2)];
  after(later, '2027-03-01', ...rebill('2027-03-01', '2027-04-01', '3', { covers: both }));
  after(later, '2027-04-01', ...rebill('2027-04-01', '2027-05-01', '4', { covers: covers('pro') }));
  t.false(
    later.flags.some((each) => each.startsWith('surplus')),
    'named once, it ends with the next charge',
  );
});

test('an order of a subscription that had ended before is flagged as paid for an ended license, and a trial is not', (t) => {
  const flags = (day: string, more = {}) => {
    const world = subscribed();
    const ended = told('2027-01-15', S, { kind: 'deactivated', on: '2027-01-15' });
    const again = told(day, 'order:B', sold('pro', { subscription: 'S', ...more }));
    after(world, '2027-01-20', ended, again);
    return world.flagKinds.filter((kind) => kind === 'revoked-but-paid').length;
  };
  t.is(flags('2027-01-20'), 1);
  t.is(flags('2027-01-20', { trial: true }), 0);
  t.is(flags('2027-01-10'), 0, 'sold before the end');
});

test('a change waits for the charge of a license that the subscription covers', (t) => {
  const longer: FactBody = { kind: 'set-until', until: '2027-06-01' };
  const swapped = subscribed();
  swapped.decide(told('2027-01-02', licenseSubject(swapped.records[0]!.id), longer));
  after(swapped, '2027-01-05', on('2027-01-05', resized('basic', 'basic')));
  after(swapped, '2027-01-10', on('2027-01-10', announced('basic', 2)));
  t.deepEqual(
    swapped.records.map(({ product, due }) => [product, due]),
    [
      ['pro', null],
      ['basic', at('2027-02-04', 0)],
    ],
  );
});

test('a license that ended with its product, paid again after a dispute, is not flagged as paid', (t) => {
  const world = subscribed();
  after(world, '2027-01-10', told('2027-01-10', 'order:A', { kind: 'charged-back' }));
  after(world, '2027-01-15', told('2027-01-15', 'order:A', { kind: 'dispute-won' }));
  after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2'));
  after(world, '2027-02-10', on('2027-02-10', resized('basic', 'basic')));
  t.is(world.records[0]?.state, 'ended');
  t.deepEqual(world.flags, []);
});

test('a license that charges do not name is flagged only while they renew it', (t) => {
  const sale = (product: string) =>
    told(BEGUN, 'order:A', sold(product, { subscription: 'S' }), `sold ${product}`);
  const charge = (day: string, until: string, product: string) =>
    rebill(day, until, day, { covers: covers(product) });
  const isFlagged = (world: ReturnType<typeof begin>) => world.flagKinds.includes('surplus');
  const withdrawn = subscribed();
  after(withdrawn, BEGUN, sale('basic'), ...charge(BEGUN, '2027-02-01', 'pro'));
  t.false(isFlagged(withdrawn), 'the charge of the sale');
  const basic = withdrawn.records.find(({ product }) => product === 'basic');
  withdrawn.decide(told('2027-01-10', licenseSubject(basic!.id), { kind: 'withdrawn' }));
  after(withdrawn, '2027-02-01', ...charge('2027-02-01', '2027-03-01', 'pro'));
  t.false(isFlagged(withdrawn), 'withdrawn');
  const left = subscribed();
  after(left, '2027-02-01', ...charge('2027-02-01', '2027-03-01', 'basic'));
  left.now = at('2027-02-02');
  left.decide(told('2027-02-02', licenseSubject(left.records[0]!.id), { kind: 'reinstated' }));
  t.is(left.records[0]?.state, 'active');
  t.false(isFlagged(left), 'an operator keeps it');
  const asked = begin();
  after(asked, BEGUN, ...charge(BEGUN, '2027-02-01', 'pro'));
  asked.now = at('2027-01-10');
  asked.ask({ order: 'B', product: 'basic', line: 'basic' }, { subscription: 'S' });
  t.is(asked.records[1]?.state, 'active');
  t.false(isFlagged(asked), 'asked for, and not sold as far as is known');
});

test('a payment without a date on or after the last day of a cancellation is flagged until that is withdrawn', (t) => {
  const canceled: FactBody = { kind: 'canceled', last: '2027-02-01' };
  const flags = (paidOn: string, ...more: readonly Fact[]) => {
    const world = subscribed();
    after(world, '2027-01-10', told('2027-01-10', S, canceled));
    world.wait(paidOn);
    after(world, paidOn, told(paidOn, S, paid(null, { covers: covers('pro') })), ...more);
    world.wait('2027-02-04');
    return world.flags;
  };
  const flag = 'revoked-but-paid: A charge of subscription S was paid, and its license of pro is ended';
  t.deepEqual(flags('2027-02-01'), [flag]);
  t.deepEqual(flags('2027-02-03'), [flag]);
  t.deepEqual(flags('2027-01-12'), [], 'within the paid time');
  const sameDay = subscribed();
  after(sameDay, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2'));
  const at18 = {
    ...told('2027-02-01', S, { kind: 'canceled', last: '2027-02-01' }),
    at: at('2027-02-01', 18),
  };
  after(sameDay, '2027-02-03', at18);
  t.deepEqual([sameDay.records[0]?.state, sameDay.flags], ['ended', []], 'paid before it was canceled');
  t.deepEqual(flags('2027-02-03', told('2027-01-20', S, { kind: 'uncanceled' })), []);
});

test('the charge of an add-on is no payment for a license that has ended', (t) => {
  const own = { line: 'pro', product: 'pro', quantity: 1 };
  const flags = (product: string) => {
    const world = subscribed();
    after(world, '2027-01-10', told('2027-01-10', S, { kind: 'deactivated', on: '2027-01-10' }));
    const body = paid(null, { covers: covers(product), own });
    return after(world, '2027-01-12', told('2027-01-12', S, body)).filter((text) => / of pro is /.test(text));
  };
  t.deepEqual(flags('basic'), []);
  t.is(flags('pro').length, 1);
});
