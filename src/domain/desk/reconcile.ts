/**
 * Reconciles the ledger with what a marketplace's API has: events that never came are shown, or fed in like webhooks. What
 * the API does not have says nothing: no entry, an empty page or an error takes nothing back.
 */
import type { EventHead, MarketplaceEvent } from '../facts/event.ts';
import type { Fact } from '../facts/fact.ts';
import type { Ledger } from '../ledger.ts';
import { type Received, receiveEvents } from '../receive-events.ts';
import { type Day, startOfDay } from '../values/day.ts';
import type { FlagKind } from '../values/flag.ts';
import type { Marketplace, Mode } from '../values/order.ts';
import { orderSubject, subscriptionSubject } from '../values/order-subject.ts';
import { type Comparing, compareSubscription, type ListedSubscription } from './listed-subscription.ts';

/** One step of reading an API. `answer`: what it said, without personal data. */
export type HistoryPage =
  /** The payloads of events, as webhooks bring them. */
  | {
      readonly outcome: 'read';
      readonly payloads: readonly string[];
      /** Sales that the API lists without all that an event says. */
      readonly sales?: readonly ListedSale[];
      readonly subscriptions?: readonly ListedSubscription[];
      /** Tells the marketplace that the payloads in these places are applied. Resolves to what it answered where it does not take that. */
      readonly acknowledge?: (places: readonly number[]) => Promise<string | undefined>;
    }
  /** Reading stopped here: what follows is not known. `isAll`: the API has no more of it, whenever it is asked. */
  | { readonly outcome: 'stopped'; readonly answer: string; readonly isAll?: true };

/** A sale as a list has it: enough to miss it, and too little to issue a license. */
export interface ListedSale {
  /** The names of the order, any of which the ledger may know. */
  readonly names: readonly [string, ...string[]];
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
}

/** What the ledger lacks. */
export interface Lacking {
  readonly id: string;
  readonly type: string;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  /** Names of orders and subscriptions. */
  readonly about: readonly string[];
  /** `shown`: nothing was changed. `flagged`: a person decides. `failed`: it could not be read or applied, and is kept. */
  readonly outcome: 'shown' | 'flagged' | 'applied' | 'unmatched' | 'known' | 'failed';
}

export interface Reconciled {
  /** Entries of the API that were read. */
  readonly read: number;
  readonly lacking: readonly Lacking[];
  /** Sales from before the first day that the ledger does not have, which are left alone. */
  readonly older: number;
  /** Why reading stopped before its end. */
  readonly stopped?: string;
  /** All that the API still has was read. */
  readonly isAll?: true;
}

export interface Reconciling {
  readonly ledger: Pick<
    Ledger,
    'find' | 'findEvents' | 'findMissing' | 'ingest' | 'keepFailed' | 'showOrder' | 'addFacts'
  >;
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly now: number;
  readonly pages: AsyncIterable<HistoryPage>;
  readonly lastValidOf: Comparing['lastValidOf'];
  /** Throws for a payload that is no event. */
  readonly read: (payload: string) => Received;
  /** Sales before this day are not issued: their customers may have been served long ago. */
  readonly since: Day;
  readonly apply: boolean;
}

export async function reconcile({ pages, ...parts }: Reconciling): Promise<Reconciled> {
  const lacking: Lacking[] = [];
  const named = new Set<string>();
  let count = 0;
  let older = 0;
  for await (const page of pages) {
    if (page.outcome === 'stopped') {
      const { answer, isAll } = page;
      return { read: count, lacking, older, stopped: answer, ...(isAll && { isAll }) };
    }
    const found: Found[] = [];
    for (const payload of page.payloads) found.push(await reconcileOne(payload, parts));
    for (const sale of page.sales ?? []) found.push(await reconcileSale(sale, parts));
    for (const listed of page.subscriptions ?? []) found.push(await reconcileSubscription(listed, parts));
    count += found.length;
    older += found.filter((one) => one === 'older').length;
    const lacked = found.filter((one) => typeof one === 'object');
    // A list may have an entry twice, such as where a newer one moved it to the next page.
    lacking.push(...lacked.filter((one) => one === UNREADABLE || named.size < named.add(nameOf(one)).size));
    if (!parts.apply) continue;
    // One that fails or is left alone stays there, and keeps no other from being done.
    const places = page.payloads.flatMap((_, place) => (isDone(found[place]) ? [place] : []));
    const refused = await page.acknowledge?.(places);
    if (refused !== undefined) return { read: count, lacking, older, stopped: refused };
  }
  return { read: count, lacking, older };
}

type Found = Lacking | 'older' | 'there';

function isDone(found: Found | undefined): boolean {
  return found === 'there' || (typeof found === 'object' && found.outcome !== 'failed');
}

function nameOf({ type, id }: Lacking): string {
  return JSON.stringify([type, id]);
}

type Around = Omit<Reconciling, 'pages'>;

