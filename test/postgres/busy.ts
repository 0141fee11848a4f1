/** What an instance is asked for in a busy minute: each act and each read of the ledger, to be done all at once. */
import type { Fact } from '../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../src/domain/facts/license-subject.ts';
import type { Ledger } from '../../src/domain/ledger.ts';
import type { LedgerReader } from '../../src/domain/ports/ledger-reader.ts';
import { TO_CUSTOMER } from '../../src/domain/values/announcement.ts';
import { eventOf, factOf, issueOf, issueTo, nameOf, orderOf, soldEvent } from '../kit/ledger-data.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';

const DAY = 86_400_000;
const MARKET = { marketplace: 'fastspring' } as const;
const LATER = SOLD_AT + 2 * DAY;

type Work = readonly (() => Promise<unknown>)[];

/** What was sold before the minute. `turn`: begins the names of its orders. */
export async function sellBefore(ledger: Ledger, turn: string) {
  const names = Array.from({ length: 16 }, (_, place) => `${turn}-${place}`);
  const sold = await Promise.all(names.map((order) => issueTo(ledger, issueOf({ ...MARKET, order }))));
  const licenses = sold.map(({ held }) => held.licenses[0].id);
  const [job, claimed] = await Promise.all([
    beginJob(ledger, turn),
    ledger.outbox.claim({ channels: ['webhook', 'mail'], now: LATER, lease: LATER + DAY, most: 4 }),
  ]);
  await ledger.selfService.ask({ order: names[0] ?? '', email: 'ada@example.com' }, SOLD_AT + DAY);
  const [inquiry] = await ledger.outbox.list({ channel: 'inquiry', limit: 1 });
  await ledger.selfService.askAddress(licenses[1] as Uint8Array, 'eve@example.org', SOLD_AT);
  const pending = await ledger.selfService.pendingChange(licenses[1] as Uint8Array, SOLD_AT);
  await ledger.keepFailed(soldEvent(`${turn}-failed`), 'a fault');
  return { turn, names, licenses, job: job.number, claimed, inquiry, pending };
}

export type Before = Awaited<ReturnType<typeof sellBefore>>;

function beginJob({ jobs }: Ledger, what: string) {
  const job = { kind: 'check', what, mode: null, person: 'ada', from: 'ledger', beganAt: SOLD_AT } as const;
  return jobs.begin(job, { run: 'here', isAlone: false, now: SOLD_AT });
}

/** Acts that one group takes in: each begins without a read of its own. */
export function actsOf(ledger: Ledger, { turn, names, licenses, job, claimed, inquiry }: Before): Work {
  const name = (place: number) => names[place] ?? '';
  const id = (place: number) => licenses[place] as Uint8Array;
  const tell = (place: number, facts: readonly Fact[]) => () =>
    ledger.ingest({ ...eventOf(`${turn} event ${place}`, facts), ...MARKET });
  const fact = (place: number, kind: 'withdrawn' | 'refunded' | 'disputed') =>
    factOf(place % 2 === 0 ? licenseSubject(id(place)) : `order:${name(place)}`, { kind }, MARKET);
  const alias = factOf(`order-id:I${turn}`, { kind: 'alias', of: `order:${name(3)}` }, MARKET);
  const { selfService, outbox, downloads, jobs, refusedCalls, consoleAccess } = ledger;
  const file = { product: 'app', version: '1', file: 'App.zip', link: 1, size: 9 };
  const calls = {
    marketplace: 'fastspring',
    what: 'event',
    calls: 1,
    firstAt: SOLD_AT,
    lastAt: SOLD_AT,
  } as const;
  return [
    ...Array.from(
      { length: 6 },
      (_, place) => () => ledger.issueFirst(issueOf({ ...MARKET, order: `${turn} new ${place}` })),
    ),
    ...[0, 1, 2].map((place) => () => ledger.issue(issueOf({ ...MARKET, order: name(place) }))),
    () => ledger.renew({ ...issueOf({ ...MARKET, order: `${turn} first` }), subscription: `S${turn}` }),
    tell(2, [fact(2, 'withdrawn')]),
    tell(3, [alias, factOf(`order-id:I${turn}`, { kind: 'refunded' }, MARKET)]),
    () => ledger.ingest(soldEvent(`${turn} told`)),
    () => ledger.ingest(soldEvent(`${turn} unknown`, 'unknown', null)),
    () => ledger.keepFailed(soldEvent(`${turn} failed`), 'a fault'),
    () => ledger.addFacts([fact(5, 'disputed')]),
    () => ledger.reissue(id(6), fact(6, 'withdrawn')),
    () => ledger.correctCustomer(nameOf(name(7), MARKET), { name: 'Eve' }),
    () => ledger.settleFlags([1], SOLD_AT, 'ada'),
    () => ledger.noteDelivery({ ...orderOf({ ...MARKET, order: name(8) }), line: '' }, 0, SOLD_AT),
    () => ledger.publishList('app', 1, SOLD_AT),
    () => outbox.claim({ channels: ['webhook', 'mail', 'inquiry'], now: LATER, lease: LATER + DAY, most: 4 }),
    () => outbox.release(claimed.slice(0, 1)),
    () => outbox.sendAgain(claimed[1]?.number ?? 0, LATER, 'ada'),
    () => outbox.repeat(claimed[1]?.number ?? 0, LATER, 'ada'),
    () => outbox.drop(claimed[2]?.number ?? 0, LATER, 'ada'),
    () =>
      outbox.announce(
        [
          {
            ...{
              channel: 'mail',
              target: TO_CUSTOMER,
              topic: 'asked',
              marketplace: 'fastspring',
              mode: 'live',
            },
            ...{
              order: name(9),
              product: 'app',
              license: id(9),
              sequence: 0,
              revision: 0,
              text: null,
              body: null,
            },
            key: `asked ${turn}`,
          },
        ],
        SOLD_AT,
      ),
    () => outbox.pause('webhook', turn, SOLD_AT, 'ada'),
    () => selfService.ask({ order: name(10), email: 'ada@example.com' }, SOLD_AT),
    () => selfService.answer(inquiry?.number ?? 0, [], SOLD_AT),
    () => selfService.newLinks([id(11)], SOLD_AT),
    () => selfService.noteHandedTo(id(12), 'Bob'),
    () => selfService.askAddress(id(13), 'bob@example.org', SOLD_AT),
    () => downloads.note({ ...file, license: id(14), range: [0, 9], from: 0, at: SOLD_AT }),
    () => jobs.tell(job, { done: 1 }, SOLD_AT),
    () => beginJob(ledger, `${turn} other`),
    () => refusedCalls.add([calls]),
    () => consoleAccess.note({ at: SOLD_AT, person: 'ada', what: 'did something' }),
  ];
}

