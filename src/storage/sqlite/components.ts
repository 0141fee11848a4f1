/** Creates the components of a ledger on SQLite, over one connection. */
import type { Market } from '../../domain/changes.ts';
import type { Subject } from '../../domain/facts/fact.ts';
import type { OrderStory } from '../../domain/ports/ledger-views.ts';
import type { ServiceRules } from '../../domain/rules.ts';
import { orderSubject } from '../../domain/values/order-subject.ts';
import { Sealer } from '../record/sealer.ts';
import { Acts } from './acts.ts';
import { AddressChanges } from './address-changes.ts';
import { ConsoleTables } from './console-tables.ts';
import { Customers } from './customers.ts';
import { DailyTable } from './daily.ts';
import { DownloadTable } from './downloads.ts';
import { DueFinder } from './due.ts';
import { Events } from './events.ts';
import type { Connection } from './file/connection.ts';
import { Flags } from './flags.ts';
import { Forgetter } from './forgetting.ts';
import { Inquiries } from './inquiries.ts';
import { JobTable } from './jobs.ts';
import { LicensePapers } from './license-papers.ts';
import { Loader } from './load.ts';
import { Messages } from './messages.ts';
import { MissingFacts } from './missing-facts.ts';
import { OrderLister } from './order-list.ts';
import { OrderReader } from './orders.ts';
import { Outbox } from './outbox/outbox.ts';
import { Pen } from './pens.ts';
import { People } from './people.ts';
import { RefusedCallTable } from './refused-calls.ts';
import { RevocationLists } from './revocation-lists.ts';
import { Saver } from './save.ts';
import { SelfServiceActs } from './self-service.ts';
import { SoldTerms } from './sold-terms.ts';
import { StoryFinder } from './stories.ts';
import { TermsTable } from './terms-table.ts';

/** What a database whose rows are loaded beforehand must know of reads (postgres/needs.ts). */
export interface Guards {
  onNames(names: ReadonlySet<Subject>, market: Market): void;
  onUnknownTerms(digest: string): void;
  onWaitingMail(): void;
}

export interface ComponentOptions {
  readonly guards?: Guards;
  /** New licenses that `daily` counts at a time. */
  readonly dailyBatch?: number;
  readonly idSecret: Uint8Array;
  readonly rules: ServiceRules | undefined;
  /** Runs an act in a durable transaction. */
  readonly write: <T>(act: () => T) => Promise<T>;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
  /** The time by which announcements are due; `now`: the same by the writer's clock. Default: that one. */
  readonly outboxTime?: (now: number) => number;
}

export type Components = ReturnType<typeof createComponents>;

export function createComponents(
  connection: Connection,
  { guards, dailyBatch, idSecret, rules, write, now, outboxTime = (time) => time }: ComponentOptions,
) {
  const sealer = new Sealer(idSecret);
  const pen = new Pen(connection, sealer);
  const customers = new Customers(connection, pen);
  const flags = new Flags(connection, pen);
  const events = new Events(connection, pen);
  const people = new People(connection, customers);
  const loader = new Loader(connection, guards?.onNames);
  const soldTerms = new SoldTerms(connection);
  const daily = new DailyTable(connection, pen, dailyBatch);
  const inquiries = new Inquiries(connection, sealer);
  const changes = new AddressChanges(connection, sealer);
  const papers = new LicensePapers(connection);
  const outbox = new Outbox(connection, pen, {
    forgetTyped: (announcement) => inquiries.forget(announcement),
    onWaiting: guards?.onWaitingMail,
    timeOf: outboxTime,
  });
  const saver = new Saver(connection, pen, { customers, flags, soldTerms, daily, outbox }, now);
  const terms = new TermsTable(connection, guards?.onUnknownTerms);
  const lister = new OrderLister(connection);
  const stories = new StoryFinder(connection, people);
  const allRules = rules && { ...rules, findTerms: (digest: string) => terms.find(digest) };
  const acts = new Acts({ loader, saver, events, people, customers, changes, flags, rules: allRules });
  const selfService = new SelfServiceActs({ inquiries, changes, papers, outbox: outbox.table, acts });
  /** All that is known of an order, in every marketplace and mode. */
  const showOrder = (
    order: string,
    { byAnyName = false }: { readonly byAnyName?: boolean } = {},
  ): OrderStory => {
    const exact = () => lister.marketsOf(order).map((market) => ({ ...market, name: orderSubject(order) }));
    const named = Map.groupBy(
      byAnyName ? lister.named(order) : exact(),
      ({ marketplace, mode }) => `${marketplace} ${mode}`,
    );
    const parts = [...named.values()].flatMap((names) => {
      const [market] = names;
      if (market === undefined) return [];
      const found = loader.load(
        names.map(({ name }) => name),
        market,
      );
      const owed = found.owed.map((line) => ({ ...line, ...found.market }));
      const licenses = stories.byNumbers(found.licenses.map(({ number }) => number));
      return { licenses, owed, facts: found.facts, flags: found.flags };
    });
    return {
      licenses: parts.flatMap(({ licenses }) => licenses),
      owed: parts.flatMap(({ owed }) => owed),
      facts: parts.flatMap(({ facts }) => facts),
      flags: parts.flatMap(({ flags }) => flags),
    };
  };
  return {
    pen,
    events,
    flags,
    people,
    customers,
    orders: new OrderReader(connection),
    terms,
    soldTerms,
    daily,
    access: new ConsoleTables(connection, sealer),
    outbox,
    lister,
    stories,
    acts,
    selfService,
    downloads: new DownloadTable(connection, pen),
    jobs: new JobTable(connection),
    refusedCalls: new RefusedCallTable(connection),
    due: new DueFinder(connection),
    forgetter: new Forgetter(connection, { events, people, customers, outbox, selfService, write, now }),
    lists: new RevocationLists(connection, sealer),
    messages: new Messages(connection),
    missingFacts: new MissingFacts(connection),
    showOrder,
  };
}
