/**
 * Reconciles the ledger with what a marketplace's API has: events that never came are shown, or fed in like webhooks. What
 * the API does not have says nothing: no entry, an empty page or an error takes nothing back.
 */
import { type Day, startOfDay } from '../day.ts';
import type { MarketplaceEvent } from '../event.ts';
import type { Ledger } from '../ledger.ts';
import type { Received } from '../receive-events.ts';

/** One step of reading an API. `answer`: what it said, without personal data. */
export type HistoryPage =
  /** The payloads of events, as webhooks bring them. */
  | {
      readonly outcome: 'read';
      readonly payloads: readonly string[];
      /** Tells the marketplace that all of them are applied. Resolves to what it answered where it does not take that. */
      readonly acknowledge?: () => Promise<string | undefined>;
    }
  /** Reading stopped here: what follows is not known. */
  | { readonly outcome: 'stopped'; readonly answer: string };

/** What the ledger lacks. */
export interface Lacking {
  readonly id: string;
  readonly type: string;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  /** Names of orders and subscriptions. */
  readonly about: readonly string[];
  /** `shown`: nothing was changed. `failed`: it could not be read or applied. */
  readonly outcome: 'shown' | 'applied' | 'unmatched' | 'known' | 'failed';
}

export interface Reconciled {
  /** Entries of the API that were read. */
  readonly read: number;
  readonly lacking: readonly Lacking[];
  /** Sales from before the first day that the ledger does not have, which are left alone. */
  readonly older: number;
  /** Why reading stopped before its end. */
  readonly stopped?: string;
}

export interface Reconciling {
  readonly ledger: Pick<Ledger, 'findEvents' | 'findMissing' | 'ingest'>;
  readonly pages: AsyncIterable<HistoryPage>;
  /** Throws for a payload that is no event. */
  readonly read: (payload: string) => Received;
  /** Sales before this day are not issued: their customers may have been served long ago. */
  readonly since: Day;
  readonly apply: boolean;
}

export async function reconcile({ pages, ...parts }: Reconciling): Promise<Reconciled> {
  const lacking: Lacking[] = [];
  let count = 0;
  let older = 0;
  for await (const page of pages) {
    if (page.outcome === 'stopped') return { read: count, lacking, older, stopped: page.answer };
    const found: Found[] = [];
    for (const payload of page.payloads) found.push(await reconcileOne(payload, parts));
    count += found.length;
    older += found.filter((one) => one === 'older').length;
    const lacked = found.filter((one) => typeof one === 'object');
    lacking.push(...lacked);
    if (!parts.apply || lacked.some(({ outcome }) => outcome === 'failed')) continue;
    const refused = await page.acknowledge?.();
    if (refused !== undefined) return { read: count, lacking, older, stopped: refused };
  }
  return { read: count, lacking, older };
}

type Found = Lacking | 'older' | 'there';

async function reconcileOne(
  payload: string,
  { ledger, read, since, apply }: Omit<Reconciling, 'pages'>,
): Promise<Found> {
  const event = readOr(() => read(payload).read());
  if (event === undefined) return UNREADABLE;
  const missing = await missingOf(event, ledger);
  if (missing.length === 0) return 'there';
  if (missing.some(({ body, at }) => body.kind === 'sold' && at < startOfDay(since))) return 'older';
  const { id, type, at } = event;
  const about = [...new Set(missing.map(({ subject }) => subject))];
  if (!apply) return { id, type, at, about, outcome: 'shown' };
  // The history says that no webhook brought it.
  const facts = event.facts.map((fact) => ({ ...fact, cause: `${fact.cause} (reconciled)` }));
  return { id, type, at, about, outcome: await ledger.ingest({ ...event, facts }) };
}

const UNREADABLE: Lacking = { id: '', type: 'unreadable', at: 0, about: [], outcome: 'failed' };

function readOr(read: () => MarketplaceEvent): MarketplaceEvent | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The facts that the ledger does not have. An event that was applied says nothing new. */
async function missingOf(event: MarketplaceEvent, ledger: Reconciling['ledger']) {
  const { id, marketplace, mode, facts } = event;
  if (facts.length === 0) return [];
  const [kept] = await ledger.findEvents({ id, marketplace, mode, limit: 1 });
  if (kept !== undefined && kept.outcome !== 'failed') return [];
  return ledger.findMissing(facts);
}
