/** Answers to license requests. */
import test from 'ava';
import type { FactBody } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { productOf } from '../../kit/product.ts';
import { covers, sold, tie, told } from '../../kit/telling.ts';
import { at, World } from '../../kit/world.ts';
import { ask, askAgain, BEGUN, begin, live, PRODUCTS, pay, S, shown, subscribed } from '../subscribed.ts';

test('a sale gets one answer a unit, and a later repeat gets the same answer', (t) => {
  const world = subscribed('pro', 2);
  pay(world, '2027-02-01', '2027-03-01', 'B');
  t.is(ask(world, 'A', 'pro', 2), 'repeated pro/0 2027-02-04, pro/1 2027-02-04');
  t.is(askAgain(world, '2027-02-02', 'A', 'pro', 2), 'repeated pro/0 2027-02-04, pro/1 2027-02-04');
});

test('another quantity is a conflict and changes nothing', (t) => {
  const world = begin();
  ask(world, 'A', 'pro', 2);
  const before = JSON.stringify(world.found);
  t.is(ask(world, 'A', 'pro', 3), '{"outcome":"conflict","heldQuantity":2}');
  t.is(JSON.stringify(world.found), before);
});

test('a request after its event gets the units that the event issued', (t) => {
  const world = begin();
  world.tell([
    told(BEGUN, 'order:A', sold('pro', { quantity: 2 })),
    told(BEGUN, 'order:B', sold('team', { quantity: 2 })),
  ]);
  t.is(ask(world, 'A', 'pro', 3), '{"outcome":"conflict","heldQuantity":2}');
  t.is(ask(world, 'A', 'pro', 2), 'repeated pro/0 2027-02-04, pro/1 2027-02-04');
  t.is(ask(world, 'B', 'team', 2), 'repeated team/0 2027-02-04');
  t.is(ask(world, 'B', 'team', 3), '{"outcome":"conflict","heldQuantity":2}');
  t.deepEqual(
    world.records.map(({ handed, customer }) => [handed, customer !== null]),
    [
      [0, true],
      [0, true],
      [0, true],
    ],
  );
});

test('a request without a person sets no customer', (t) => {
  const world = begin();
  world.tell([told(BEGUN, 'order:A', sold('pro'))]);
  const customer = { name: undefined, email: undefined };
  world.ask({ order: 'A', product: 'pro', line: 'pro', customer });
  world.ask({ order: 'B', product: 'pro', line: 'pro', customer });
  t.deepEqual(
    world.records.map((license) => license.customer),
    [null, null],
  );
});

test('facts of an order from before its request apply to the request', (t) => {
  const world = begin();
  world.tell([told(BEGUN, 'order:A', { kind: 'refunded' })]);
  ask(world, 'A', 'pro');
  t.is(world.records[0]?.state, 'revoked');
});

test('units requested one by one are answered one by one', (t) => {
  const world = begin();
  const order = {
    marketplace: 'fastspring',
    mode: 'live',
    order: 'A',
    product: 'pro',
    line: 'pro',
    quantity: 1,
    soldAt: at(BEGUN),
    customer: { name: 'Ada', email: undefined },
  } as const;
  const one = (units: number) =>
    world.issue({ order, product: PRODUCTS[0]!, units, facts: [], at: at(BEGUN), cause: 'a test' });
  t.is(shown(one(0)), 'issued pro/0 2027-02-04');
  t.is(shown(one(1)), 'issued pro/0 2027-02-04, pro/1 2027-02-04');
  t.is(shown(one(1)), 'repeated pro/0 2027-02-04, pro/1 2027-02-04');
  t.is(ask(world, 'A', 'pro', 1), '{"outcome":"conflict","heldQuantity":2}');
  t.is(ask(world, 'A', 'pro', 2), 'repeated pro/0 2027-02-04, pro/1 2027-02-04');
});

test('a license is due a day after its request if events are expected, once an order', (t) => {
  const world = begin();
  ask(world, 'A', 'pro', 2);
  t.deepEqual(
    world.records.map(({ due }) => due),
    [at('2027-01-02'), null],
  );
  const manual = new World(PRODUCTS, at(BEGUN), { marketplace: 'manual', mode: 'live' });
  ask(manual, 'A', 'pro');
  const test = new World(PRODUCTS, at(BEGUN), { marketplace: 'fastspring', mode: 'test' });
  ask(test, 'A', 'pro');
  t.deepEqual([manual.records[0]?.due, test.records[0]?.due], [null, null]);
});

