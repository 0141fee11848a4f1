/** Decisions of events, operators and time. */
import test from 'ava';
import { decideEvent, decideFacts, decideReissue } from '../../src/domain/decide.ts';
import type { Fact, FactBody, Subject } from '../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../src/domain/facts/license-subject.ts';
import { UNMARKED_REQUEST } from '../../src/domain/values/causes.ts';
import { productOf } from '../kit/product.ts';
import { covers, dated, paid, repaid, sold, tie, told } from '../kit/telling.ts';
import { at, PLAIN_MINTER, World } from '../kit/world.ts';

const BEGUN = '2027-01-01';
const S = 'subscription:S';
const PRODUCTS = [
  productOf({ id: 'pro', term: 'P1M', grace: 'P3D' }),
  productOf({ id: 'app', term: 'perpetual' }),
];

function begin(): World {
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'A', product: 'app', line: 'app' });
  return world;
}
const decide = (
  world: World,
  facts: readonly Fact[],
  more: Partial<Parameters<typeof decideEvent>[1]> = {},
) => decideEvent(world.found, { facts, codes: [], people: [], ...more }, world.rules, world.now);
const codeWith = (world: World, revision: number, place = 0) => {
  const { identity, entitlement } = JSON.parse(world.records[place]?.code ?? '');
  return PLAIN_MINTER.mint(identity, entitlement, revision).code;
};

test('fault 65: an event about nothing in the ledger is unmatched', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  const outcome = (...facts: Fact[]) => decide(world, facts).result.outcome;
  t.is(outcome(told(BEGUN, 'order:X', { kind: 'refunded' })), 'unmatched');
  t.is(outcome(told(BEGUN, 'order:X', sold(null))), 'applied', 'a sale is known from now on');
  t.is(outcome(), 'applied', 'it tells nothing');
  t.is(decide(begin(), [told(BEGUN, 'order:A', { kind: 'disputed' })]).result.outcome, 'applied');
});

test('fault 65: one fact is one line of the history, even under several names', (t) => {
  const world = begin();
  world.now = at('2027-01-02');
  world.tell([
    told(BEGUN, 'order-id:1', tie('order:A')),
    told('2027-01-02', 'order:A', repaid(5), 'return 1'),
    told('2027-01-02', 'order-id:1', repaid(5), 'return 1'),
  ]);
  t.deepEqual(
    world.history.map(({ cause }) => cause),
    ['alias 2027-01-01; repaid 2027-01-02'],
  );
  world.tell([told('2027-01-02', 'order:A', repaid(5), 'return 1')]);
  t.is(world.history.length, 1, 'and a repeat adds none');
});

test('fault 1, 65: a return reported under two names of one order counts once', (t) => {
  const world = begin();
  world.tell([
    told(BEGUN, 'order-id:1', tie('order:A')),
    told(BEGUN, 'order:A', { kind: 'charged', total: 10, currency: 'EUR' }),
    told('2027-01-02', 'order:A', repaid(5), 'return 1'),
    told('2027-01-02', 'order-id:1', repaid(5), 'return 1'),
  ]);
  t.is(world.records[0]?.state, 'active');
});

test('facts of the other mode are not decided here', (t) => {
  const world = begin();
  world.tell([{ ...told(BEGUN, 'order:A', { kind: 'refunded' }), mode: 'test' }]);
  t.is(world.records[0]?.state, 'active');
  t.is(world.found.facts.length, 0);
});

const testOrder = told('2027-01-02', 'order:A', { kind: 'voided', test: true });

