/** Flags, owed units and due dates. */
import test from 'ava';
import { decideDue, decideEvent } from '../../../src/domain/decide.ts';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { FLAG_KINDS, type Flag } from '../../../src/domain/values/flag.ts';
import { covers, paid, sold, tie, told } from '../../kit/telling.ts';
import { after, BEGUN, begin, issueAlone, openFlags, rebill, S, subscribed } from '../../kit/watched.ts';
import { at, MARKET, type World } from '../../kit/world.ts';
import { announced } from '../subscriptions/covering.ts';

test('fault 28: a paid unit without a license is owed, and flagged after an hour', (t) => {
  const world = begin();
  const confirmed: FactBody = { kind: 'confirmed', quantity: 2, line: '47', product: 'app' };
  t.deepEqual(after(world, BEGUN, told(BEGUN, 'order:A', confirmed)), []);
  t.like(world.found.owed[0], { order: 'A', product: 'app', quantity: 2, missing: 2, due: at(BEGUN, 13) });
  world.wait('2027-01-02');
  t.deepEqual(world.flags, ['undelivered: 2 of 2 units of app in order A are paid for but have no license']);
  t.is(world.found.owed[0]?.due, null);
  world.ask({ order: 'A', product: 'app', line: '', quantity: 2 });
  t.like(world.found.owed[0], { missing: 0, due: null });
  t.deepEqual(world.flags, []);
});

test('fault 28: a failed fulfillment is undelivered at once', (t) => {
  const world = begin();
  t.deepEqual(after(world, BEGUN, told(BEGUN, 'order:A', sold('app', { failed: true }))), [
    'undelivered: 1 of 1 units of app in order A is paid for but has no license',
  ]);
  t.deepEqual(after(world, BEGUN, told(BEGUN, 'order:A', sold('app'), 'sold')), []);
});

test('a flag settled by itself comes back with its cause, and a flag settled by a person does not', (t) => {
  const world = begin();
  after(world, BEGUN, told(BEGUN, 'order:A', sold('app')));
  world.wait('2027-01-02');
  after(
    world,
    '2027-01-03',
    told('2027-01-03', 'order:A', { kind: 'disputed' }),
    told('2027-01-03', 'order:A', { kind: 'charged-back' }),
  );
  t.deepEqual(world.flags, []);
  const back = told('2027-01-04', 'order:A', { kind: 'dispute-won' });
  t.deepEqual(after(world, '2027-01-04', back), [
    'undelivered: 1 license of app in order A was not handed out',
  ]);
  t.deepEqual(
    world.found.flags.map(({ key }) => key),
    ['undelivered:A:app', 'undelivered:A:app again:2'],
  );
  world.settle('undelivered:A:app again:2', 'ada: sent by hand');
  t.deepEqual(after(world, '2027-01-05', told('2027-01-05', 'order:A', { kind: 'noted', note: 'x' })), []);
  t.is(world.found.flags.length, 2);
});

test('an open flag whose numbers change is raised again, and one that a person settled is not', (t) => {
  const sale = (quantity: number, day: string) =>
    told(day, 'order:A', sold('app', { quantity }), `sold of ${quantity}`);
  const flagged = () => {
    const world = begin();
    world.ask({ order: 'A', product: 'app', line: 'app' });
    after(world, BEGUN, sale(2, BEGUN));
    return world;
  };
  const differences = (world: World) => world.flags.filter((flag) => flag.startsWith('differs'));
  const open = flagged();
  after(open, '2027-01-02', sale(1, '2027-01-02'));
  t.deepEqual(differences(open), ['differs: Order A, app: 1 unit was answered but 3 were sold']);
  after(open, '2027-01-03', told('2027-01-03', 'order:A', { kind: 'noted', note: 'x' }));
  t.is(open.found.flags.filter(({ kind }) => kind === 'differs').length, 2);
  const settled = flagged();
  settled.settle('differs:A:app', 'ada: the second code was sent by hand');
  after(settled, '2027-01-02', sale(1, '2027-01-02'));
  t.deepEqual(differences(settled), []);
});

