/** What a marketplace's API has and the ledger lacks; the pages of the marketplaces' own lists are tested in their rooms. */
import test from 'ava';
import { type HistoryPage, type Reconciling, reconcile } from '../../../src/domain/desk/reconcile.ts';
import type { EventHead, MarketplaceEvent } from '../../../src/domain/facts/event.ts';
import type { Fact, FactBody, Subject } from '../../../src/domain/facts/fact.ts';
import type { EventQuery } from '../../../src/domain/ports/ledger-views.ts';
import { entitlementOf } from '../../../src/keyring/minter.ts';
import { fakeLedger, storyOf } from '../../kit/desk-ledger.ts';
import { covers, paid, sold, told } from '../../kit/telling.ts';
import { at, MARKET } from '../../kit/world.ts';

const SINCE = '2027-01-02';
const NOW = at('2027-01-10');
const HOUR = 3_600_000;

type Kept = Pick<EventHead, 'id' | 'marketplace' | 'mode'> & { readonly outcome: string };

/** A ledger in memory, and reconciliations of it. An event's payload is its JSON text. */
function shop() {
  const facts: Fact[] = [];
  const kept: Kept[] = [];
  const { ledger, stories } = fakeLedger({
    findMissing: async (given) =>
      given.filter(({ subject, key }) => !facts.some((one) => one.subject === subject && one.key === key)),
    findEvents: async ({ id, marketplace, mode, limit }: EventQuery) =>
      kept
        .filter((one) => one.id === id && one.marketplace === marketplace && one.mode === mode)
        .slice(0, limit) as never,
    showOrder: async (order) => ({
      licenses: stories.filter((story) => story.order === order),
      owed: [],
      flags: [],
      facts: facts.filter(({ subject }) => subject === order || subject === `order:${order}`),
    }),
    addFacts: async (added) => facts.push(...added) > 0,
    ingest: async (event) => {
      if (event.type === 'broken') throw new RangeError('a fault');
      facts.push(...event.facts);
      kept.push({ ...event, outcome: 'done' });
      return 'applied';
    },
    keepFailed: async (head) => void kept.push({ ...head, outcome: 'failed' }),
  });
  const run = (pages: readonly HistoryPage[], more: Partial<Reconciling> = {}) =>
    reconcile({
      ...{ ledger, ...MARKET, now: NOW, since: SINCE, apply: true },
      lastValidOf: (code) => entitlementOf(code).lastValid,
      pages: (async function* () {
        yield* pages;
      })(),
      read: (payload) => {
        const event = JSON.parse(payload) as MarketplaceEvent & { readonly unreadable?: true };
        const read = () => {
          if (event.unreadable) throw new TypeError('unreadable');
          return event;
        };
        return { head: event, read };
      },
      ...more,
    });
  return { run, facts, kept, stories };
}

function payloadOf(id: string, facts: readonly Fact[], more: object = {}): string {
  const head = { ...MARKET, id, type: 'order.completed', at: NOW, payload: '' };
  return JSON.stringify({ ...head, facts, codes: [], people: [], ...more });
}
const saleOf = (order: string, day = '2027-01-05') =>
  payloadOf(`sale ${order}`, [told(day, `order:${order}`, sold('app'), `sale ${order}`)]);
const read = (...payloads: readonly string[]): HistoryPage => ({ outcome: 'read', payloads });
const lackingOf = (id: string, outcome: string, about: readonly string[] = []) => ({
  ...{ id, type: 'order.completed', at: NOW, about, outcome },
});

test('an event that never came is shown, or fed in like a webhook, and the history says how it came', async (t) => {
  const { run, facts, kept } = shop();
  const lacking = (outcome: string) => ({
    read: 1,
    lacking: [lackingOf('sale A', outcome, ['order:A'])],
    older: 0,
  });
  t.deepEqual(await run([read(saleOf('A'))], { apply: false }), lacking('shown'));
  t.deepEqual([facts, kept], [[], []]);
  t.deepEqual(await run([read(saleOf('A'))]), lacking('applied'));
  t.deepEqual(
    facts.map(({ subject, cause }) => [subject, cause]),
    [['order:A', 'sold 2027-01-05 (reconciled)']],
  );
  t.deepEqual(await run([read(saleOf('A'))]), { read: 1, lacking: [], older: 0 }, 'again');
});