test('fault 44: a test order voids the license of a request that did not tell test from live', (t) => {
  const unmarked = () => {
    const world = new World(PRODUCTS, at(BEGUN));
    const order = {
      marketplace: 'fastspring',
      mode: 'live',
      order: 'A',
      product: 'app',
      line: 'app',
      quantity: 1,
      soldAt: at(BEGUN),
      customer: { name: undefined, email: undefined },
    } as const;
    world.issue({
      order,
      product: PRODUCTS[1]!,
      units: 'all',
      facts: [],
      at: at(BEGUN),
      cause: UNMARKED_REQUEST,
    });
    return world;
  };
  const world = unmarked();
  world.tell([testOrder]);
  t.is(world.records[0]?.state, 'revoked');
  t.deepEqual(world.flags, [
    'mode: Order A is a test order, but its request did not say so: its license is void',
  ]);
  for (const live of [sold('app'), { kind: 'charged', total: 9, currency: 'EUR' } as const]) {
    const named = unmarked();
    named.tell([told(BEGUN, 'order:A', live), testOrder]);
    t.is(named.records[0]?.state, 'active', 'a live event names that order');
    t.false(named.flagKinds.includes('mode'));
  }
  const marked = begin();
  marked.tell([testOrder]);
  t.is(marked.records[0]?.state, 'active', 'its request said that it is live');
});

test('fault 23: the receiver holds the license, and the buyer is kept beside', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  const nobody = { name: undefined, email: undefined };
  world.ask({ order: 'A', product: 'app', line: 'app', customer: nobody });
  const [ada, bob] = [
    { name: 'Ada', email: 'ada@example.com' },
    { name: 'Bob', email: 'bob@example.com' },
  ];
  const person = (subject: Subject, customer: typeof ada) => ({ subject, customer });
  const facts = [told(BEGUN, 'order-id:1', tie('order:A'))];
  const { changes, result } = decide(world, facts, {
    people: [person('order-id:1', bob), person('order:A', ada), person('order-id:2', ada)],
  });
  t.deepEqual(
    changes.touches.map(({ customer }) => customer),
    [bob],
  );
  t.deepEqual(result.others, [{ order: 'A', customers: [ada] }]);
});

test('fault 53: a marketplace’s code with a higher revision is learned and counts as handed out', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  world.tell([
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
    told(BEGUN, S, dated('2027-02-01')),
  ]);
  world.tell([told('2027-01-02', 'order:A', { kind: 'noted', note: 'seen' })], [codeWith(world, 4)]);
  t.like(world.records[0], { revision: 0, handed: 4 });
  world.tell([told('2027-02-01', S, paid('2027-03-01'))]);
  t.is(world.records[0]?.revision, 5);
  world.tell([told('2027-02-02', 'order:A', { kind: 'noted', note: 'seen again' })], [codeWith(world, 2)]);
  t.like(world.records[0], { revision: 5, handed: 4 });
});

test('fault 18: a code of a license under another name makes the two names aliases', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'id-7', product: 'app', line: 'app' });
  const sale = told(BEGUN, 'order:REF-7', sold('app'));
  t.is(decide(world, [sale]).changes.licenses.length, 1, 'the control: without its code it is another sale');
  world.tell([sale], [codeWith(world, 0)]);
  t.is(world.records.length, 1);
  world.tell([told('2027-01-02', 'order:REF-7', { kind: 'refunded' })]);
  t.is(world.records[0]?.state, 'revoked');
});

test('a code of the order’s own license, or of a subscription’s license, makes no alias', (t) => {
  const world = begin();
  world.tell([told(BEGUN, 'order:A', sold('app'))], [codeWith(world, 0)]);
  t.deepEqual(
    world.found.facts.map(({ body }) => body.kind),
    ['sold'],
  );
  const subscription = imported();
  const before = subscription.found.facts.length;
  subscription.tell([told(BEGUN, 'order:B', sold(null))], [codeWith(subscription, 0)]);
  t.is(subscription.found.facts.length, before + 1);
});

test('the result of an operator’s fact says whether a license changed', (t) => {
  const world = begin();
  const subject = licenseSubject(world.records[0]?.id ?? new Uint8Array());
  t.true(world.decide(told('2027-01-02', subject, { kind: 'stopped' })));
  t.false(world.decide(told('2027-01-02', subject, { kind: 'stopped' })), 'told before');
  t.false(world.decide(told('2027-01-03', subject, { kind: 'stopped' })), 'suspended already');
  t.true(world.decide(told('2027-01-04', subject, { kind: 'reinstated' })));
  t.is(world.records[0]?.state, 'active');
});