test('fault 64: an imported subscription without a product file or without a known product is owed', (t) => {
  const world = begin();
  after(world, BEGUN, told(BEGUN, S, paid('2027-02-01', { covers: covers('unheard-of', 2) })));
  t.like(world.found.owed[0], { order: 'subscription:S', product: 'unheard-of', missing: 2 });
});

test('one license of seats owes no units', (t) => {
  const world = begin();
  after(world, BEGUN, told(BEGUN, 'order:A', sold('team', { quantity: 3 })));
  t.is(world.found.owed.length, 0);
});

test('an unclear note about an order without a license of ours is no flag, unless its reader knows that it is of ours', (t) => {
  const note: FactBody = { kind: 'noted', note: 'part of it came back', flag: true, why: 'partial-refund' };
  t.deepEqual(after(begin(), BEGUN, told(BEGUN, 'order:Z', note)), []);
  t.deepEqual(after(begin(), BEGUN, told(BEGUN, 'order:Z', { ...note, ours: true })), [
    'partial-refund: part of it came back',
  ]);
});

test('a note with `flag` is a flag with its order and event, until a person settles it', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app' });
  const note: FactBody = { kind: 'noted', note: 'a return of type ALERT', flag: true };
  const event = { ...told(BEGUN, 'order-id:1', note), cause: 'return.created e77' };
  t.deepEqual(
    after(
      world,
      BEGUN,
      told(BEGUN, 'order-id:1', tie('order:A')),
      told(BEGUN, 'order:A', sold('app')),
      event,
      told(BEGUN, 'order:A', { kind: 'noted', note: 'a reminder' }),
    ),
    ['unclear: a return of type ALERT'],
  );
  t.like(world.found.flags[0], { order: 'A', event: 'e77', product: null, at: at(BEGUN) });
  t.deepEqual(after(world, '2027-01-05', told('2027-01-05', 'order:A', { kind: 'disputed' })), [
    'unclear: a return of type ALERT',
  ]);
  const why = begin();
  after(why, BEGUN, told(BEGUN, 'order:X', sold('app')), told(BEGUN, S, { ...note, why: 'too-many-units' }));
  t.like(why.found.flags[0], { kind: 'too-many-units', order: S });
});

test('unclear facts about an order of another program are not flagged', (t) => {
  const note = (why?: 'unclear' | 'unmapped' | 'refused'): FactBody => ({
    kind: 'noted',
    note: 'odd',
    flag: true,
    ...(why && { why }),
  });
  const kinds = (body: FactBody) => {
    const world = begin();
    after(world, BEGUN, told(BEGUN, 'order:X', body));
    return world.flagKinds;
  };
  t.deepEqual(
    [kinds(note()), kinds(note('unclear')), kinds(note('unmapped')), kinds(note('refused'))],
    [[], [], [], ['refused']],
  );
});

test('a license is due at the first future moment at which time changes or flags it', (t) => {
  const world = begin();
  after(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
    told(BEGUN, S, { kind: 'canceled', last: '2027-01-20' }),
    told(BEGUN, S, { kind: 'paused', last: '2027-01-10' }),
  );
  t.is(world.records[0]?.due, at(BEGUN, 13), 'undelivered');
  world.wait('2027-01-02');
  t.is(world.records[0]?.due, at('2027-01-11', 0), 'paused');
  world.wait('2027-01-11');
  t.is(world.records[0]?.due, at('2027-01-21', 0), 'canceled');
  world.wait('2027-01-21');
  t.is(world.records[0]?.due, null);
});

const rows = (world: World) =>
  world.found.owed.map(
    ({ order, line, product, quantity, missing, due }) =>
      `${order}/${line}/${product} ${missing} of ${quantity}${due === null ? '' : ' due'}`,
  );