test('it names each order that it is about once', async (t) => {
  const facts = (['order:A', 'order:A', 'order:B'] as const).map((subject, place) =>
    told('2027-01-05', subject, paid(null), `k${place}`),
  );
  const { lacking } = await shop().run([read(payloadOf('e', facts))]);
  t.deepEqual(lacking[0]?.about, ['order:A', 'order:B']);
});

test('an event that was applied, whose facts are known, or which says nothing, lacks nothing', async (t) => {
  const { run, facts, kept } = shop();
  const lacking = async (payload = saleOf('A')) =>
    (await run([read(payload)], { apply: false })).lacking.length;
  t.is(await lacking(payloadOf('e', [])), 0, 'it says nothing');
  for (const other of [{ mode: 'test' as const }, { marketplace: 'stripe' as const }])
    kept.push({ ...MARKET, id: 'sale A', outcome: 'done', ...other });
  t.is(await lacking(), 1, 'in other markets');
  kept.push({ ...MARKET, id: 'sale A', outcome: 'failed' });
  t.is(await lacking(), 1, 'it came, and could not be applied');
  kept.splice(0, kept.length, { ...MARKET, id: 'sale A', outcome: 'done' });
  t.is(await lacking(), 0, 'it was applied, and said this otherwise');
  kept.splice(0);
  facts.push(told('2027-01-05', 'order:A', sold('app'), 'sale A'));
  t.is(await lacking(), 0, 'its facts came by another event');
});

test('what is no event is failed each time; an event that cannot be read is kept, once', async (t) => {
  const { run, kept } = shop();
  const unreadable = { id: '', type: 'unreadable', at: 0, about: [], outcome: 'failed' } as const;
  t.deepEqual(await run([read('{', '[')]), { read: 2, lacking: [unreadable, unreadable], older: 0 });
  t.deepEqual(kept, []);
  const payload = payloadOf('e', [], { unreadable: true });
  const lacking = [lackingOf('e', 'failed')];
  t.deepEqual(await run([read(payload)], { apply: false }), { read: 1, lacking, older: 0 });
  t.deepEqual(kept, []);
  t.deepEqual(await run([read(payload)]), { read: 1, lacking, older: 0 });
  t.like(kept, [{ id: 'e', outcome: 'failed' }]);
  kept.splice(0, 1, { ...MARKET, id: 'e', outcome: 'done' });
  t.deepEqual((await run([read(payload)])).lacking, [], 'it was applied');
  const broken = await run([
    read(payloadOf('b', [told('2027-01-05', 'order:A', sold('app'))], { type: 'broken' })),
  ]);
  t.is(broken.lacking[0]?.outcome, 'failed');
});

test('an entry that a list has twice is counted twice and lacking once', async (t) => {
  const pages = [read(saleOf('A'), saleOf('B')), read(saleOf('A'))];
  const done = await shop().run(pages, { apply: false });
  t.is(done.read, 3);
  t.deepEqual(
    done.lacking.map(({ id }) => id),
    ['sale A', 'sale B'],
  );
  const other = payloadOf('sale A', [told('2027-01-05', 'order:A', sold('app'))], { type: 'order.canceled' });
  t.is((await shop().run([read(saleOf('A'), other)], { apply: false })).lacking.length, 2, 'another type');
});

