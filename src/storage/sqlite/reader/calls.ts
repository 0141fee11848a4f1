/** What the worker answers: the reads by name, over its own read-only connection. */
import { readOnlyConnection } from '../file/connection.ts';
import { SqliteLedger } from '../sqlite-ledger.ts';
import { PageReader } from './pages.ts';

export interface ReaderPlace {
  readonly file: string;
  readonly idSecret: Uint8Array;
}

export type Calls = ReturnType<typeof callsOn>;
export type CallName = keyof Calls;

export function callsOn({ file, idSecret }: ReaderPlace) {
  const connection = readOnlyConnection(file);
  const ledger = new SqliteLedger(connection, { idSecret });
  const pages = new PageReader(connection);
  return {
    find: ledger.find.bind(ledger),
    findFlags: ledger.findFlags.bind(ledger),
    findEventsAbout: ledger.findEventsAbout.bind(ledger),
    countUndelivered: ledger.countUndelivered.bind(ledger),
    countTerms: ledger.countTerms.bind(ledger),
    findOtherTerms: ledger.findOtherTerms.bind(ledger),
    codesAfter: ledger.codesAfter.bind(ledger),
    listOrderPage: pages.orders.bind(pages),
    listLicensePage: pages.licenses.bind(pages),
    listEventPage: pages.events.bind(pages),
    listAnnouncements: ledger.outbox.list.bind(ledger.outbox),
    listTargets: ledger.outbox.targets.bind(ledger.outbox),
    countAnnouncements: pages.countAnnouncements.bind(pages),
    attention: pages.attention.bind(pages),
    listDownloadedOften: pages.downloadedOften.bind(pages),
    figures: pages.figures.bind(pages),
    findOrdersBeginning: pages.ordersBeginning.bind(pages),
  };
}