test('owed units are one row a line, and no row if nothing is missing', (t) => {
  const world = begin();
  after(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('app'), 'app'),
    told(BEGUN, 'order:A', { ...sold(null), line: 'x' }, 'x'),
    told(BEGUN, 'order:A', { ...sold(null), line: 'y', quantity: 2 }, 'y'),
    told(BEGUN, 'order:B', { ...sold(null), line: 'x' }, 'z'),
  );
  t.deepEqual(rows(world), ['A/x/null 1 of 1 due', 'A/y/null 2 of 2 due', 'B/x/null 1 of 1 due']);
  after(world, BEGUN, told(BEGUN, 'order:A', { kind: 'mapped', line: 'x', product: 'app' }));
  t.deepEqual(rows(world), ['A/x/app 0 of 1', 'A/y/null 2 of 2 due', 'B/x/null 1 of 1 due']);
});

test('a charge of a subscription owes nothing by itself', (t) => {
  const world = begin();
  after(
    world,
    BEGUN,
    told(BEGUN, 'order:B', sold('unheard-of', { subscription: 'S' })),
    told(BEGUN, 'order:B', tie(S)),
  );
  t.deepEqual(rows(world), []);
  const other = begin();
  after(
    other,
    BEGUN,
    told(BEGUN, 'order:B', sold('unheard-of', { subscription: 'T' })),
    told(BEGUN, 'order:B', tie(S)),
  );
  t.deepEqual(rows(other), ['B/unheard-of/unheard-of 1 of 1 due']);
});

test('units issued by the subscription are not owed to its order', (t) => {
  const world = begin();
  after(world, BEGUN, ...rebill('2027-01-01', '2027-02-01', '2', { covers: covers('pro', 2) }));
  t.is(world.records.length, 2);
  after(world, BEGUN, told(BEGUN, 'order:A', sold('pro', { quantity: 2, subscription: 'S' })));
  t.deepEqual(rows(world), []);
  const confirmed: FactBody = { kind: 'confirmed', quantity: 2, line: '47', product: 'pro' };
  const paddle = begin();
  after(paddle, BEGUN, told(BEGUN, 'order:A', confirmed));
  t.deepEqual(rows(paddle), ['A//pro 2 of 2 due']);
});

test('a reissued unit counts as one unit, not as an owed unit beside it', (t) => {
  const world = begin();
  after(world, BEGUN, ...rebill('2027-01-01', '2027-02-01', '2', { covers: covers('pro') }));
  const [{ id } = { id: new Uint8Array() }] = world.records;
  world.reissue(id, told(BEGUN, licenseSubject(id), { kind: 'withdrawn' }));
  t.is(world.records.length, 2);
  after(world, BEGUN, told(BEGUN, 'order:A', sold('pro', { quantity: 2, subscription: 'S', failed: true })));
  t.deepEqual(rows(world), ['A/pro/pro 1 of 2']);
});

test('the lines of an unknown subscription are owed until it is known', (t) => {
  const world = begin();
  const told1 = told(
    BEGUN,
    S,
    paid('2027-02-01', { covers: [{ line: 'x', product: 'unheard-of', quantity: 2 }] }),
  );
  after(world, BEGUN, told1);
  t.deepEqual(rows(world), ['subscription:S/x/unheard-of 2 of 2 due']);
  world.wait('2027-01-02');
  t.deepEqual(rows(world), ['subscription:S/x/unheard-of 2 of 2']);
  t.deepEqual(world.flagKinds, ['undelivered']);
  after(world, '2027-01-03', told(BEGUN, 'order:A', sold('app', { subscription: 'S' })));
  t.deepEqual(rows(world), ['subscription:S/x/unheard-of 0 of 2']);
  const asSold = begin();
  after(asSold, BEGUN, told(BEGUN, S, { kind: 'resized', product: 'unheard-of', quantity: null, line: 'x' }));
  t.deepEqual(rows(asSold), ['subscription:S//unheard-of 1 of 1 due']);
});

test('an owed row is written only where it changes', (t) => {
  const world = begin();
  after(world, BEGUN, told(BEGUN, 'order:A', { ...sold(null), line: 'x' }));
  const [row] = world.found.owed;
  after(world, BEGUN, told(BEGUN, 'order:A', { kind: 'noted', note: 'x' }));
  t.is(world.found.owed[0], row);
});