test('fault 37: a fact that issues a license is a change', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  world.tell([told(BEGUN, 'order:A', { ...sold(null), line: 'edu' })]);
  t.true(world.decide(told(BEGUN, 'order:A', { kind: 'mapped', line: 'edu', product: 'app' })));
  t.deepEqual(world.licenses, ['A/edu/app/0 active perpetual']);
});

test('fault 54: a reissue revokes the old license and issues a new one for the same unit and day of sale', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: 'pro', quantity: 2 });
  world.tell([
    told(BEGUN, 'order:A', sold('pro', { quantity: 2, subscription: 'S' })),
    told(BEGUN, S, paid('2027-02-01', { part: 'first' })),
  ]);
  const reissue = (place: number, day: string) => {
    const { id } = world.records[place]!;
    world.now = at(day);
    return world.reissue(id, told(day, licenseSubject(id), { kind: 'withdrawn' }));
  };
  world.decide(
    told('2027-01-05', licenseSubject(world.records[1]!.id), { kind: 'set-until', until: '2027-06-01' }),
  );
  const fresh = reissue(1, '2027-01-10');
  t.deepEqual(world.licenses, [
    'A/pro/pro/0 active 2027-02-04',
    'A/pro/pro/1 revoked 2027-06-01',
    'A/pro/pro/1#1 active 2027-06-01',
  ]);
  t.like(world.records[2], { id: fresh, terms: world.records[1]?.terms, subscription: 'S', customer: 1 });
  t.regex(world.records[2]?.cause ?? '', /^withdrawn 2027-01-10 \(in place of [0-9a-f-]{36}\)$/);
  t.is(PLAIN_MINTER.entitlementOf(world.records[2]?.firstCode ?? '').issued, BEGUN);
  reissue(2, '2027-01-11');
  t.deepEqual(world.licenses.slice(2), [
    'A/pro/pro/1#1 revoked 2027-06-01',
    'A/pro/pro/1#2 active 2027-06-01',
  ]);
  t.deepEqual(
    world.records.map(({ answer }) => answer?.quantity),
    [2, 2, 2, 2],
  );
  world.now = at('2027-02-01');
  world.tell([told('2027-02-01', S, paid('2027-03-01'))]);
  t.deepEqual(
    world.licenses.filter((license) => license.includes('active')),
    ['A/pro/pro/0 active 2027-03-04', 'A/pro/pro/1#2 active 2027-03-04'],
  );
});

