/** Reads FastSpring's events into facts. */
import type { MarketplaceEvent } from '../../domain/facts/event.ts';
import type { Fact } from '../../domain/facts/fact.ts';
import type { Mode } from '../../domain/values/order.ts';
import { AppError } from '../../errors.ts';
import { booleanOf, isRecord, type Loose, recordOf, textOf, timeOf } from '../loose.ts';
import { chargebackFacts } from './chargebacks.ts';
import { codesOf } from './delivered-codes.ts';
import { failedFulfillmentFacts } from './failed-fulfillment.ts';
import { groupFacts } from './groups.ts';
import { canceledOrderFacts, completedFacts, failedOrderFacts } from './orders.ts';
import { peopleOf } from './people.ts';
import type { FindByPath } from './product-keys.ts';
import { returnFacts } from './returns.ts';
import { subscriptionFacts } from './subscriptions.ts';
import type { Reading, Told } from './told.ts';

/** One event of a batch, its payload verbatim. Throws AppError `malformed_request` for an invalid event. */
export function readEvent(payload: string, findProduct: FindByPath): MarketplaceEvent {
  return readParsed(JSON.parse(payload), payload, findProduct);
}

/** The same for a parsed payload. */
export function readParsed(event: unknown, payload: string, findProduct: FindByPath): MarketplaceEvent {
  const { data, ...head } = headOf(event, payload);
  const reading: Reading = { type: head.type, data, mode: head.mode, created: head.at, findProduct };
  const told = factsOf(reading);
  // FastSpring's own example of a delivery has empty objects.
  if (readerOf(head.type) !== undefined && !isRecord(recordOf(event)['data']))
    throw new AppError('malformed_request', 'An event has no data.');
  // An event without a time has no order among the others, and a license from it would begin in 1970.
  if (told.length > 0 && head.at === 0) throw new AppError('malformed_request', 'An event has no time.');
  const used = new Set<string>();
  const facts = told.map(({ subject, key, at, body, mode }) => ({
    marketplace: 'fastspring' as const,
    mode: mode ?? head.mode,
    subject,
    key: key ?? freshKey(`${head.type}:${subject}:${head.at}:${body.kind}`, used),
    at: at ?? head.at,
    cause: `${head.type} ${head.id}${body.kind === 'paid' && body.until === null ? UNDATED : ''}`,
    body,
  }));
  return { ...head, facts: eachOnce(facts), people: peopleOf(reading), codes: codesOf(reading) };
}

/** Each key once: the members of a group have the same names of its order. */
function eachOnce(facts: readonly Fact[]): Fact[] {
  const keys = new Set<string>();
  return facts.filter(({ mode, key }) => keys.size < keys.add(`${mode} ${key}`).size);
}

/** For the history, where a payment has no end date. */
const UNDATED = " (tells no date: the product's term, until one is told)";

/** The same for a resend under another event id; several facts of one kind are numbered. */
function freshKey(key: string, used: Set<string>): string {
  let fresh = key;
  for (let count = 2; used.has(fresh); count++) fresh = `${key}:${count}`;
  used.add(fresh);
  return fresh;
}

/** A contradiction counts as a test: a test order never gets a live code. */
export function modeOf(event: unknown): Mode {
  if (!isRecord(event)) return 'test';
  const isLive = booleanOf(event['live']) === true && booleanOf(recordOf(event['data'])['live']) !== false;
  return isLive ? 'live' : 'test';
}

/** The members that every event has, whatever its type, so that an event that is unreadable otherwise is stored too. */
export function headOf(event: unknown, payload: string) {
  const [id, type] = isRecord(event) ? [textOf(event['id']), textOf(event['type'])] : [];
  if (!isRecord(event) || id === undefined || type === undefined) {
    throw new AppError('malformed_request', 'An event has no id or no type.');
  }
  const data: Loose = recordOf(event['data']);
  const mode = modeOf(event);
  const at = timeOf(event['created']) ?? 0;
  return { marketplace: 'fastspring' as const, mode, id, type, at, payload, data };
}

function factsOf(reading: Reading): readonly Told[] {
  return readerOf(reading.type)?.(reading) ?? [];
}

type Reader = (reading: Reading) => readonly Told[];

function readerOf(type: string): Reader | undefined {
  if (type.startsWith('subscription.group.')) return groupFacts;
  return type.startsWith('subscription.') ? subscriptionFacts : READERS.get(type);
}

const READERS: ReadonlyMap<string, Reader> = new Map([
  ['order.completed', completedFacts],
  ['order.canceled', canceledOrderFacts],
  ['order.failed', failedOrderFacts],
  ['return.created', returnFacts],
  ['chargeback.created', chargebackFacts],
  ['fulfillment.failed', failedFulfillmentFacts],
]);
