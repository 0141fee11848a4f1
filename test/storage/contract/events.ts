/** Contract: each event and each fact is kept once and applied once, in any order. */
import type { TestFn } from 'ava';
import type { FactBody } from '../../../src/domain/facts/fact.ts';
import { movedFact } from '../../../src/domain/facts/moved.ts';
import type { Ledger } from '../../../src/domain/ledger.ts';
import { AMBIGUOUS, claimedOrder } from '../../../src/domain/requests/claim.ts';
import { eventOf, factOf, issueOf, issueTo, orderOf } from '../../kit/ledger-data.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';
import { type MakeDatabase, openEmpty } from './database.ts';

const ORDER = 'order:R1';
const FASTSPRING = { marketplace: 'fastspring', order: 'R1', line: 'app' } as const;

const sold = (quantity = 1, more: Partial<Extract<FactBody, { kind: 'sold' }>> = {}) =>
  factOf(
    ORDER,
    { kind: 'sold', product: 'app', quantity, line: 'app', ...more },
    { key: 'sold:app', at: SOLD_AT },
  );

async function statesOf(ledger: Ledger, order = 'R1'): Promise<string[]> {
  return (await ledger.find({ by: 'order', order })).map(({ state }) => state);
}

export function eventContract(test: TestFn, makeDatabase: MakeDatabase): void {
  const opened = (t: Parameters<MakeDatabase>[0], options = {}) => openEmpty(t, makeDatabase, options);

  test('an event is applied once, in one process or two, and then known', async (t) => {
    const { ledger, open } = await openEmpty(t, makeDatabase);
    const second = await open();
    const outcomes = await Promise.all(
      Array.from({ length: 32 }, (_, i) => (i % 2 === 0 ? ledger : second).ingest(eventOf('e1', []))),
    );
    t.is(outcomes.filter((outcome) => outcome === 'applied').length, 1);
    await ledger.close();
    t.is(await (await open()).ingest(eventOf('e1', [])), 'known');
    t.is((await second.findEvents({ limit: 9 })).length, 1);
  });

  test('a failed event is kept with its attempts until it is applied, and an applied event never becomes failed', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const event = eventOf('e1', []);
    await ledger.keepFailed(event, 'a fault');
    await ledger.keepFailed(event, 'another');
    const [failed] = await ledger.findEvents({ failed: true, limit: 9 });
    t.deepEqual([failed?.attempts, failed?.fault, failed?.outcome], [2, 'another', 'failed']);
    t.is(await ledger.ingest(event), 'applied');
    await ledger.keepFailed(event, 'too late');
    const [kept] = await ledger.findEvents({ limit: 9 });
    t.deepEqual([kept?.attempts, kept?.fault, kept?.outcome], [3, null, 'done']);
  });

  test('facts are missing until an event states them under their subject, in their market', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const other = { ...sold(), subject: 'order:R2' } as const;
    const test = { ...sold(), mode: 'test' } as const;
    const asked = [sold(), other, test];
    t.deepEqual(await ledger.findMissing(asked), asked);
    await ledger.ingest(eventOf('e1', [sold()]));
    t.deepEqual(await ledger.findMissing(asked), [other, test]);
    t.deepEqual(await ledger.findMissing([]), []);
  });

  test('a fact that states another quantity than the ledger has is missing, until an event states it', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const other = { ...sold(3), at: SOLD_AT + 1 };
    await ledger.ingest(eventOf('e1', [sold()]));
    t.deepEqual(await ledger.findMissing([sold(), other]), [other]);
    await ledger.ingest(eventOf('e2', [other]));
    t.deepEqual(await ledger.findMissing([sold(), other]), []);
  });

  test('concurrent events and requests of one order, in two processes, issue one license a unit', async (t) => {
    for (const first of ['event', 'request']) {
      const { ledger, open } = await opened(t);
      const second = await open();
      const ask = (on: Ledger) => issueTo(on, issueOf({ ...FASTSPRING, quantity: 2 }));
      const tell = (on: Ledger) => on.ingest(eventOf('e1', [sold(2)]));
      const acts = Array.from({ length: 16 }, (_, place) => {
        const on = place % 2 === 0 ? ledger : second;
        return first === 'event' ? [tell(on), ask(on)] : [ask(on), tell(on)];
      });
      const answers = (await Promise.all(acts.flat())).flatMap((answer) =>
        typeof answer === 'object'
          ? [answer.held.licenses.map(({ answer: given }) => given?.code).join()]
          : [],
      );
      t.is(answers.length, 16);
      t.is(new Set(answers).size, 1);
      t.deepEqual(await ledger.count(), { live: 2, test: 0 });
    }
  });

  test('a resend under a new event id changes nothing, because facts have their own keys', async (t) => {
    const { ledger } = await opened(t);
    const returned = (key: string) =>
      factOf(ORDER, { kind: 'returned', product: 'app', quantity: 1 }, { key });
    await ledger.ingest(eventOf('e1', [sold(3)]));
    await ledger.ingest(eventOf('e2', [returned('return:1')]));
    await ledger.ingest(eventOf('e3', [returned('return:1')]));
    t.deepEqual(await statesOf(ledger), ['active', 'active', 'revoked']);
    // The control: a fact with another key revokes the second unit.
    await ledger.ingest(eventOf('e4', [returned('e4')]));
    t.deepEqual(await statesOf(ledger), ['active', 'revoked', 'revoked']);
  });

  test('facts about an unknown order are unmatched, and apply once the order is known (65)', async (t) => {
    const { ledger } = await opened(t);
    t.is(await ledger.ingest(eventOf('e1', [factOf(ORDER, { kind: 'refunded' })])), 'unmatched');
    t.is((await ledger.findEvents({ limit: 9 }))[0]?.outcome, 'unmatched');
    t.is(await ledger.ingest(eventOf('e1', [])), 'known');
    await ledger.ingest(eventOf('e2', [sold()]));
    t.deepEqual(await statesOf(ledger), ['revoked']);
    // The control: another order is unchanged.
    await ledger.issue(issueOf({ ...FASTSPRING, order: 'R2' }));
    t.deepEqual(await statesOf(ledger, 'R2'), ['active']);
  });

  test('two events of different modes may have the same id (43)', async (t) => {
    const { ledger } = await opened(t);
    const test = { mode: 'test' as const };
    t.not(await ledger.ingest(eventOf('e1', [], test)), 'known');
    t.not(await ledger.ingest(eventOf('e1', [sold()])), 'known');
    t.is(await ledger.ingest(eventOf('e1', [sold()])), 'known');
    t.is((await ledger.findEvents({ mode: 'test', limit: 9 })).length, 1);
    t.deepEqual(await ledger.count(), { live: 1, test: 0 });
  });

  test('facts of another mode or marketplace do not apply', async (t) => {
    const { ledger } = await opened(t);
    await ledger.ingest(eventOf('e1', [sold()]));
    await ledger.addFacts([factOf(ORDER, { kind: 'refunded' }, { mode: 'test' })]);
    await ledger.addFacts([factOf(ORDER, { kind: 'refunded' }, { marketplace: 'manual' })]);
    t.deepEqual(await statesOf(ledger), ['active']);
    t.true(await ledger.addFacts([factOf(ORDER, { kind: 'refunded' })]), 'the control');
    t.deepEqual(await statesOf(ledger), ['revoked']);
  });

  test('of two versions of one fact the earlier applies, in any order of arrival', async (t) => {
    for (const order of [
      [1, 2],
      [2, 1],
    ]) {
      const { ledger } = await opened(t);
      await ledger.ingest(eventOf('e0', [sold()]));
      for (const time of order) {
        const paused = factOf(
          ORDER,
          { kind: 'noted', note: `at ${time}` },
          { key: 'same', at: SOLD_AT + time },
        );
        await ledger.ingest(eventOf(`e${time}`, [paused]));
      }
      const { facts } = await ledger.showOrder('R1');
      const same = facts.filter(({ key }) => key === 'same');
      t.deepEqual(
        same.map(({ at, body }) => [at, body]),
        [[SOLD_AT + 1, { kind: 'noted', note: 'at 1' }]],
      );
    }
  });

  test('a chain of aliases leads to the order, and a circle of aliases ends', async (t) => {
    const { ledger } = await opened(t);
    await ledger.ingest(
      eventOf('e1', [
        sold(),
        factOf('order-id:i1', { kind: 'alias', of: ORDER }),
        factOf('case:c1', { kind: 'alias', of: 'order-id:i1' }),
        factOf(ORDER, { kind: 'alias', of: 'case:c1' }, { key: 'circle' }),
      ]),
    );
    t.is(await ledger.ingest(eventOf('e2', [factOf('case:c1', { kind: 'charged-back' })])), 'applied');
    t.deepEqual(await statesOf(ledger), ['revoked']);
    t.is((await ledger.showOrder('R1')).facts.length, 5);
  });

  test('facts apply to an order of a thousand units', async (t) => {
    const { ledger } = await opened(t);
    await ledger.ingest(eventOf('e1', [sold(1000)]));
    const { held } = await issueTo(ledger, issueOf({ ...FASTSPRING, quantity: 1000 }));
    t.is(held.licenses.length, 1000);
    await ledger.ingest(eventOf('e2', [factOf(ORDER, { kind: 'refunded' })]));
    t.deepEqual([...new Set(await statesOf(ledger))], ['revoked']);
  });

  test('a failed act is rolled back, and concurrent acts are done', async (t) => {
    const { ledger } = await opened(t);
    const [event] = [
      eventOf('bad', [sold(1, { product: 'app' })], { payload: undefined as unknown as string }),
    ];
    const results = await Promise.allSettled([
      ledger.issue(issueOf({ order: 'before' })),
      ledger.ingest(event),
      ledger.issue(issueOf({ order: 'behind' })),
    ]);
    t.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    t.deepEqual(await statesOf(ledger), []);
    t.is((await ledger.findEvents({ limit: 9 })).length, 0);
    t.deepEqual(await ledger.count(), { live: 2, test: 0 });
  });

  test('payloads of old events are deleted, also of failed events; the events stay', async (t) => {
    let now = SOLD_AT;
    const { ledger } = await opened(t, { now: () => now });
    await ledger.ingest(eventOf('old', [sold()]));
    await ledger.keepFailed(eventOf('old and failed', []), 'a fault');
    now += 1000;
    await ledger.ingest(eventOf('young', []));
    t.is(await ledger.forgetEvents(now), 2);
    t.is(await ledger.forgetEvents(now), 0);
    const kept = await ledger.findEvents({ limit: 9 });
    t.deepEqual(
      kept.map(({ id, payload }) => [id, payload !== null]),
      [
        ['young', true],
        ['old and failed', false],
        ['old', false],
      ],
    );
    t.is(await ledger.ingest(eventOf('old', [sold()])), 'known');
    t.deepEqual(await statesOf(ledger), ['active']);
  });

  test('events about an address are found in every escaping of JSON and forms, and no other events', async (t) => {
    const { ledger } = await opened(t);
    const payloads = {
      plain: '{"email":"Ada.Byron@Example.com"}',
      json: '{"email":"ada.byron\\u0040example.com"}',
      form: 'email=ada.byron%40example.com',
      other: 'email=grace%40example.com',
    };
    for (const [id, payload] of Object.entries(payloads)) await ledger.ingest(eventOf(id, [], { payload }));
    const found = await ledger.findEventsAbout('ada.byron@example.com');
    t.deepEqual(found.map(({ id }) => id).sort(), ['form', 'json', 'plain']);
    t.deepEqual(await ledger.findEventsAbout('nobody@example.com'), []);
  });

  test('the delivery of a license that an event issued is noted on its later answer', async (t) => {
    const { ledger } = await opened(t);
    await ledger.ingest(eventOf('e1', [sold()]));
    t.is((await ledger.find({ by: 'order', order: 'R1' }))[0]?.handed, null);
    await ledger.issue(issueOf(FASTSPRING));
    await ledger.noteDelivery(orderOf(FASTSPRING), 0, SOLD_AT + 5000);
    const [license] = (await ledger.findOrder(orderOf(FASTSPRING)))!.licenses;
    t.deepEqual([license.answer?.deliveredAt, license.answer?.quantity], [SOLD_AT + 5000, 1]);
    t.is((await ledger.find({ by: 'order', order: 'R1' }))[0]?.handed, 0);
  });

  test('what is told of a moved subscription, before and after, is told of the license of its former one', async (t) => {
    const { ledger } = await opened(t);
    await ledger.ingest(eventOf('e1', [sold(1, { subscription: 'S1' })]));
    const toldOfNew = (body: FactBody, days: number) => ({
      ...factOf('subscription:N1', body, { key: `${body.kind}:${days}`, at: SOLD_AT + days * 86_400_000 }),
      marketplace: 'paddle-billing',
    });
    const tell = (id: string, ...facts: readonly ReturnType<typeof toldOfNew>[]) =>
      ledger.ingest({ ...eventOf(id, facts), marketplace: 'paddle-billing' });
    t.is(await tell('n1', toldOfNew({ kind: 'overdue' }, 1)), 'unmatched');
    t.deepEqual(await statesOf(ledger), ['active'], 'the control');
    const moved = movedFact(
      { marketplace: 'paddle-billing', mode: 'live', subscription: 'N1' },
      { marketplace: 'fastspring', subscription: 'S1' },
      { at: SOLD_AT, cause: 'migrate' },
    );
    t.true(await ledger.addFacts([moved]));
    t.deepEqual(await statesOf(ledger), ['suspended']);
    await ledger.addFacts([moved]);
    t.is(await tell('n2', toldOfNew({ kind: 'recovered' }, 2)), 'applied');
    t.deepEqual(await statesOf(ledger), ['active']);
    t.is((await ledger.count()).live, 1);
  });

  test('a claim name finds its order, and ties nothing', async (t) => {
    const { ledger } = await opened(t);
    const claim = (order: string) =>
      factOf('order:claim:digest', { kind: 'claimable', order }, { key: `claim:${order}`, at: SOLD_AT });
    await ledger.ingest(eventOf('e1', [sold(), claim('R1')]));
    const factsOfClaim = async () => (await ledger.showOrder('claim:digest')).facts;
    t.deepEqual(claimedOrder(await factsOfClaim(), 'fastspring'), { order: 'R1', mode: 'live' });
    t.is(claimedOrder(await factsOfClaim(), 'stripe'), undefined);
    await ledger.ingest(eventOf('e2', [claim('R2')]));
    t.is(claimedOrder(await factsOfClaim(), 'fastspring'), AMBIGUOUS);
    t.deepEqual(await statesOf(ledger), ['active']);
  });
}