test('the flag of a request for too many units is cleared once its charge is reported', (t) => {
  const world = subscribed();
  world.now = at('2027-02-01');
  world.ask({ order: 'R', product: 'pro', line: 'pro', quantity: 2 }, { subscription: 'S' });
  t.deepEqual(world.flagKinds, ['too-many-units']);
  after(world, '2027-02-02', told('2027-02-02', 'order:A', { kind: 'noted', note: 'x' }));
  t.deepEqual(world.flagKinds, ['too-many-units']);
  after(
    world,
    '2027-02-03',
    told('2027-02-01', 'order:R', tie(S)),
    told('2027-02-01', S, paid('2027-03-01', { charge: 'order:R', covers: covers('pro', 2) })),
  );
  t.false(world.flagKinds.includes('too-many-units'));
  t.is(world.found.flags[0]?.settledBy, 'by itself: the charge was reported');
});

test('the flag of a request that was refused is cleared once the request is answered, also where no event names its order', (t) => {
  const request = { order: 'R', product: 'pro', line: 'pro', quantity: 2 };
  const more = subscribed();
  more.now = at('2027-02-01');
  more.ask(request, { subscription: 'S' });
  t.deepEqual(more.flagKinds, ['too-many-units']);
  after(
    more,
    '2027-02-02',
    told('2027-01-20', S, announced('pro', 2)),
    told('2027-02-01', S, paid(null, { charge: 'order-id:9' })),
  );
  t.deepEqual(more.flagKinds, ['too-many-units'], 'nothing ties the charge to the request');
  more.ask(request, { subscription: 'S' });
  t.false(more.flagKinds.includes('too-many-units'));
  t.is(more.found.flags[0]?.settledBy, 'by itself: the request was answered');
  const held = subscribed();
  const license = licenseSubject(held.records[0]!.id);
  held.decide(told('2027-01-20', license, { kind: 'stopped' }));
  held.now = at('2027-02-01');
  held.ask({ ...request, quantity: 1 }, { subscription: 'S' });
  t.deepEqual(held.flagKinds, ['revoked-but-paid']);
  held.decide(told('2027-02-02', license, { kind: 'reinstated' }));
  held.ask({ ...request, quantity: 1 }, { subscription: 'S' });
  t.false(held.flagKinds.includes('revoked-but-paid'));
  held.decide(told('2027-02-03', license, { kind: 'withdrawn' }));
  for (const day of ['2027-02-04', '2027-02-05']) {
    held.now = at(day);
    held.ask({ ...request, quantity: 1 }, { subscription: 'S' });
    t.deepEqual(
      held.found.flags.map(({ key, settledAt }) => [key, settledAt === null]),
      [
        ['act:revoked-but-paid:R', false],
        ['act:revoked-but-paid:R again:2', true],
      ],
      'an error after the answer is flagged, once',
    );
  }
});

test('a note about a known order is flagged, even if only its sale is known', (t) => {
  const note: FactBody = { kind: 'noted', note: 'odd', flag: true };
  const world = begin();
  t.deepEqual(
    after(
      world,
      BEGUN,
      told(BEGUN, 'order:A', { kind: 'confirmed', quantity: 1, line: '47', product: 'app' }),
      told(BEGUN, 'order:A', note),
    ),
    ['unclear: odd'],
  );
  const foreign = begin();
  after(foreign, BEGUN, told(BEGUN, 'order:A', sold(null)), told(BEGUN, 'order:A', note));
  t.deepEqual(foreign.flagKinds, ['unknown-product']);
});

test('each license is due by its own dates and flags', (t) => {
  const world = begin();
  after(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
    told(BEGUN, S, { kind: 'canceled', last: '2027-01-20' }),
    told(BEGUN, 'order:B', sold('app')),
  );
  world.ask({ order: 'B', product: 'app', line: 'app' });
  t.deepEqual(
    world.records.map(({ due }) => due),
    [at(BEGUN, 13), null],
  );
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  t.deepEqual(
    world.records.map(({ due }) => due),
    [at('2027-01-21', 0), null],
  );
});