test('the history of a replacement gives the reissue as the reason, also of what holds it at once', (t) => {
  for (const [kind, state] of [
    ['overdue', 'suspended'],
    ['refunded', 'revoked'],
  ] as const) {
    const world = new World(PRODUCTS, at(BEGUN));
    world.ask({ order: 'A', product: 'pro', line: 'pro' });
    world.tell([told(BEGUN, 'order:A', sold('pro', { subscription: 'S' }))]);
    world.tell([told('2027-01-02', kind === 'overdue' ? S : 'order:A', { kind })]);
    const { id } = world.records[0]!;
    const withdrawn = told('2027-01-03', licenseSubject(id), { kind: 'withdrawn' });
    world.reissue(id, { ...withdrawn, cause: 'reissue by ada: leaked' });
    const fresh = world.records[1];
    t.is(fresh?.state, state);
    const cause = fresh?.cause ?? '';
    t.regex(cause, /^reissue by ada: leaked \(in place of /);
    t.deepEqual(
      world.history.filter(({ number }) => number === fresh?.number).map((row) => row.cause),
      [`${cause}; what is known of the order`],
    );
  }
});

test('a reissue of a license that a request issued for another product of its subscription ends nothing', (t) => {
  const products = [...PRODUCTS, productOf({ id: 'basic', term: 'P1M', grace: 'P3D' })];
  const world = new World(products, at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  world.tell([
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
    told(BEGUN, S, paid('2027-02-01', { part: 'first' })),
  ]);
  const facts = [
    told('2027-01-05', S, { kind: 'asked', order: 'B', line: 'basic', product: 'basic', quantity: 1 }),
  ];
  world.now = at('2027-01-05');
  world.ask({ order: 'B', product: 'basic', line: 'basic' }, { subscription: 'S', facts });
  const { id } = world.records[1]!;
  world.now = at('2027-01-10');
  world.reissue(id, told('2027-01-10', licenseSubject(id), { kind: 'withdrawn' }));
  world.wait('2027-01-11');
  t.deepEqual(world.licenses, [
    'A/pro/pro/0 active 2027-02-04',
    'subscription:S/basic/basic/0 revoked 2027-02-04',
    'subscription:S/basic/basic/0#1 active 2027-02-04',
  ]);
});

test('a license that you revoked stays revoked when it is reissued, until you reinstate the new one', (t) => {
  const world = begin();
  const former = licenseSubject(world.records[0]!.id);
  world.decide(told('2027-01-02', former, { kind: 'withdrawn' }));
  world.reissue(world.records[0]!.id, told('2027-01-03', former, { kind: 'withdrawn' }, 'reissue'));
  t.deepEqual(world.licenses, ['A/app/app/0 revoked perpetual', 'A/app/app/0#1 revoked perpetual']);
  const fresh = licenseSubject(world.records[1]!.id);
  world.decide(told('2027-01-04', fresh, { kind: 'reinstated' }));
  t.deepEqual(world.licenses, ['A/app/app/0 revoked perpetual', 'A/app/app/0#1 active perpetual']);
  world.reissue(world.records[1]!.id, told('2027-01-05', fresh, { kind: 'withdrawn' }));
  t.is(world.licenses[2], 'A/app/app/0#2 active perpetual', 'what was undone before stays undone');
});

test('a decision about a license that was reissued meanwhile changes nothing, and is not kept', (t) => {
  const world = begin();
  const [former] = world.records;
  const subject = licenseSubject(former!.id);
  world.reissue(former!.id, told('2027-01-03', subject, { kind: 'withdrawn' }));
  const before = world.found.facts.length;
  const decisions: readonly FactBody[] = [
    ...(['reinstated', 'stopped', 'withdrawn'] as const).map((kind) => ({ kind })),
    ...(['set-until', 'set-updates'] as const).map((kind) => ({ kind, until: '2029-01-01' })),
  ];
  for (const body of decisions) t.false(world.decide(told('2027-01-04', subject, body)), body.kind);
  t.deepEqual(world.licenses, ['A/app/app/0 revoked perpetual', 'A/app/app/0#1 active perpetual']);
  t.is(world.found.facts.length, before);
  const fresh = licenseSubject(world.records[1]!.id);
  t.true(world.decide(told('2027-01-04', fresh, { kind: 'stopped' })), 'the control');
  world.decide(told('2027-01-05', subject, { kind: 'noted', note: 'kept' }));
  t.is(world.found.facts.length, before + 2, 'what is no decision is kept');
});

test('a reissue of an unrequested license has no answer', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  world.tell([told(BEGUN, 'order:A', sold('app'))]);
  const { id } = world.records[0]!;
  world.reissue(id, told('2027-01-02', licenseSubject(id), { kind: 'withdrawn' }));
  t.is(world.records[1]?.answer, null);
  t.throws(() => world.reissue(new Uint8Array(16), told(BEGUN, 'order:A', { kind: 'withdrawn' })), {
    instanceOf: TypeError,
  });
});

test('a change by time alone is dated to the day on which it was due', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  world.tell([
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
    told(BEGUN, S, { kind: 'canceled', last: '2027-01-20' }),
  ]);
  t.is(world.records[0]?.due, at('2027-01-21', 0));
  world.wait('2027-02-10');
  t.deepEqual(world.history.at(-1), {
    number: 1,
    at: at('2027-01-21', 0),
    cause: 'the day has come',
    state: 'ended',
  });
  t.is(world.records[0]?.due, null);
});