test('a product without terms throws', (t) => {
  const world = begin();
  const product = productOf({ id: 'unheard-of' });
  const order = {
    marketplace: 'fastspring',
    mode: 'live',
    order: 'A',
    product: 'unheard-of',
    line: '',
    quantity: 1,
    soldAt: at(BEGUN),
    customer: { name: undefined, email: undefined },
  } as const;
  t.throws(() => world.issue({ order, product, units: 'all', facts: [], at: at(BEGUN), cause: 'a test' }), {
    instanceOf: TypeError,
    message: /unheard-of/,
  });
});

test('a rebill gets the codes of its paid period, and its repeat the same codes', (t) => {
  const world = subscribed('pro', 2);
  pay(world, '2027-02-01', '2027-03-01', 'B');
  t.is(askAgain(world, '2027-02-01', 'B', 'pro', 2), 'repeated pro/0 2027-03-04, pro/1 2027-03-04');
  pay(world, '2027-03-01', '2027-04-01', 'C');
  t.is(askAgain(world, '2027-03-02', 'B', 'pro', 2), 'repeated pro/0 2027-03-04, pro/1 2027-03-04');
  t.is(askAgain(world, '2027-03-02', 'C', 'pro', 2), 'repeated pro/0 2027-04-04, pro/1 2027-04-04');
  t.deepEqual(
    world.records.map(({ handed, revision }) => [handed, revision]),
    [
      [2, 2],
      [2, 2],
    ],
  );
});

test('fault 77: a rebill request before its event extends by a term, and the event replaces the assumption', (t) => {
  const world = subscribed();
  t.is(askAgain(world, '2027-02-01', 'B'), 'repeated pro/0 2027-03-04');
  pay(world, '2027-02-01', '2027-02-25', 'B');
  t.deepEqual(world.licenses, ['A/pro/pro/0 active 2027-02-28']);
  t.is(askAgain(world, '2027-02-02', 'B'), 'repeated pro/0 2027-03-04', 'the same answer for good');
});

test('fault 77: a request long before the next charge moves no date', (t) => {
  t.is(askAgain(subscribed(), '2027-01-15', 'B'), 'repeated pro/0 2027-02-04');
});

test('fault 77: a request for a charge lifts overdue and a pause, but no hold of an operator or a dispute', (t) => {
  for (const kind of ['overdue', 'paused'] as const) {
    const world = subscribed();
    world.tell([told('2027-01-20', S, { kind })]);
    t.is(askAgain(world, '2027-02-01', 'B'), 'repeated pro/0 2027-03-04');
  }
  const disputed = subscribed();
  disputed.tell([told('2027-01-20', 'order-id:1', { kind: 'disputed' })]);
  t.is(askAgain(disputed, '2027-02-01', 'B'), '{"outcome":"suspended"}');
  const stopped = subscribed();
  stopped.decide(told('2027-01-20', licenseSubject(stopped.records[0]!.id), { kind: 'stopped' }));
  t.is(askAgain(stopped, '2027-02-01', 'B'), '{"outcome":"suspended"}');
  t.deepEqual(
    stopped.flags.filter((flag) => flag.startsWith('revoked')),
    [
      'revoked-but-paid: Order B asks for a charge of subscription S, whose license of pro is suspended: it was answered with an error',
    ],
  );
});

test('fault 12, 31: a rebill request of a revoked license gets no 200 and is flagged', (t) => {
  const world = subscribed();
  world.tell([told('2027-01-20', 'order-id:1', { kind: 'refunded' })]);
  t.is(askAgain(world, '2027-01-21', 'B'), '{"outcome":"revoked"}');
  t.true(
    world.flags.includes(
      'revoked-but-paid: Order B asks for a charge of subscription S, whose license of pro is revoked: it was answered with an error',
    ),
  );
  t.is(world.found.rebills.length, 0);
});

test('a rebill request of a license that has ended is refused as ended, and no flag says that it was answered', (t) => {
  const world = subscribed();
  world.tell([told('2027-01-20', S, { kind: 'deactivated', on: '2027-01-20' })]);
  t.is(askAgain(world, '2027-01-21', 'B'), '{"outcome":"ended"}');
  t.true(
    world.flags.includes(
      'revoked-but-paid: Order B asks for a charge of subscription S, whose license of pro is ended: it was answered with an error',
    ),
  );
  world.wait('2027-01-23');
  t.deepEqual(
    world.flags.filter((flag) => flag.includes('was answered, but')),
    [],
  );
});

