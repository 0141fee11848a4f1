/** Contract: the console's reads give the same answers in every database, the newest first, page by page. */
import type { ExecutionContext, TestFn } from 'ava';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import type { Ledger } from '../../../src/domain/ledger.ts';
import type { LedgerReader } from '../../../src/domain/ports/ledger-reader.ts';
import type { Mode } from '../../../src/domain/values/order.ts';
import { announcing } from '../../kit/announcing.ts';
import { eventOf, factOf, issueOf, issueTo, keepTexts, soldEvent } from '../../kit/ledger-data.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';
import type { DatabaseOptions } from './database.ts';

const DAY = 86_400_000;
const MODES: readonly Mode[] = ['live', 'test'];

/** Makes an empty ledger of the test's own, and opens its reader. */
export type MakeReader = (
  t: ExecutionContext,
  options: DatabaseOptions,
) => Promise<{ readonly ledger: Ledger; readonly reader: LedgerReader }>;

/** The clock of a made-up ledger. */
export interface Clock {
  now: number;
}

/** Whatever a list can show: markets, states, a reissued license, flags, faults, lines without a license, people. */
export async function makeUp(ledger: Ledger, clock: Clock): Promise<void> {
  await keepTexts(ledger);
  const later = () => {
    clock.now += DAY / 4;
    return { at: clock.now };
  };
  for (let place = 0; place < 12; place++) {
    const order = `A-${100 + place}`;
    const product = place % 3 === 2 ? 'app2' : 'app';
    const customer = { name: `Person ${place}`, email: `person${place % 4}@example.com` };
    const mode = place % 4 === 3 ? 'test' : 'live';
    await ledger.issue(issueOf({ order, product, mode, customer, quantity: 1 + (place % 2) }, later()));
  }
  for (const place of [1, 2, 3, 4]) {
    later();
    await ledger.ingest(soldEvent(`F-${place}`));
  }
  later();
  await ledger.ingest(soldEvent('F-unknown', 'unknown', null));
  later();
  await ledger.ingest(eventOf('back', [factOf('order:F-2', { kind: 'refunded' }, later())]));
  await ledger.ingest(eventOf('dispute', [factOf('order:F-3', { kind: 'disputed' }, later())]));
  later();
  await ledger.keepFailed(soldEvent('F-9'), 'a fault');
  const { held } = await issueTo(ledger, issueOf({ order: 'A-100' }, later()));
  const { id } = held.licenses[0];
  const market = { marketplace: 'paddle-classic', mode: 'live' } as const;
  await ledger.reissue(id, factOf(licenseSubject(id), { kind: 'withdrawn' }, { ...market, ...later() }));
  const file = { product: 'app', version: '1', file: 'App.dmg', size: 9, from: 0, at: clock.now };
  for (const link of [1, 2, 3]) await ledger.downloads.note({ ...file, license: id, link, range: [0, 9] });
  await ledger.downloads.note({ ...file, license: id, link: 4, range: [0, 8] });
  await ledger.outbox.drop(1, clock.now, 'not wanted');
  const lease = { channels: ['mail', 'webhook'], now: clock.now, lease: clock.now + 1000, most: 1 } as const;
  const [claimed] = await ledger.outbox.claim(lease);
  if (claimed !== undefined)
    await ledger.outbox.note({
      ...{ ...claimed, at: clock.now, answer: '410', counts: true, target: 'works' as const },
      outcome: 'refused',
    });
  await ledger.eraseCustomer({ email: 'person2@example.com' });
}