test('fault 56: within one millisecond the later state of a pair counts', (t) => {
  for (const [former, latter, state] of [
    [{ kind: 'reviewed' }, { kind: 'cleared' }, 'active'],
    [{ kind: 'disputed' }, { kind: 'dispute-won' }, 'active'],
    [{ kind: 'charged-back' }, { kind: 'dispute-won' }, 'active'],
    [sold('app'), { kind: 'voided' }, 'revoked'],
  ] as const) {
    for (const [a, b] of [
      ['1', '2'],
      ['2', '1'],
    ] as const) {
      const world = begin();
      world.tell([told('2027-01-02', 'order:A', latter, b), told('2027-01-02', 'order:A', former, a)]);
      t.is(world.records[0]?.state, state, `${former.kind}, ${latter.kind}`);
    }
  }
});

test('a license without further revisions can still be revoked, and its history says that it gets no further code', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  world.tell([
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
    told(BEGUN, licenseSubject(world.records[0]!.id), { kind: 'learned', revision: 65_534 }),
  ]);
  world.tell([told('2027-01-02', S, paid('2027-03-01'))]);
  t.is(world.records[0]?.revision, 65_535);
  world.tell([told('2027-02-01', S, paid('2027-04-01'))]);
  t.is(world.records[0]?.revision, 65_535);
  t.regex(world.history.at(-1)?.cause ?? '', /\(no further code: its revisions are used up\)$/);
  world.tell([told('2027-02-02', 'order:A', { kind: 'voided' })]);
  t.is(world.records[0]?.state, 'revoked');
});

/** A subscription known only from its first paid charge, without an order. */
function imported(): World {
  const world = new World(PRODUCTS, at(BEGUN));
  world.tell([told(BEGUN, S, paid('2027-02-01', { covers: covers('pro') }))]);
  return world;
}

test('an event about a subscription with a license and nothing else is applied', (t) => {
  const { result, changes } = decide(imported(), [told('2027-01-02', S, { kind: 'overdue' })]);
  t.is(result.outcome, 'applied');
  t.is(changes.changes[0]?.state, 'suspended');
});

test('a line with licenses keeps the product that it was sold as; other lines and facts stay as stated', (t) => {
  const world = begin();
  const bodyOf = (fact: Fact) => decide(world, [fact]).changes.facts[0]?.body;
  const asPro = (line: string) => sold('pro', { line });
  t.deepEqual(bodyOf(told(BEGUN, 'order:A', asPro('app'))), { ...asPro('app'), product: 'app' });
  t.deepEqual(bodyOf(told(BEGUN, 'order:A', asPro('else'))), asPro('else'));
  t.deepEqual(bodyOf(told(BEGUN, 'order:B', asPro('app'))), asPro('app'));
  const mapped: FactBody = { kind: 'mapped', line: 'app', product: 'pro' };
  t.deepEqual(bodyOf(told(BEGUN, 'order:A', mapped)), mapped);
  world.ask({ order: 'B', product: 'app', line: '' });
  t.deepEqual(bodyOf(told(BEGUN, 'order:B', asPro(''))), asPro(''), 'a line without a name is any line');
});

test('a code that the marketplace holds is a fact of its own license, once for each revision', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  world.tell([told(BEGUN, 'order:A', sold('app'), 'A'), told(BEGUN, 'order:B', sold('app'), 'B')]);
  const seen = told('2027-01-02', 'order:A', { kind: 'noted', note: 'seen' });
  const { facts, touches } = decide(world, [seen], { codes: [codeWith(world, 4)] }).changes;
  t.deepEqual(
    facts
      .filter(({ body }) => body.kind === 'learned')
      .map(({ subject, key, at: time, cause }) => [subject, key, time, cause]),
    [
      [
        licenseSubject(world.records[0]!.id),
        'learned:4',
        world.now,
        'a license code that the marketplace holds',
      ],
    ],
  );
  t.deepEqual(
    touches.filter(({ handed }) => handed !== undefined).map(({ number, handed }) => [number, handed]),
    [[1, 4]],
  );
  const first = decide(world, [seen], { codes: [codeWith(world, 0)] }).changes;
  t.deepEqual(
    first.touches.map(({ handed }) => handed),
    [0],
    'the first code counts as handed out too',
  );
  t.deepEqual(decide(begin(), [seen], { codes: [codeWith(begin(), 0)] }).changes.touches, [], 'as is known');
});

