/** The channel `complete`: fetches what an event lacks, and applies the event together with it. */
import type { Ledger } from '../domain/ledger.ts';
import type { Announcement } from '../domain/values/announcement.ts';
import type { Product } from '../domain/values/product.ts';
import { completedPayload } from '../marketplaces/completed-event.ts';
import type { Account, Fetched, MarketplaceDefinition } from '../marketplaces/marketplace.ts';
import type { Channel, Tried } from './channel.ts';

export interface CompleteSources {
  readonly ledger: Pick<Ledger, 'findEvents' | 'ingest'>;
  readonly marketplaces: readonly Pick<MarketplaceDefinition, 'name' | 'loadStoredEvents'>[];
  readonly accounts: readonly Pick<Account, 'marketplace' | 'fetch'>[];
  readonly products: readonly Product[];
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
}

export function createCompleteChannel(sources: CompleteSources): Channel {
  return { name: 'complete', send: (announcement, signal) => complete(announcement, signal, sources) };
}

/** The announcement's target is the marketplace, its topic the id of the event. */
async function complete(
  { target, topic, marketplace, mode }: Announcement,
  signal: AbortSignal,
  { ledger, marketplaces, accounts, products, now }: CompleteSources,
): Promise<Tried> {
  const definition = marketplaces.find(({ name }) => name === target);
  const account = accounts.find((one) => one.marketplace === target);
  if (definition === undefined || account?.fetch === undefined) {
    return { outcome: 'target failed', answer: `nothing can be fetched of ${target}` };
  }
  const [event] = await ledger.findEvents({ id: topic, marketplace, mode, limit: 1 });
  // Erasing a person deletes the payload, so that their data are not fetched again.
  if (event === undefined || event.payload === null) {
    return { outcome: 'dropped', reason: 'the event is no longer kept' };
  }
  const { payload } = event;
  const { lacks, readAgain } = await definition.loadStoredEvents();
  const lacking = lacks?.(payload);
  if (lacking === undefined) return { outcome: 'dropped', reason: 'the event lacks nothing' };
  const fetched = await account.fetch(lacking, mode, signal);
  if (fetched.outcome !== 'fetched') return triedOf(fetched, now());
  const completed = readAgain(completedPayload(payload, fetched.text), mode, products);
  const outcome = await ledger.ingest(completed.read());
  return { outcome: 'sent', answer: `fetched, and ${outcome}` };
}

function triedOf(fetched: Exclude<Fetched, { readonly outcome: 'fetched' }>, now: number): Tried {
  if (fetched.outcome !== 'failed') return fetched;
  const { outcome, answer, pause } = fetched;
  return { outcome, answer, ...(pause !== undefined && { notBefore: now + pause }) };
}