test('a sale from before the first day is left alone, whatever else its event says', async (t) => {
  const { run, facts } = shop();
  t.deepEqual(await run([read(saleOf('A', '2027-01-01'), saleOf('B'))]), {
    read: 2,
    lacking: [lackingOf('sale B', 'applied', ['order:B'])],
    older: 1,
  });
  t.false(facts.some(({ subject }) => subject === 'order:A'));
  const atStart = { ...told(SINCE, 'order:C', sold('app')), at: at(SINCE, 0) };
  t.is((await run([read(payloadOf('c', [atStart]))])).older, 0, 'the day itself');
  t.is(
    (await run([read(payloadOf('d', [{ ...atStart, subject: 'order:D', at: at(SINCE, 0) - 1 }]))])).older,
    1,
  );
});

test('an old charge is left alone where it would issue what it pays for: its subscription is not known', async (t) => {
  const S = 'subscription:S';
  const charge = (body: FactBody, day = '2027-01-01') => read(payloadOf('e', [told(day, S, body, 'charge')]));
  const covering = paid('2027-02-01', { covers: covers('app') });
  const older = async (page: HistoryPage, known: readonly Fact[] = [], licenses: object[] = []) => {
    const { run, facts, stories } = shop();
    facts.push(...known);
    stories.push(...licenses.map((license) => storyOf({ order: S, ...license })));
    return (await run([page], { apply: false })).older;
  };
  t.is(await older(charge(covering)), 1);
  t.is(await older(charge(covering, '2027-01-05')), 0, 'not old');
  t.is(await older(charge(paid('2027-02-01'))), 0, 'it names nothing that could be issued');
  t.is(await older(charge({ kind: 'covered', lines: covers('app') })), 0, 'no charge');
  const known = told('2027-01-01', S, { kind: 'overdue' });
  t.is(await older(charge(covering), [known]), 0, 'known');
  t.is(await older(charge(covering), [], [{}]), 0, 'it has a license');
  const elsewhere = [
    { ...known, mode: 'test' as const },
    { ...known, marketplace: 'stripe' as const },
  ];
  t.is(await older(charge(covering), elsewhere), 1, 'known in other markets alone');
  const two = [
    told('2027-01-01', 'subscription:T', paid('2027-02-01'), 'first'),
    told('2027-01-01', S, covering),
  ];
  t.is(await older(read(payloadOf('e', two))), 1);
});

test('a listed sale that the ledger does not know is flagged once, an hour after it', async (t) => {
  const { run, facts, stories } = shop();
  const listed = (time: number, ...names: [string, ...string[]]): HistoryPage => ({
    ...{ outcome: 'read', payloads: [], sales: [{ names, at: time }] },
  });
  const sale = at('2027-01-05');
  const shown = await run([listed(sale, 'A')], { apply: false });
  const lacking = (outcome: string) => [{ id: 'A', type: 'sale', at: sale, about: ['order:A'], outcome }];
  t.deepEqual(shown, { read: 1, lacking: lacking('shown'), older: 0 });
  t.deepEqual(facts, []);
  t.deepEqual(await run([listed(sale, 'A')]), { read: 1, lacking: lacking('flagged'), older: 0 });
  t.deepEqual(facts, [
    {
      ...MARKET,
      subject: 'order:A',
      key: 'listed:A',
      at: sale,
      cause: 'a list of its API (reconciled)',
      body: {
        kind: 'noted',
        note: 'fastspring lists order A as paid, and neither a request nor an event of it came: look at it there, and issue its licenses',
        flag: true,
        why: 'undelivered',
      },
    },
  ]);
  const found = async (page: HistoryPage) => {
    const { lacking: of, older } = await run([page]);
    return of[0]?.outcome ?? (older > 0 ? 'older' : 'there');
  };
  t.is(await found(listed(sale, 'A')), 'there', 'flagged before');
  t.is(await found(listed(NOW - HOUR + 1, 'B')), 'there', 'its request may be on its way');
  t.is(await found(listed(NOW - HOUR, 'B')), 'flagged');
  t.is(await found(listed(at(SINCE, 0) - 1, 'C')), 'older');
  t.is(await found(listed(at(SINCE, 0), 'C')), 'flagged');
  stories.push(storyOf({ order: 'D' }), storyOf({ order: 'E', mode: 'test' }));
  stories.push(storyOf({ order: 'E', marketplace: 'stripe' }));
  t.is(await found(listed(sale, 'X', 'D')), 'there', 'by its second name');
  t.is(await found(listed(sale, 'E')), 'flagged', 'known in other markets alone');
});