/** All that the console can ask, by the name of the question. */
export async function answersOf(
  reader: LedgerReader,
  now: number,
): Promise<Readonly<Record<string, unknown>>> {
  const answers: Record<string, unknown> = {};
  for (const mode of MODES) {
    const page = { mode, limit: 100 } as const;
    const orders = {
      all: {},
      app2: { product: 'app2' },
      paddle: { marketplace: 'paddle-classic' },
      revoked: { state: 'revoked' },
      active: { state: 'active' },
      recent: { from: SOLD_AT + 2 * DAY },
      old: { to: SOLD_AT + 2 * DAY },
    } as const;
    for (const [name, query] of Object.entries(orders))
      answers[`orders ${mode} ${name}`] = await reader.listOrderPage({ ...page, ...query, now });
    const licenses = {
      all: {},
      app: { product: 'app' },
      suspended: { state: 'suspended' },
      from: { validFrom: '2027-12-07' },
      to: { validTo: '2027-12-07' },
    } as const;
    for (const [name, query] of Object.entries(licenses))
      answers[`licenses ${mode} ${name}`] = await reader.listLicensePage({ ...page, ...query });
    for (const which of ['all', 'failed', 'flagged'] as const)
      answers[`events ${mode} ${which}`] = await reader.listEventPage({ ...page, which });
    answers[`attention ${mode}`] = await reader.attention(mode);
    const often = { mode, since: SOLD_AT, least: 3, limit: 9 };
    answers[`often ${mode}`] = await reader.listDownloadedOften(often);
    answers[`announcements ${mode}`] = await reader.countAnnouncements(mode);
    answers[`figures ${mode}`] = await reader.figures(mode, '2100-01-01');
    answers[`beginning ${mode}`] = await reader.findOrdersBeginning(mode, 'A-1', 50);
    answers[`outbox ${mode}`] = await reader.listAnnouncements({ mode, limit: 100 });
  }
  const announcements = {
    dropped: { state: 'dropped' },
    gaveUp: { state: 'given-up' },
    order: { order: 'A-100' },
  } as const;
  for (const [name, query] of Object.entries(announcements))
    answers[`outbox ${name}`] = await reader.listAnnouncements({ ...query, limit: 100 });
  answers['targets'] = await reader.listTargets();
  answers['undelivered'] = await reader.countUndelivered(now);
  answers['terms'] = await reader.countTerms();
  answers['flags'] = await reader.findFlags({ limit: 100 });
  answers['order'] = await reader.find({ by: 'order', order: 'A-100' });
  answers['email'] = await reader.find({ by: 'email', email: 'Person1@example.com' });
  answers['person'] = await reader.find({ by: 'person', part: 'person 1' });
  answers['about'] = await reader.findEventsAbout('nobody@example.com');
  return answers;
}

/** The entries of all pages of this size. */
async function walk<T extends { readonly number: number }>(
  read: (page: { readonly before?: number; readonly limit: number }) => Promise<readonly T[]>,
  limit: number,
): Promise<readonly T[]> {
  const found: T[] = [];
  for (let page = await read({ limit }); page.length > 0; ) {
    found.push(...page);
    const before = page.at(-1)?.number ?? 0;
    // Lines without a license stand on the first page only.
    page = before === 0 ? [] : await read({ limit, before });
  }
  return found;
}