test('an alias joins a name with the order in the event’s sale, one key for each', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'id-7', product: 'app', line: 'app' });
  const facts = [told(BEGUN, S, dated('2027-02-01')), told(BEGUN, 'order:REF-7', sold('app'))];
  const tied = decide(world, facts, { codes: [codeWith(world, 0)] }).changes.facts.at(-1);
  t.like(tied, { subject: 'order:REF-7', key: 'same:id-7', body: { kind: 'alias', of: 'order:id-7' } });
});

test('a decision that changes one of several licenses, or only its code, is a change', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: 'pro', quantity: 2 });
  const until: FactBody = { kind: 'set-until', until: '2027-06-01' };
  t.true(world.decide(told('2027-01-02', licenseSubject(world.records[0]!.id), until)));
  t.is(world.records[0]?.state, 'active');
});

test('a repeated decision changes nothing', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  const canceled = told('2027-01-02', S, { kind: 'canceled', last: '2027-01-20' });
  world.tell([told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })), canceled]);
  const { changes, result } = decideFacts(world.found, [canceled], world.rules, at('2027-01-25'));
  t.false(result);
  t.deepEqual([changes.changes, changes.touches, changes.facts], [[], [], []]);
});

/** The changes of a reissue. */
function reissueOf(world: World, place: number, found = world.found) {
  const { id } = found.licenses[place]!;
  const fact = told('2027-01-10', licenseSubject(id), { kind: 'withdrawn' });
  return decideReissue(found, id, fact, world.rules).changes;
}

test('a reissue is numbered within its own unit and starts active', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: 'pro', quantity: 2 });
  const { id } = world.records[0]!;
  world.reissue(id, told('2027-01-05', licenseSubject(id), { kind: 'withdrawn' }));
  const changes = reissueOf(world, 1);
  t.like(changes.licenses[0], { reissue: 1, state: 'active' });
  t.deepEqual(
    changes.changes.map(({ number, state }) => [number, state]),
    [[2, 'revoked']],
  );
});

test('a reissue has the terms of its sale; without stored terms, the terms of today', (t) => {
  const world = begin();
  const sale = world.records[0]?.terms ?? '';
  world.change(productOf({ id: 'app', term: 'perpetual', refund: 'keep' }));
  t.is(reissueOf(world, 0).licenses[0]?.terms, sale);
  const without = { ...world.found, licenses: world.records.map((license) => ({ ...license, terms: null })) };
  t.is(reissueOf(world, 0, without).licenses[0]?.terms, world.rules.currentTerms('app')?.digest);
  const nothing = { ...world.rules, currentTerms: () => undefined };
  const { id } = world.records[0]!;
  const fact = told('2027-01-10', licenseSubject(id), { kind: 'withdrawn' });
  t.is(decideReissue(without, id, fact, nothing).changes.licenses[0]?.terms, '');
});

test('an operator’s decisions apply to a reissue; seen or mailed codes do not', (t) => {
  const world = begin();
  const subject = licenseSubject(world.records[0]!.id);
  for (const [day, body] of [
    ['2027-01-02', { kind: 'learned', revision: 3 }],
    ['2027-01-03', { kind: 'handed', revision: 3 }],
    ['2027-01-04', { kind: 'stopped' }],
  ] as const)
    world.decide(told(day, subject, body));
  const changes = reissueOf(world, 0);
  const fresh = licenseSubject(changes.licenses[0]!.minted.id);
  t.deepEqual(
    changes.facts.filter((fact) => fact.subject === fresh).map(({ key, body }) => [key, body.kind]),
    [[`stopped:${subject}:2027-01-04:1`, 'stopped']],
  );
});

test('a reissue of a license that was not loaded is refused', (t) => {
  const fact = told(BEGUN, 'order:A', { kind: 'withdrawn' });
  t.throws(() => begin().reissue(new Uint8Array(16), fact), { message: /not loaded/ });
});