test('a refused rebill request has one flag, which says what is known of its charge too', (t) => {
  const ended = () => {
    const world = subscribed();
    world.tell([told('2027-01-20', S, { kind: 'deactivated', on: '2027-01-20' })]);
    askAgain(world, '2027-01-21', 'B');
    return world;
  };
  const about = ({ flags }: World) => flags.filter((flag) => /Order B|A charge/.test(flag));
  const refused = 'The license request of order B was answered with an error';
  const unheard = ended();
  t.is(about(unheard).length, 1);
  unheard.wait('2027-01-23');
  t.deepEqual(about(unheard), [
    `assumed-unconfirmed: Order B of subscription S: a license was asked for, but no event reports the charge. ${refused}`,
  ]);
  const paid = `revoked-but-paid: A charge of subscription S was paid, and its license of pro is ended. ${refused}`;
  for (const world of [unheard, ended()]) {
    pay(world, '2027-01-21', '2027-03-01', 'B');
    t.deepEqual(about(world), [paid]);
    world.wait('2027-01-25');
    t.deepEqual(about(world), [paid], 'it is not raised again');
  }
  const settled = ended();
  settled.settle('act:revoked-but-paid:B', 'Ada: seen');
  pay(settled, '2027-01-21', '2027-03-01', 'B');
  t.deepEqual(about(settled), [paid.replace(`. ${refused}`, '')], 'control: a person has seen the refusal');
});

test('fault 21: a rebill for more units than known gets no 200 and is flagged, until an event reports the units', (t) => {
  const world = subscribed();
  t.is(askAgain(world, '2027-02-01', 'B', 'pro', 2), '{"outcome":"too many units","known":1}');
  t.deepEqual(
    world.flagKinds.filter((kind) => kind === 'too-many-units'),
    ['too-many-units'],
  );
  pay(world, '2027-02-01', '2027-03-01', 'B', { covers: covers('pro', 2) });
  t.is(askAgain(world, '2027-02-02', 'B', 'pro', 2), 'repeated pro/0 2027-03-04, pro/0 2027-03-04');
});

test('a rebill for fewer units gets the first units, and seats are one license', (t) => {
  const world = subscribed('pro', 3);
  pay(world, '2027-02-01', '2027-03-01', 'B');
  t.is(askAgain(world, '2027-02-01', 'B', 'pro', 2), 'repeated pro/0 2027-03-04, pro/1 2027-03-04');
  const team = subscribed('team', 3);
  pay(team, '2027-02-01', '2027-03-01', 'B');
  t.is(askAgain(team, '2027-02-01', 'B', 'team', 5), 'repeated team/0 2027-03-04');
});

test('a rebill with one revoked unit gets the other units', (t) => {
  const world = subscribed('pro', 2);
  world.decide(told('2027-01-20', licenseSubject(world.records[0]!.id), { kind: 'withdrawn' }));
  pay(world, '2027-02-01', '2027-03-01', 'B');
  t.is(askAgain(world, '2027-02-01', 'B'), 'repeated pro/1 2027-03-04');
});

test('a rebill for all units gets the codes of those that are not revoked, and is flagged', (t) => {
  const revoked = (unit: number) => {
    const world = subscribed('pro', 3);
    world.decide(told('2027-01-20', licenseSubject(world.records[unit]!.id), { kind: 'withdrawn' }));
    return world;
  };
  const world = revoked(1);
  t.is(askAgain(world, '2027-02-01', 'B', 'pro', 3), 'repeated pro/0 2027-03-04, pro/2 2027-03-04');
  const flag =
    'revoked-but-paid: Order B asks for a charge of subscription S, whose license of pro is for 2 units, and 3 were asked for: the codes of those were sent';
  t.true(world.flags.includes(flag));
  t.is(askAgain(world, '2027-02-02', 'B', 'pro', 3), 'repeated pro/0 2027-03-04, pro/2 2027-03-04');
  pay(world, '2027-02-03', '2028-02-01', 'B');
  t.true(world.flags.includes(flag), 'the charge does not settle it');
  t.deepEqual(
    world.flags.filter((one) => one.includes('answered with an error')),
    [],
  );
  t.is(askAgain(revoked(1), '2027-02-01', 'B', 'pro', 4), '{"outcome":"too many units","known":2}');
  for (const product of ['pro', 'strict']) {
    const fewer = subscribed(product, 3);
    fewer.tell([told('2027-01-20', S, { kind: 'resized', product, quantity: 2, line: product })]);
    const outcome = '{"outcome":"too many units","known":2}';
    t.is(askAgain(fewer, '2027-02-01', 'B', product, 3), outcome, 'the subscription left one');
  }
});

