/** Contract: what the operator sees: flags, owed lines, lists of orders, due orders. */
import type { TestFn } from 'ava';
import { keptTermsOf } from '../../../src/catalog/kept-terms.ts';
import type { FactBody } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import type { OrderQuery } from '../../../src/domain/ports/ledger-views.ts';
import type { RaisedFlag } from '../../../src/domain/values/flag.ts';
import { eventOf, factOf, issueOf, issueTo, nameOf, soldEvent, soldProduct } from '../../kit/ledger-data.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';
import { type MakeDatabase, openEmpty } from './database.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FASTSPRING = { marketplace: 'fastspring', line: 'app' } as const;

export function deskContract(test: TestFn, makeDatabase: MakeDatabase): void {
  test('a flag is raised once, settled once by a person, and not raised again', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.ingest(soldEvent('R1', 'unknown', null));
    await ledger.ingest(soldEvent('R2', 'unknown', null));
    t.deepEqual(await ledger.countFlags(), { 'unknown-product': 1 });
    const [flag] = await ledger.findFlags({ limit: 9 });
    t.is(flag?.settledAt, null);
    t.is(await ledger.settleFlags([flag!.id, 999], SOLD_AT + DAY, 'ada: not ours'), 1);
    t.is(await ledger.settleFlags([flag!.id], SOLD_AT + DAY, 'again'), 0);
    await ledger.ingest(soldEvent('R3', 'unknown', null));
    t.deepEqual(await ledger.countFlags(), {});
    const settled = await ledger.findFlags({ settled: true, limit: 9 });
    t.deepEqual(
      settled.map(({ settledAt, settledBy }) => [settledAt, settledBy]),
      [[SOLD_AT + DAY, 'ada: not ours']],
    );
    t.deepEqual(await ledger.findFlags({ settled: false, limit: 9 }), []);
    t.is((await ledger.findFlags({ key: flag!.key, limit: 9 })).length, 1);
  });

  test('a flag that no order calls for is raised once, settles by itself, opens again, and stays settled by a person', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const flag = (reason: string, at = SOLD_AT): RaisedFlag => {
      const market = { marketplace: 'fastspring', mode: 'live' } as const;
      return {
        ...market,
        key: 'reconcile:lacking',
        kind: 'drift',
        reason,
        order: null,
        product: null,
        event: null,
        at,
      };
    };
    const open = async () =>
      (await ledger.findFlags({ settled: false, limit: 9 })).map(({ reason }) => reason);
    await ledger.noteFlag(flag('nothing yet'), false);
    t.deepEqual(await open(), []);
    await Promise.all([ledger.noteFlag(flag('one'), true), ledger.noteFlag(flag('two'), true)]);
    t.deepEqual(await ledger.countFlags(), { drift: 1 });
    await ledger.noteFlag(flag('gone', SOLD_AT + HOUR), false);
    const [settled] = await ledger.findFlags({ settled: true, limit: 9 });
    t.like(settled, { settledAt: SOLD_AT + HOUR, settledBy: 'by itself: its cause is gone' });
    await ledger.noteFlag(flag('again'), true);
    t.deepEqual(await open(), ['again']);
    const [again] = await ledger.findFlags({ settled: false, limit: 9 });
    await ledger.settleFlags([again!.id], SOLD_AT + DAY, 'ada: known');
    await ledger.noteFlag(flag('and again'), true);
    t.deepEqual(await open(), []);
  });

  test('an event with an unsettled flag is shown as flagged', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.keepFailed(soldEvent('R1'), 'a fault');
    t.deepEqual(
      (await ledger.findEvents({ flagged: true, limit: 9 })).map(({ id, flagged }) => [id, flagged]),
      [['sold R1', true]],
    );
    t.is(await ledger.ingest(soldEvent('R1')), 'applied');
    t.deepEqual(await ledger.findEvents({ flagged: true, limit: 9 }), [], 'its cause went away');
  });

  test('lines without licenses are owed under the marketplace’s name until a product file names them (28)', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.ingest(soldEvent('R1', 'unknown', null));
    await ledger.ingest(soldEvent('R2'));
    const owed = await ledger.findOwed('fastspring', 'unknown');
    t.deepEqual(
      owed.map(({ order, missing, product }) => [order, missing, product]),
      [['R1', 1, null]],
    );
    t.deepEqual(await ledger.findOwed('paddle-classic', 'unknown'), []);
    const mapped = { kind: 'mapped', line: 'unknown', product: 'app' } as const;
    await ledger.addFacts([factOf('order:R1', mapped)]);
    t.deepEqual(await ledger.findOwed('fastspring', 'unknown'), []);
    t.is((await ledger.find({ by: 'order', order: 'R1' })).length, 1);
  });

  test('a sale that names no product counts as undelivered until its flag is settled, and each such sale has its own', async (t) => {
    let now = SOLD_AT;
    const { ledger } = await openEmpty(t, makeDatabase, { now: () => now });
    const nameless = (order: string) =>
      ledger.ingest(
        eventOf(`paid ${order}`, [
          factOf(`order:${order}`, { kind: 'confirmed', quantity: 1, line: '', product: null }, { at: now }),
        ]),
      );
    const seen = async () => {
      const listed = await ledger.listOrders({ now, undelivered: true, limit: 9 });
      const { undelivered } = await ledger.countUndelivered(now);
      return [undelivered, ...listed.map(({ order }) => order)];
    };
    await nameless('A');
    await ledger.ingest(soldEvent('R1', 'unknown', null));
    t.deepEqual(await seen(), [0], 'an hour has not passed');
    now += 2 * HOUR;
    t.deepEqual(
      await seen(),
      [1, 'A'],
      'also before the flag is raised; a path has a flag for all its sales',
    );
    while ((await ledger.settleDue(now)) > 0);
    t.deepEqual(await seen(), [1, 'A']);
    const [flag] = await ledger.findFlags({ order: 'A', settled: false, limit: 9 });
    await ledger.settleFlags([flag!.id], now, 'ada: a mug');
    t.deepEqual(await seen(), [0]);
    await nameless('B');
    now += 2 * HOUR;
    while ((await ledger.settleDue(now)) > 0);
    t.deepEqual(await seen(), [1, 'B']);
    t.deepEqual(await ledger.countFlags(), { 'unknown-product': 1, undelivered: 1 });
  });

  test('a signed sale that cannot be read is an order that counts as undelivered until its flag is settled', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const unread: FactBody = { kind: 'noted', note: 'it cannot be read', flag: true, why: 'undelivered' };
    await ledger.ingest(eventOf('e1', [factOf('order:A', unread)]));
    const seen = async (undelivered: boolean) =>
      (await ledger.listOrders({ now: SOLD_AT, undelivered, limit: 9 })).map(({ order }) => order);
    t.deepEqual([await seen(false), await seen(true)], [['A'], ['A']]);
    t.is((await ledger.countUndelivered(SOLD_AT)).undelivered, 1);
    const [flag] = await ledger.findFlags({ order: 'A', settled: false, limit: 9 });
    await ledger.settleFlags([flag!.id], SOLD_AT, 'ada: issued by hand');
    t.deepEqual([await seen(false), await seen(true)], [['A'], []]);
    t.is((await ledger.countUndelivered(SOLD_AT)).undelivered, 0);
  });

  test('the flag of a path counts the orders that no file names, and no others', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const failed = { kind: 'sold', product: 'app', quantity: 1, line: 'unknown', failed: true } as const;
    await ledger.ingest(eventOf('e1', [factOf('order:R1', failed)]));
    await ledger.ingest(soldEvent('R2', 'unknown', null));
    const [flag] = await ledger.findFlags({ kind: 'unknown-product', limit: 9 });
    t.regex(flag?.reason ?? '', /^unknown was sold in one order while/);
  });

  test('orders are listed by each filter, the newest first', async (t) => {
    let now = SOLD_AT;
    const { ledger } = await openEmpty(t, makeDatabase, { now: () => now });
    await ledger.issue(issueOf({ order: 'paddle', quantity: 2 }, { at: now }));
    now += DAY;
    await ledger.issue(issueOf({ order: 'a test', mode: 'test', product: 'app2' }, { at: now }));
    now += DAY;
    await ledger.ingest(soldEvent('undelivered'));
    now += DAY;
    await ledger.ingest(soldEvent('unknown', 'unknown', null));
    now += DAY;
    await ledger.ingest(soldEvent('refunded'));
    await ledger.ingest(eventOf('back', [factOf('order:refunded', { kind: 'refunded' })]));
    const list = async (query: Partial<OrderQuery>) =>
      (await ledger.listOrders({ now: now + DAY, limit: 99, ...query })).map(({ order }) => order);
    t.deepEqual((await list({})).slice().sort(), ['a test', 'paddle', 'refunded', 'undelivered', 'unknown']);
    t.deepEqual(await list({ marketplace: 'paddle-classic', mode: 'live' }), ['paddle']);
    t.deepEqual(await list({ product: 'app2' }), ['a test']);
    t.deepEqual(await list({ mode: 'test' }), ['a test']);
    t.deepEqual(await list({ state: 'revoked' }), ['refunded']);
    t.deepEqual(await list({ undelivered: true }), ['undelivered']);
    t.deepEqual(await list({ since: SOLD_AT + DAY, marketplace: 'paddle-classic' }), ['a test']);
    t.deepEqual((await list({ expiringBefore: '2027-12-06', state: 'active' })).sort(), [
      'a test',
      'paddle',
      'undelivered',
    ]);
    t.deepEqual(await list({ expiringBefore: '2027-01-01' }), []);
    t.is((await list({ limit: 2 })).length, 2);
    const [paddle] = await ledger.listOrders({ now, limit: 9, marketplace: 'paddle-classic', mode: 'live' });
    t.deepEqual(
      [
        paddle?.licenses,
        paddle?.undelivered,
        paddle?.unmailed,
        paddle?.missing,
        paddle?.lastValid,
        paddle?.customer.name,
      ],
      [{ active: 2, suspended: 0, revoked: 0, ended: 0 }, 0, 0, 0, '2027-12-05', 'Ada Byron'],
    );
    t.deepEqual(await ledger.countUndelivered(now + DAY), { undelivered: 1, unmailed: 0 });
    t.deepEqual(await ledger.countUndelivered(SOLD_AT), { undelivered: 0, unmailed: 0 });
  });

  test('a line of an order shows the earliest last valid day of its licenses, and no name of an erased customer', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    for (const order of ['R1', 'R2', 'R3']) {
      await ledger.issue(issueOf({ ...FASTSPRING, order, quantity: 2 }));
      const stories = await ledger.find({ by: 'order', order });
      const place = order === 'R1' ? 0 : 1;
      const until = order === 'R3' ? '2028-06-01' : '2027-06-01';
      await ledger.addFacts([factOf(licenseSubject(stories[place]!.id), { kind: 'set-until', until })]);
    }
    await ledger.eraseCustomer(nameOf('R2', { marketplace: 'fastspring' }));
    const lines = await ledger.listOrders({ now: SOLD_AT, limit: 9 });
    const shown = lines.map(({ order, lastValid, customer }) => `${order} ${lastValid} ${customer.name}`);
    t.deepEqual(shown.sort(), [
      'R1 2027-06-01 Ada Byron',
      'R2 2027-06-01 undefined',
      'R3 2027-12-05 Ada Byron',
    ]);
    t.is((await ledger.listOrders({ now: SOLD_AT, limit: 1, state: 'active' })).length, 1);
  });

  test('a reissue leaves an order on its day, and out of the list of revoked ones', async (t) => {
    let now = SOLD_AT;
    const { ledger } = await openEmpty(t, makeDatabase, { now: () => now });
    for (const order of ['reissued', 'revoked', 'newest']) {
      await ledger.issue(issueOf({ ...FASTSPRING, order }, { at: now }));
      now += DAY;
    }
    const list = async (query: Partial<OrderQuery>) =>
      (await ledger.listOrders({ now, limit: 9, ...query })).map(({ order }) => order);
    const withdraw = async (order: string, act: 'addFacts' | 'reissue') => {
      const [license] = await ledger.find({ by: 'order', order });
      const fact = factOf(licenseSubject(license!.id), { kind: 'withdrawn' }, { at: now });
      return act === 'reissue' ? ledger.reissue(license!.id, fact) : ledger.addFacts([fact]);
    };
    await withdraw('reissued', 'reissue');
    await withdraw('revoked', 'addFacts');
    t.deepEqual(await list({}), ['newest', 'revoked', 'reissued']);
    t.deepEqual(await list({ limit: 1 }), ['newest']);
    t.deepEqual(await list({ since: SOLD_AT + DAY }), ['newest', 'revoked']);
    t.deepEqual(await list({ since: SOLD_AT }), ['newest', 'revoked', 'reissued'], 'the control');
    t.deepEqual(await list({ state: 'revoked' }), ['revoked'], 'the unit of the other has a license');
    t.deepEqual(await list({ state: 'active' }), ['newest', 'reissued']);
    t.deepEqual(await list({ state: 'active', limit: 1 }), ['newest']);
    const [, , first] = await ledger.listOrders({ now, limit: 9 });
    t.is(first?.at, SOLD_AT);
    await withdraw('reissued', 'addFacts');
    t.deepEqual(
      await list({ state: 'revoked' }),
      ['revoked'],
      'the former license was meant, which changes nothing',
    );
  });

  test('an order whose renewed code was not handed out is unmailed (32)', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.issue(issueOf({ ...FASTSPRING, order: 'R1' }));
    const unmailed = () => ledger.listOrders({ now: SOLD_AT + DAY, limit: 9, unmailed: true });
    t.deepEqual(await unmailed(), []);
    await ledger.addFacts([factOf('order:R1', { kind: 'set-until', until: '2029-01-01' })]);
    t.deepEqual(
      (await unmailed()).map(({ order, unmailed: licenses }) => [order, licenses]),
      [['R1', 1]],
    );
    t.deepEqual(await ledger.countUndelivered(SOLD_AT + DAY), { undelivered: 0, unmailed: 1 });
  });

  test('a reissued code that nobody got is unmailed until a repeat of the request, or the seller, hands it out', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const now = SOLD_AT + DAY;
    const unmailed = async () =>
      (await ledger.listOrders({ now, limit: 9, unmailed: true })).map(({ order }) => order);
    const reissue = async (order: string) => {
      const [license] = await ledger.find({ by: 'order', order });
      const subject = licenseSubject(license!.id);
      return ledger.reissue(license!.id, factOf(subject, { kind: 'withdrawn' }));
    };
    const issue = issueOf({ ...FASTSPRING, order: 'R1' });
    await ledger.issue(issue);
    await ledger.issue(issueOf({ ...FASTSPRING, order: 'R2' }));
    t.deepEqual(await unmailed(), []);
    await reissue('R1');
    const id = await reissue('R2');
    t.deepEqual([...(await unmailed())].sort(), ['R1', 'R2']);
    t.deepEqual(await ledger.countUndelivered(now), { undelivered: 0, unmailed: 2 });
    const again = await issueTo(ledger, issue);
    t.deepEqual(await unmailed(), ['R2'], 'the repeat of R1 was answered with the new code');
    t.is(again.held.licenses[0].answer?.code, (await ledger.find({ by: 'order', order: 'R1' })).at(-1)?.code);
    await ledger.addFacts([factOf(licenseSubject(id), { kind: 'handed', revision: 0 })]);
    t.deepEqual(await unmailed(), []);
    await ledger.ingest(soldEvent('R3'));
    await reissue('R3');
    t.deepEqual(
      await ledger.countUndelivered(now),
      { undelivered: 1, unmailed: 0 },
      'nobody ever had a code of it',
    );
  });

  test('a reissued code of a unit that is asked for alone is unmailed until the reply with it was sent', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const count = async () => (await ledger.countUndelivered(SOLD_AT + DAY)).unmailed;
    const order = { ...FASTSPRING, order: 'R1' };
    const key = issueOf(order).order;
    for (const unit of [0, 1]) {
      await ledger.issue(issueOf(order, { units: unit }));
      await ledger.noteDelivery(key, unit, SOLD_AT + 2000);
    }
    const [, second] = await ledger.find({ by: 'order', order: 'R1' });
    await ledger.reissue(second!.id, factOf(licenseSubject(second!.id), { kind: 'withdrawn' }));
    t.is(await count(), 1);
    await ledger.noteDelivery(key, 0, SOLD_AT + 3000);
    t.is(await count(), 1, 'the other unit');
    await ledger.noteDelivery(key, 1, SOLD_AT + 3000);
    t.is(await count(), 0);
  });

  test('the story of an order has all that is known of the order and of its subscription', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const line = { kind: 'sold', product: 'app', quantity: 1, line: 'app', subscription: 's' } as const;
    await ledger.ingest(eventOf('e1', [factOf('order:R1', line)]));
    await ledger.ingest(eventOf('e2', [factOf('subscription:s', { kind: 'overdue' })]));
    await ledger.ingest(soldEvent('R2'));
    const story = await ledger.showOrder('R1');
    t.deepEqual(story.facts.map(({ body }) => body.kind).sort(), ['overdue', 'sold']);
    t.deepEqual(
      story.licenses.map(({ order, state }) => [order, state]),
      [['R1', 'suspended']],
    );
    t.deepEqual(await ledger.showOrder('unknown'), { licenses: [], owed: [], facts: [], flags: [] });
  });

  test('a due change is applied once, in any process, with its due day as its date', async (t) => {
    const { ledger, open } = await openEmpty(t, makeDatabase);
    for (const order of ['R1', 'R2']) await ledger.ingest(soldEvent(order));
    await ledger.addFacts([factOf('order:R1', { kind: 'canceled', last: '2026-12-31' })]);
    const stateAt = async (day: string) => {
      const now = Date.parse(`${day}T12:00:00Z`);
      const second = await open();
      while ((await Promise.all([ledger.settleDue(now), second.settleDue(now)])).some((done) => done > 0));
      return (await ledger.find({ by: 'order', order: 'R1' })).map(({ state }) => state).join();
    };
    t.is(await stateAt('2026-12-31'), 'active');
    const before = (await ledger.find({ by: 'order', order: 'R1' }))[0]!.history.length;
    const states = [await stateAt('2027-01-20'), await stateAt('2027-02-20')];
    t.is(states[1], 'ended');
    const after = (await ledger.find({ by: 'order', order: 'R1' }))[0]!.history;
    t.is(after.length, before + 1, 'one line, however often it was settled');
    t.true(after.at(-1)!.at < Date.parse('2027-01-20T00:00:00Z'), 'dated its own day');
    t.deepEqual(
      (await ledger.find({ by: 'order', order: 'R2' })).map(({ state }) => state),
      ['active'],
    );
    t.is(await ledger.settleDue(Date.parse('2027-02-20T12:00:00Z')), 0);
  });

  test('settleDue flags a unit that was not handed out for an hour', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.ingest(soldEvent('R1'));
    const settleAt = async (now: number) => {
      while ((await ledger.settleDue(now)) > 0);
      return ledger.countFlags();
    };
    t.deepEqual(await settleAt(SOLD_AT + HOUR / 2), {});
    const late = await settleAt(SOLD_AT + 400 * DAY);
    t.is(late.undelivered, 1);
  });

  test('terms are kept and counted by license, and a fact changes the terms of an order', async (t) => {
    const products = [soldProduct('app')];
    const { ledger } = await openEmpty(t, makeDatabase, { products });
    const old = keptTermsOf(products[0]!);
    t.deepEqual(await ledger.findTerms(old.digest), old.terms);
    t.is(await ledger.findTerms('00'.repeat(32)), undefined);
    for (const order of ['1', '2']) await ledger.issue(issueOf({ order }));
    t.deepEqual(await ledger.countTerms(), [{ product: 'app', digest: old.digest, licenses: 2 }]);
    t.deepEqual(await ledger.soldTerms(), [{ product: 'app', digest: old.digest }]);
    const fresh = keptTermsOf(soldProduct('app', { refund: 'keep' }));
    await ledger.keepTerms(fresh);
    const others = async () =>
      (await ledger.findOtherTerms('app', fresh.digest, 9)).map(({ order }) => order);
    t.deepEqual(await others(), ['1', '2']);
    t.is((await ledger.soldTerms()).length, 1, 'kept, and nothing was sold under them yet');
    const termed = { kind: 'termed', product: 'app', terms: fresh.digest } as const;
    await ledger.addFacts([factOf('order:1', termed, { marketplace: 'paddle-classic' })]);
    t.deepEqual(await others(), ['2']);
    t.deepEqual(
      (await ledger.countTerms()).map(({ digest, licenses }) => [digest, licenses]).sort(),
      [
        [old.digest, 1],
        [fresh.digest, 1],
      ].sort(),
    );
    t.deepEqual(
      (await ledger.soldTerms()).map(({ digest }) => digest),
      [old.digest, fresh.digest].sort(),
      'an order that was moved was sold under the old ones all the same',
    );
  });

  test('a list of orders has the newest orders first, up to its limit', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    for (const [place, order] of ['1', '2', '3'].entries()) {
      await ledger.issue(issueOf({ order }, { at: SOLD_AT + place }));
    }
    const listed = async (limit: number) =>
      (await ledger.listOrders({ limit, now: SOLD_AT })).map(({ order }) => order);
    t.deepEqual(await listed(2), ['3', '2']);
    t.deepEqual(await listed(9), ['3', '2', '1']);
  });
}