export function readerContract(test: TestFn, makeReader: MakeReader): void {
  const opened = async (t: ExecutionContext) => {
    const clock = { now: SOLD_AT };
    const made = await makeReader(t, { announce: announcing(), now: () => clock.now });
    await makeUp(made.ledger, clock);
    return { ...made, now: clock.now };
  };

  test('orders are listed once a line, the newest first, those without a license before them', async (t) => {
    const { reader, now } = await opened(t);
    const list = async (query: object) =>
      (await reader.listOrderPage({ mode: 'live', limit: 100, now, ...query })).map(({ order }) => order);
    t.deepEqual(await list({}), [
      ...['F-unknown', 'F-4', 'F-3', 'F-2', 'F-1'],
      ...['A-110', 'A-109', 'A-108', 'A-106', 'A-105', 'A-104', 'A-102', 'A-101', 'A-100'],
    ]);
    const [, ...sold] = await reader.listOrderPage({ mode: 'live', limit: 100, now });
    const days = sold.map(({ at }) => at);
    t.deepEqual(
      days,
      days.toSorted((a, b) => b - a),
      'a reissued order stands, and is shown, where it was sold',
    );
    t.deepEqual(await list({ product: 'app2' }), ['A-108', 'A-105', 'A-102']);
    t.deepEqual(await list({ state: 'revoked' }), ['F-2'], 'a reissued license is none of its order');
    t.deepEqual(await list({ mode: 'test' }), ['A-111', 'A-107', 'A-103']);
  });

  test('pages of any size have the same entries as one page', async (t) => {
    const { reader, now } = await opened(t);
    for (const limit of [1, 3, 7]) {
      const orders = (page: object) =>
        reader.listOrderPage({ mode: 'live', limit: 0, now, state: 'active', ...page });
      t.deepEqual(await walk(orders, limit), await orders({ limit: 100 }));
      const licenses = (page: object) => reader.listLicensePage({ mode: 'live', limit: 0, ...page });
      t.deepEqual(await walk(licenses, limit), await licenses({ limit: 100 }));
      const events = (page: object) =>
        reader.listEventPage({ mode: 'live', which: 'all', limit: 0, ...page });
      t.deepEqual(await walk(events, limit), await events({ limit: 100 }));
      const outbox = (page: object) => reader.listAnnouncements({ limit: 0, ...page });
      t.deepEqual(await walk(outbox, limit), await outbox({ limit: 100 }));
    }
    t.is((await reader.listLicensePage({ mode: 'live', limit: 100 })).length, 17);
  });

  test('pages of orders in a state have each order once, whatever becomes of units between them', async (t) => {
    const { ledger, reader, now } = await opened(t);
    const page = async (before?: number) =>
      reader.listOrderPage({ mode: 'live', limit: 5, now, state: 'active', before });
    const ordersOf = (listed: Awaited<ReturnType<typeof page>>) => listed.map(({ order }) => order);
    const decide = async (order: string, unit: number, act: 'addFacts' | 'reissue') => {
      const its = await ledger.find({ by: 'order', order });
      const { id } = its.findLast((license) => license.unit === unit)!;
      const market = { marketplace: 'paddle-classic', mode: 'live', at: now } as const;
      const fact = factOf(licenseSubject(id), { kind: 'withdrawn' }, market);
      return act === 'reissue' ? ledger.reissue(id, fact) : ledger.addFacts([fact]);
    };
    const first = await page();
    t.deepEqual(ordersOf(first), ['F-4', 'F-1', 'A-110', 'A-109', 'A-108']);
    await decide('A-104', 0, 'reissue');
    await decide('A-109', 1, 'addFacts');
    const second = await page(first.at(-1)?.number);
    t.deepEqual(ordersOf(second), ['A-106', 'A-105', 'A-104', 'A-102', 'A-101']);
    await decide('A-101', 1, 'addFacts');
    t.deepEqual(ordersOf(await page(second.at(-1)?.number)), ['A-100']);
    const before = first.find(({ order }) => order === 'A-109')?.number;
    t.deepEqual(ordersOf(await page(before))[0], 'A-108', 'a page that ends with it');
  });

  test('orders in a state are listed by the days on which they were sold, also reissued ones', async (t) => {
    const { reader, now } = await opened(t);
    const list = async (query: { readonly from?: number; readonly to?: number }) =>
      (await reader.listOrderPage({ mode: 'live', limit: 100, now, state: 'active', ...query })).map(
        ({ order }) => order,
      );
    t.is((await list({})).at(-1), 'A-100');
    t.deepEqual(await list({ to: SOLD_AT + DAY / 2 }), ['A-100']);
    t.false((await list({ from: SOLD_AT + DAY / 2 })).includes('A-100'));
  });

  test('a license is listed as downloaded often by its whole downloads since a moment, in its own mode', async (t) => {
    const { reader, now } = await opened(t);
    const query = { mode: 'live', since: now - DAY, least: 3, limit: 9 } as const;
    const about = { marketplace: 'paddle-classic', order: 'A-100', product: 'app', downloads: 3 };
    t.deepEqual(await reader.listDownloadedOften(query), [about]);
    t.deepEqual(await reader.listDownloadedOften({ ...query, least: 4 }), [], 'a part is no download');
    t.deepEqual(await reader.listDownloadedOften({ ...query, since: now }), []);
    t.deepEqual(await reader.listDownloadedOften({ ...query, mode: 'test' }), []);
  });

  test('what needs a person is counted by mode, and found', async (t) => {
    const { reader, now } = await opened(t);
    const { openFlags, ...others } = await reader.attention('live');
    t.deepEqual(others, { failedEvents: 1, stuckAnnouncements: 1 });
    t.true(openFlags >= 2);
    t.deepEqual(await reader.attention('test'), { failedEvents: 0, openFlags: 0, stuckAnnouncements: 0 });
    const failed = await reader.listEventPage({ mode: 'live', which: 'failed', limit: 9 });
    t.deepEqual(
      failed.map(({ id, fault, flagged }) => [id, fault, flagged]),
      [['sold F-9', 'a fault', true]],
    );
    t.true((await reader.countUndelivered(now)).undelivered > 0);
  });

  test('order ids are found by their beginning, in their mode, in their order', async (t) => {
    const { reader } = await opened(t);
    t.deepEqual(await reader.findOrdersBeginning('test', 'A-1', 2), ['A-103', 'A-107']);
    t.deepEqual(await reader.findOrdersBeginning('live', 'F', 9), ['F-1', 'F-2', 'F-3', 'F-4']);
    t.deepEqual(await reader.findOrdersBeginning('live', 'A-100', 9), ['A-100']);
    t.deepEqual(await reader.findOrdersBeginning('live', 'a', 9), []);
  });
}