test('a rebill before its event gets the codes of the units whose money did not go back', (t) => {
  const world = subscribed('pro', 3);
  world.tell([told('2027-01-20', 'order:A', { kind: 'returned', product: 'pro', quantity: 1 })]);
  t.is(live(world).length, 2);
  t.is(askAgain(world, '2027-02-01', 'B', 'pro', 3), 'repeated pro/0 2027-03-04, pro/1 2027-03-04');
});

test('fault 17: a request for another product of a known subscription gets its own license, and its repeat the same', (t) => {
  const world = subscribed();
  t.is(askAgain(world, '2027-01-10', 'B', 'basic'), 'issued basic/0 2027-02-04');
  pay(world, '2027-01-10', '2027-02-01', 'B', { covers: covers('basic'), part: 'proration' });
  pay(world, '2027-02-01', '2027-03-01', 'C', { covers: covers('basic') });
  t.is(askAgain(world, '2027-02-02', 'B', 'basic'), 'repeated basic/0 2027-02-04');
  t.is(askAgain(world, '2027-02-02', 'C', 'basic'), 'repeated basic/0 2027-03-04');
});

test('fault 22: a plain request whose order is a known charge is answered as a rebill', (t) => {
  const world = subscribed();
  pay(world, '2027-02-01', '2027-03-01', 'B');
  t.is(ask(world, 'B', 'pro'), 'repeated pro/0 2027-03-04');
  t.is(world.records.length, 1);
  t.is(ask(world, 'B', 'basic'), 'issued basic/0 2027-03-04', 'another product is a sale of its own');
});

test('an unknown subscription begins with the request that names it', (t) => {
  const world = begin();
  t.is(askAgain(world, BEGUN, 'A'), 'issued pro/0 2027-02-04');
  t.is(world.records[0]?.subscription, 'S');
  t.is(world.found.facts.filter(({ body }) => body.kind === 'asked').length, 0, 'it is no further charge');
});

test('fault 54: after a reissue the order’s repeat gets the successor’s code, always the same one', (t) => {
  const world = subscribed();
  const [license] = world.records;
  if (license === undefined) return t.fail();
  world.now = at('2027-01-10');
  world.reissue(license.id, told('2027-01-10', licenseSubject(license.id), { kind: 'withdrawn' }));
  const answer = () => {
    const result = world.ask({ order: 'A', product: 'pro', line: 'pro' });
    return 'held' in result ? result.held.licenses.map(({ answer: given }) => given?.code) : [];
  };
  t.deepEqual(answer(), [world.records[1]?.code]);
  t.is(world.records[1]?.handed, world.records[1]?.revision, 'its code was handed out with it');
  const first = answer();
  pay(world, '2027-02-01', '2027-03-01', 'B');
  t.deepEqual(answer(), first);
  t.is(askAgain(world, '2027-02-01', 'B'), 'repeated pro/0 2027-03-04');
});

test('the answer names the customer of the order: the first known, none, or none after erasure', (t) => {
  const [ada, eve] = [
    { name: 'Ada', email: undefined },
    { name: undefined, email: 'eve@example.com' },
  ];
  const holder = (
    world: World,
    order: string,
    customer: typeof ada | typeof eve | { name: undefined; email: undefined },
  ) => {
    const result = world.ask({ order, product: 'pro', line: 'pro', customer });
    return 'held' in result ? result.held.customer : 'none';
  };
  const nobody = { name: undefined, email: undefined };
  const world = begin();
  t.deepEqual(holder(world, 'A', ada), ada);
  t.deepEqual(holder(world, 'A', eve), ada);
  t.deepEqual(holder(world, 'B', nobody), nobody);
  world.tell([told(BEGUN, 'order:C', sold('pro'))]);
  t.deepEqual(holder(world, 'C', eve), eve);
  world.erase('A');
  t.is(holder(world, 'A', ada), undefined);
});

test('a person who was erased is not named again by a request for another line, or another product of the subscription', (t) => {
  const named = (isErased: boolean) => {
    const world = subscribed('pro');
    if (isErased) world.erase('A');
    ask(world, 'A', 'basic');
    askAgain(world, '2027-01-05', 'B', 'team');
    // Both lines are issued by the event, which names nobody.
    world.tell([told(BEGUN, 'order:C', sold('pro')), told(BEGUN, 'order:C', sold('strict'), 'second')]);
    ask(world, 'C', 'pro');
    if (isErased) world.erase('C');
    ask(world, 'C', 'strict');
    return world.records.map(({ order, product, holder }) => `${order} ${product} ${holder?.name}`).sort();
  };
  const units = ['A basic', 'A pro', 'C pro', 'C strict', 'subscription:S team'];
  t.deepEqual(
    named(true),
    units.map((unit) => `${unit} undefined`),
  );
  t.deepEqual(
    named(false),
    units.map((unit) => `${unit} Ada`),
    'the control',
  );
});