test('units issued by one subscription do not count for another order', (t) => {
  const world = begin();
  after(world, BEGUN, ...rebill('2027-01-01', '2027-02-01', '2', { covers: covers('pro', 2) }));
  const confirmed = (order: string): readonly Fact[] => [
    told(BEGUN, `order:${order}`, { kind: 'confirmed', quantity: 1, line: '47', product: 'pro' }),
    told(BEGUN, `order:${order}`, { kind: 'linked', subscription: 'T' }),
  ];
  after(world, BEGUN, ...confirmed('B'));
  t.deepEqual(rows(world), ['B//pro 1 of 1 due']);
  after(
    world,
    BEGUN,
    told(
      BEGUN,
      'subscription:U',
      paid('2027-02-01', { covers: [{ line: 'x', product: 'unheard-of', quantity: 1 }] }),
    ),
  );
  t.deepEqual(
    rows(world),
    ['B//pro 1 of 1 due', 'subscription:U/x/unheard-of 1 of 1 due'],
    'though licenses of another one are there',
  );
});

test('a line of seats owes no units, and a line of codes beside it does', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'team', line: 'team', quantity: 3 });
  after(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('team', { quantity: 3 })),
    told(BEGUN, 'order:A', { ...sold(null), line: 'x', quantity: 2 }, 'x'),
  );
  t.deepEqual(rows(world), ['A/x/null 2 of 2 due']);
});

test('derived flags are cleared with their cause; flags that a fact or an act raised stay', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app' });
  const flagged = (more: Partial<Flag>): Flag => ({
    ...MARKET,
    id: 7,
    key: 'a key',
    kind: 'differs',
    reason: 'a reason',
    order: 'A',
    product: 'app',
    event: null,
    at: at(BEGUN),
    settledAt: null,
    settledBy: null,
    ...more,
  });
  const cleared = (more: Partial<Flag>) =>
    decideDue({ ...world.found, flags: [flagged(more)] }, world.rules, at(BEGUN)).changes.cleared;
  const staying = FLAG_KINDS.filter((kind) => cleared({ kind }).length === 0);
  t.deepEqual(staying, [
    'unclear',
    'unknown-product',
    'refused',
    'mode',
    'too-many-units',
    'mail-refused',
    'drift',
  ]);
  t.deepEqual(cleared({}), [{ id: 7, at: at(BEGUN), reason: 'by itself: its cause is gone' }]);
  t.deepEqual(cleared({ key: 'noted:a key' }), []);
  t.deepEqual(cleared({ key: 'act:a key' }), []);
  t.deepEqual(cleared({ settledAt: 5, settledBy: 'ada: fine' }), [], 'it was settled before');
});

test('the flag of a request for too many units awaits the charge of its own order, until it is settled', (t) => {
  const world = subscribed();
  after(world, BEGUN, told(BEGUN, 'order:B', tie(S)));
  const flag: Flag = {
    ...MARKET,
    id: 7,
    key: 'act:too-many-units:B',
    kind: 'too-many-units',
    reason: 'a reason',
    order: 'B',
    product: 'pro',
    event: null,
    at: at(BEGUN),
    settledAt: null,
    settledBy: null,
  };
  const cleared = (more: Partial<Flag>) =>
    decideDue({ ...world.found, flags: [{ ...flag, ...more }] }, world.rules, at(BEGUN)).changes.cleared;
  t.deepEqual(cleared({}), [{ id: 7, at: at(BEGUN), reason: 'by itself: the charge was reported' }]);
  t.deepEqual(cleared({ order: 'C' }), [], 'another order');
  t.deepEqual(cleared({ key: 'act:else:B' }), [], 'another act');
  t.deepEqual(cleared({ settledAt: 5, settledBy: 'ada: fine' }), [], 'it was settled before');
});

test('each note with `flag` is its own flag, under the first order of its subscription', (t) => {
  const note = (text: string): FactBody => ({ kind: 'noted', note: text, flag: true });
  const world = subscribed();
  after(world, BEGUN, told(BEGUN, S, note('one'), 'n1'), told(BEGUN, S, note('two'), 'n2'));
  t.deepEqual(openFlags(world), ['noted:n1 A null 2027-01-01', 'noted:n2 A null 2027-01-01']);
  const imported = begin();
  after(imported, BEGUN, ...rebill(BEGUN, '2027-02-01', '1', { covers: covers('pro') }));
  t.deepEqual(
    after(imported, BEGUN, told(BEGUN, S, note('one'))),
    ['unclear: one'],
    'a license of it is known',
  );
  const short = { ...told(BEGUN, S, note('three'), 'n3'), cause: 'nobody' };
  after(world, BEGUN, short);
  t.is(openFlags(world).at(-1), 'noted:n3 A null null', 'a cause that names no event');
});