async function reconcileOne(payload: string, around: Around): Promise<Found> {
  const { ledger, read, apply } = around;
  const received = orUndefined(() => read(payload));
  if (received === undefined) return UNREADABLE;
  const event = orUndefined(() => received.read());
  const { id, type, at } = received.head;
  if (event === undefined && !(await isLost(received.head, ledger))) return 'there';
  const missing = event === undefined ? [] : await missingOf(event, ledger);
  if (event !== undefined && missing.length === 0) return 'there';
  if (await isOlder(missing, around)) return 'older';
  const about = [...new Set(missing.map(({ subject }) => subject))];
  if (!apply) return { id, type, at, about, outcome: event === undefined ? 'failed' : 'shown' };
  const [receipt] = await receiveEvents([{ head: received.head, read: () => reconciled(received) }], ledger);
  return { id, type, at, about, outcome: receipt?.outcome ?? 'failed' };
}

/**
 * A sale from before the first day, or a charge of a subscription that the ledger does not have: what it pays for would be
 * issued, to a customer who was served by something else.
 */
async function isOlder(missing: readonly Fact[], around: Around): Promise<boolean> {
  const { ledger, marketplace, mode, since } = around;
  const old = missing.filter(({ at }) => at < startOfDay(since));
  if (old.some(({ body }) => body.kind === 'sold')) return true;
  for (const { subject, body } of old) {
    if (body.kind !== 'paid' || body.covers === undefined) continue;
    const { licenses, owed, facts } = await ledger.showOrder(subject);
    const isKnown = [...licenses, ...owed, ...facts].some(
      (row) => row.marketplace === marketplace && row.mode === mode,
    );
    if (!isKnown) return true;
  }
  return false;
}

/** The history says that no webhook brought it. */
function reconciled({ read }: Received): MarketplaceEvent {
  const event = read();
  return { ...event, facts: event.facts.map((fact) => ({ ...fact, cause: `${fact.cause} (reconciled)` })) };
}

const UNREADABLE: Lacking = { id: '', type: 'unreadable', at: 0, about: [], outcome: 'failed' };

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The facts that the ledger does not have. An event that was applied says nothing new. */
async function missingOf(event: MarketplaceEvent, ledger: Reconciling['ledger']) {
  const { facts } = event;
  if (facts.length === 0 || !(await isLost(event, ledger))) return [];
  return ledger.findMissing(facts);
}

/** The event never came, or could not be applied. */
async function isLost({ id, marketplace, mode }: EventHead, ledger: Reconciling['ledger']): Promise<boolean> {
  const [kept] = await ledger.findEvents({ id, marketplace, mode, limit: 1 });
  return kept === undefined || kept.outcome === 'failed';
}

/** The request for a license of it may be on its way. */
const SETTLING_MILLISECONDS = 3_600_000;

async function reconcileSale({ names, at }: ListedSale, around: Around): Promise<Found> {
  const { ledger, marketplace, mode, now, since } = around;
  if (at > now - SETTLING_MILLISECONDS) return 'there';
  for (const name of names) {
    const { licenses, owed, facts } = await ledger.showOrder(name);
    const known = [...licenses, ...owed, ...facts];
    if (known.some((row) => row.marketplace === marketplace && row.mode === mode)) return 'there';
  }
  if (at < startOfDay(since)) return 'older';
  const [name] = names;
  const note = `${marketplace} lists order ${name} as paid, and neither a request nor an event of it came: look at it there, and issue its licenses`;
  const fact = { subject: orderSubject(name), key: `listed:${name}`, at, note, why: 'undelivered' } as const;
  return flagListed({ id: name, type: 'sale', ...fact }, around);
}

async function reconcileSubscription(listed: ListedSubscription, around: Around): Promise<Found> {
  const { subscription, at } = listed;
  if (at > around.now - SETTLING_MILLISECONDS) return 'there';
  const compared = await compareSubscription(listed, around);
  if (compared === 'there') return 'there';
  if ('feed' in compared) return reconcileOne(compared.feed, around);
  if (at < startOfDay(around.since)) return 'older';
  const subject = subscriptionSubject(subscription);
  const key = `listed:${subscription}:${listed.until ?? ''}`;
  const fact = { subject, key, at, note: compared.note, why: 'undelivered' } as const;
  return flagListed({ id: subscription, type: 'subscription', ...fact }, around);
}

interface Unserved extends Pick<Fact, 'subject' | 'key' | 'at'>, Pick<Lacking, 'id' | 'type'> {
  readonly note: string;
  readonly why: FlagKind;
}

/** What a list proves to be lacking, and too little to issue a license: flagged once. */
async function flagListed(told: Unserved, around: Around): Promise<Found> {
  const { id, type, subject, key, at, note, why } = told;
  const { ledger, marketplace, mode, apply } = around;
  const lacking = { id, type, at, about: [subject] } as const;
  const body = { kind: 'noted', note, flag: true, why } as const;
  const fact = { marketplace, mode, subject, key, at, cause: 'a list of its API (reconciled)', body };
  if ((await ledger.findMissing([fact])).length === 0) return 'there';
  if (!apply) return { ...lacking, outcome: 'shown' };
  await ledger.addFacts([fact]);
  return { ...lacking, outcome: 'flagged' };
}