test('a request for another line or product is another sale', (t) => {
  const world = begin();
  ask(world, 'A', 'pro');
  t.is(ask(world, 'A', 'basic'), 'issued basic/0 2027-02-04');
  t.is(shown(world.ask({ order: 'A', product: 'pro', line: 'year' })), 'issued year/0 2027-02-04');
  const old = begin();
  old.ask({ order: 'A', product: 'pro', line: '' });
  t.is(ask(old, 'A', 'pro'), 'repeated /0 2027-02-04', 'licenses without a line are of any');
});

test('a rebill with some suspended units is answered for the other units, without a revoked-but-paid flag', (t) => {
  const world = subscribed('pro', 2);
  world.decide(told('2027-01-20', licenseSubject(world.records[0]!.id), { kind: 'withdrawn' }));
  world.decide(told('2027-01-20', licenseSubject(world.records[1]!.id), { kind: 'stopped' }));
  t.is(askAgain(world, '2027-02-01', 'B'), '{"outcome":"suspended"}');
});

test('a repeated rebill is answered for the same unit again', (t) => {
  const world = subscribed('pro', 2);
  pay(world, '2027-02-01', '2027-03-01', 'B');
  t.is(askAgain(world, '2027-02-01', 'B', 'pro', 1), 'repeated pro/0 2027-03-04');
  t.is(askAgain(world, '2027-02-02', 'B', 'pro', 1), 'repeated pro/0 2027-03-04');
  t.is(askAgain(world, '2027-02-02', 'B', 'pro', 2), '{"outcome":"conflict","heldQuantity":1}');
  t.is(world.found.rebills.length, 1);
});

test('a subscription’s request belongs to that subscription, also beside other subscriptions', (t) => {
  const world = subscribed();
  const linked: FactBody = { kind: 'linked', subscription: 'T', product: 'pro', line: 'pro' };
  ask(world, 'T1', 'pro', 1, { subscription: 'T', facts: [told(BEGUN, 'order:T1', linked)] });
  world.tell([told(BEGUN, 'order:T2', tie('subscription:T'), 'tie T2')]);
  t.is(ask(world, 'T2', 'pro'), 'repeated pro/0 2027-02-04');
  t.deepEqual(
    world.found.rebills.map(({ number }) => number),
    [2],
  );
});

test('a request for fewer units than were told, before any answer, gets them all, and so does its repeat', (t) => {
  const world = begin();
  world.tell([told(BEGUN, 'order:A', sold('pro', { quantity: 2 }))]);
  t.is(ask(world, 'A', 'pro', 1), 'repeated pro/0 2027-02-04, pro/1 2027-02-04');
  t.is(ask(world, 'A', 'pro', 1), 'repeated pro/0 2027-02-04, pro/1 2027-02-04');
  t.is(ask(world, 'A', 'pro', 3), '{"outcome":"conflict","heldQuantity":1}');
  t.deepEqual(world.flagKinds, ['differs'], 'request and event disagree; nothing is undelivered');
});

for (const isTold of [true, false])
  test(`a first request of a suspended license, ${isTold ? 'issued by its event' : 'not known yet'}, is refused and flagged, and answered once it is lifted`, (t) => {
    const world = begin();
    if (isTold) world.tell([told(BEGUN, 'order:A', sold('pro'))]);
    world.tell([told(BEGUN, 'order:A', { kind: 'disputed' })]);
    t.is(ask(world, 'A', 'pro'), '{"outcome":"suspended"}');
    t.like(world.records, [{ order: 'A', state: 'suspended', answer: null, handed: null, customer: 1 }]);
    t.is(ask(world, 'A', 'pro'), '{"outcome":"suspended"}');
    t.deepEqual(world.flags, [
      'revoked-but-paid: Order A asks for its license of pro, which is suspended: it was answered with an error',
    ]);
    world.tell([told(BEGUN, 'order:A', { kind: 'dispute-won' })]);
    t.is(ask(world, 'A', 'pro'), 'repeated pro/0 2027-02-04');
    t.deepEqual(world.flags, []);
    t.is(world.found.flags[0]?.settledBy, 'by itself: the request was answered');
    world.tell([told('2027-01-02', 'order:A', { kind: 'disputed' }, 'again')]);
    t.is(world.records[0]?.state, 'suspended');
    t.is(ask(world, 'A', 'pro'), 'repeated pro/0 2027-02-04', 'a repeat gets the same bytes');
    t.is(world.records.length, 1);
  });