test('a listed subscription that no license follows is flagged once for each day that it is paid to', async (t) => {
  const { run, facts, stories } = shop();
  const changed = at('2027-01-05');
  const listed = (more: object = {}): HistoryPage => ({
    ...{ outcome: 'read', payloads: [] },
    subscriptions: [{ subscription: 'S', at: changed, isSold: true, standing: 'running', ...more }],
  });
  const found = async (more?: object, options?: Partial<Reconciling>) => {
    const { lacking, older } = await run([listed(more)], options);
    return lacking[0]?.outcome ?? (older > 0 ? 'older' : 'there');
  };
  t.is(await found({ at: NOW - HOUR + 1 }), 'there', 'its event may be on its way');
  t.is(await found({ at: NOW - HOUR }, { apply: false }), 'shown');
  t.is(await found({ at: at(SINCE, 0) - 1 }), 'older');
  t.is(await found({ at: at(SINCE, 0) }, { apply: false }), 'shown');
  t.is(await found(), 'flagged');
  stories.push(storyOf({ subscription: 'S', order: 'A' }, { lastValid: '2027-02-01' }));
  t.is(await found(), 'there', 'a license follows it');
  t.is(await found({ until: '2027-03-01' }), 'flagged');
  t.is(await found({ until: '2027-03-01' }), 'there', 'flagged before');
  t.deepEqual(
    facts.map(({ subject, key, at: time }) => [subject, key, time]),
    [
      ['subscription:S', 'listed:S:', changed],
      ['subscription:S', 'listed:S:2027-03-01', changed],
    ],
  );
  t.like(facts[0]?.body, { kind: 'noted', flag: true, why: 'undelivered' });
  const payload = payloadOf('end', [
    told('2027-01-05', 'subscription:S' as Subject, { kind: 'deactivated', on: SINCE }),
  ]);
  const ended = await run([listed({ standing: 'ended', payload })]);
  t.deepEqual(ended.lacking, [lackingOf('end', 'applied', ['subscription:S'])], 'its event is fed in');
  t.is(await found({ standing: 'ended', payload }), 'there');
});

test('what is applied is acknowledged in its place; what failed or is left alone stays there', async (t) => {
  const { run } = shop();
  const acknowledged: (readonly number[])[] = [];
  const acknowledge = async (places: readonly number[]) => {
    acknowledged.push(places);
    return undefined;
  };
  const payloads = [saleOf('A', '2027-01-01'), saleOf('B'), '{', saleOf('B'), payloadOf('e', [])];
  const page: HistoryPage = { outcome: 'read', payloads, sales: [{ names: ['C'], at: NOW }], acknowledge };
  await run([page], { apply: false });
  t.deepEqual(acknowledged, [], 'nothing was applied');
  t.is((await run([page])).read, 6);
  t.deepEqual(acknowledged, [[1, 3, 4]]);
});

test('reading ends where the API stops, or takes no acknowledgment', async (t) => {
  const stopped = (more: object = {}): HistoryPage => ({ outcome: 'stopped', answer: 'HTTP 500', ...more });
  const { run } = shop();
  const end = { stopped: 'HTTP 500', older: 0 };
  t.deepEqual(await run([stopped(), read(saleOf('A'))]), { ...end, read: 0, lacking: [] });
  const counted = await run([read(saleOf('A')), stopped({ isAll: true })]);
  t.deepEqual(counted, {
    ...end,
    read: 1,
    lacking: [lackingOf('sale A', 'applied', ['order:A'])],
    isAll: true,
  });
  const page: HistoryPage = { ...read(saleOf('A')), acknowledge: async () => 'HTTP 500' } as HistoryPage;
  t.deepEqual(await run([page, read(saleOf('B'))]), { ...end, read: 1, lacking: [] });
});