/** Acts that read first what they are about, and those with statements of their own. */
export function otherActsOf(ledger: Ledger, { names, pending, claimed }: Before): Work {
  const key = { ...orderOf({ ...MARKET, order: names[15] ?? '' }), line: '' };
  const [, , , sent] = claimed;
  const { handouts } = ledger;
  const tried = { at: LATER, outcome: 'sent', answer: '204', counts: true, target: 'works' } as const;
  return [
    () => ledger.settleDue(SOLD_AT),
    () => ledger.selfService.confirmAddress(pending?.number ?? 0, SOLD_AT),
    () => ledger.selfService.undoAddress(pending?.number ?? 0, SOLD_AT),
    () => ledger.selfService.forget(SOLD_AT),
    async () => sent && ledger.outbox.note({ ...tried, number: sent.number, lease: sent.lease }),
    () => ledger.outbox.resume('mail', TO_CUSTOMER, SOLD_AT),
    () => ledger.outbox.hold(0),
    async () =>
      handouts?.oneAtATime(key, async () => {
        await handouts.unitsOut(key);
        const { release } = await handouts.take(key, 0);
        release();
      }),
    async () => ledger.takeTurn?.('reconcile', 1000),
  ];
}

/** What is done now and then, and reads events from the first to the last. */
export function rareActsOf(ledger: Ledger, { names }: Before): Work {
  return [() => ledger.eraseCustomer(nameOf(names[14] ?? '', MARKET)), () => ledger.forgetEvents(0)];
}

/** What is looked up for marketplaces, customers and the health of the service. */
export function lookupsOf(ledger: Ledger, { names, licenses, inquiry }: Before): Work {
  const order = names[0] ?? '';
  const id = licenses[0] as Uint8Array;
  const known = factOf(`order:${order}`, { kind: 'refunded' }, MARKET);
  const { selfService, outbox, downloads, jobs } = ledger;
  return [
    ...names.map((each) => () => ledger.findOrder(orderOf({ ...MARKET, order: each }))),
    () => ledger.find({ by: 'order', order }),
    () => ledger.find({ by: 'license', id }),
    () => ledger.find({ by: 'subscription', subscription: 'S7' }),
    () => ledger.showOrder(order),
    () => ledger.showOrder(order, { byAnyName: true }),
    () => ledger.findMissing([known]),
    () => ledger.codesAfter(0, 5),
    () => ledger.findListSeq('app'),
    () => ledger.findOwed('fastspring', 'app'),
    () => ledger.countFlags(),
    () => ledger.countUndelivered(SOLD_AT),
    () => selfService.peopleOf(id),
    () => selfService.generation(id, SOLD_AT),
    () => selfService.handedTo(licenses),
    () => selfService.typed(inquiry?.number ?? 0),
    () => selfService.pendingChange(id, SOLD_AT),
    () => outbox.nextDue(['mail'], SOLD_AT),
    () => outbox.show(inquiry?.number ?? 0),
    () => outbox.list({ limit: 5, order }),
    () => outbox.count(),
    () => downloads.countDone(id, SOLD_AT),
    () => downloads.ofLicense(id, 5),
    () => jobs.newest(),
  ];
}

/** The console's pages. `before`: the newest license and event. */
export function pagesOf(reader: LedgerReader, { names }: Before): Work {
  const page = { mode: 'live', limit: 5 } as const;
  return [
    () => reader.listOrderPage({ ...page, now: SOLD_AT }),
    () => reader.listOrderPage({ ...page, before: 1, now: SOLD_AT }),
    () => reader.listLicensePage(page),
    () => reader.listLicensePage({ ...page, before: 1 }),
    ...(['all', 'failed', 'flagged'] as const).flatMap((which) => [
      () => reader.listEventPage({ ...page, which }),
      () => reader.listEventPage({ ...page, which, before: 1 }),
    ]),
    () => reader.listAnnouncements({ limit: 5, state: 'waiting' }),
    () => reader.listAnnouncements({ limit: 5 }),
    () => reader.countAnnouncements('live'),
    () => reader.attention('live'),
    () => reader.listDownloadedOften({ mode: 'live', since: SOLD_AT, least: 1, limit: 5 }),
    () => reader.findOrdersBeginning('live', names[0] ?? '', 5),
    () => reader.findOrdersBeginning('test', 'A', 5),
  ];
}