test('a line now known under another name is no longer owed, and lines of other orders are', (t) => {
  const world = begin();
  const paidFor: FactBody = { kind: 'confirmed', quantity: 1, line: '47', product: null };
  after(world, BEGUN, told(BEGUN, 'order:A', paidFor), told(BEGUN, 'order:B', paidFor));
  after(world, BEGUN, told(BEGUN, 'order:A', { kind: 'mapped', line: '47', product: 'app' }));
  t.deepEqual(
    world.found.owed.map(({ order, line, missing }) => [order, line, missing]),
    [
      ['A', '47', 0],
      ['B', '47', 1],
    ],
  );
});

test('two orders with one line each are owed separately and written once', (t) => {
  const world = begin();
  const failed = sold('app', { failed: true });
  after(world, BEGUN, told(BEGUN, 'order:A', failed), told('2027-01-02', 'order:B', failed));
  const note = told(BEGUN, 'order:A', { kind: 'noted', note: 'x' });
  const { changes } = decideEvent(
    world.found,
    { facts: [note], codes: [], people: [] },
    world.rules,
    world.now,
  );
  t.deepEqual(changes.owed, []);
});

test('the lines of a subscription are owed to its orders, if any are known', (t) => {
  const failed = (order: string, more = {}) =>
    told(BEGUN, `order:${order}`, sold('pro', { failed: true, subscription: 'S', ...more }));
  const size = told('2027-01-02', S, { kind: 'resized', product: 'pro', quantity: 1, line: 'pro' });
  const owedWith = (...facts: readonly Fact[]) => {
    const world = begin();
    after(world, BEGUN, ...facts);
    return world.found.owed.map(({ order }) => order);
  };
  t.deepEqual(owedWith(size), [S]);
  t.deepEqual(owedWith(failed('A'), size), ['A']);
  t.deepEqual(owedWith(failed('A'), failed('B', { companion: true }), size), ['A', 'B']);
});

test('the lines of an imported subscription are owed since its first fact, each path once', (t) => {
  const world = begin();
  after(
    world,
    '2027-01-05',
    told('2027-01-03', S, paid(null, { covers: [{ line: 'else', product: null, quantity: 2 }] })),
    told('2027-01-02', S, { kind: 'announced', product: null, quantity: 4, line: 'foretold' }),
    told('2027-01-04', S, { kind: 'resized', product: null, quantity: 3 }),
  );
  t.deepEqual(
    world.found.owed.map(({ order, line, quantity, missing, since }) => [
      order,
      line,
      quantity,
      missing,
      since,
    ]),
    [
      [S, 'else', 2, 2, at('2027-01-02')],
      [S, '', 3, 3, at('2027-01-02')],
    ],
  );
});

test('units requested one by one are owed until each has a license', (t) => {
  const world = begin();
  issueAlone(world, 'A', 0);
  const paidFor: FactBody = { kind: 'confirmed', quantity: 2, line: '47', product: 'many' };
  after(world, BEGUN, told(BEGUN, 'order:A', paidFor));
  t.deepEqual(
    world.found.owed.map(({ missing }) => missing),
    [1],
  );
});

test('a past moment is no longer due', (t) => {
  const world = begin();
  after(world, BEGUN, told(BEGUN, 'order:A', sold('app')));
  const due = world.records[0]?.due;
  t.is(due, at(BEGUN, 13));
  world.now = at(BEGUN, 13);
  world.tell([told(BEGUN, 'order:A', { kind: 'noted', note: 'x' })]);
  t.deepEqual(world.flags, ['undelivered: 1 license of app in order A was not handed out']);
  t.is(world.records[0]?.due, null);
});
