/** Gumroad's pings: each is kept, looked up at the API, and read as the API has it (docs/marketplaces/gumroad.md). */
import { createHash } from 'node:crypto';
import type { EventHead, MarketplaceEvent } from '../../domain/facts/event.ts';
import type { Received } from '../../domain/receive-events.ts';
import { awaitedSale } from '../../domain/sales/awaited-lines.ts';
import { dayOf } from '../../domain/values/day.ts';
import type { Mode } from '../../domain/values/order.ts';
import { orderSubject } from '../../domain/values/order-subject.ts';
import type { Product } from '../../domain/values/product.ts';
import { AppError } from '../../errors.ts';
import { completedHead, partsOfCompleted } from '../completed-event.ts';
import type { Secrets } from '../event-store.ts';
import { isRecord, type Loose, parseBody, recordOf, timeOf } from '../loose.ts';
import type { EventMarketplace } from '../marketplace.ts';
import { factsTold, type Told } from '../told.ts';
import { orUnreadable } from '../unreadable.ts';
import { callerOf } from './authenticity.ts';
import { confirmedFacts, isPaid, peopleOf, readingOf } from './confirmed.ts';
import { lackingOf } from './fetching.ts';
import { type Claim, claimKey, claimOf, parsePing, payloadOf, unreadPayloadOf } from './ping.ts';
import { type FindSold, findSold } from './product-keys.ts';
import { saleFacts } from './sales.ts';
import { stateFacts } from './subscriptions.ts';

const MARKETPLACE = 'gumroad';

/** The field with which the simulator says what the API would answer. */
export const SIMULATED = 'simulated';

/** The field with which it says when: its lives reach into the future. */
export const SIMULATED_AT = 'simulated_at';

const REMEDY =
  'Set GUMROAD_ACCESS_TOKEN, so that Gumroad can be asked whether it is so, or issue it by `license issue`.';

export function gumroadEvents({
  products,
  secrets,
}: {
  readonly products: readonly Product[];
  readonly secrets: Secrets;
}): EventMarketplace {
  const findProduct = findSold(products);
  return {
    name: MARKETPLACE,
    title: 'Gumroad',
    mediaType: 'application/x-www-form-urlencoded',
    isAddressSecret: true,
    isSigned: (_headers, secret) => callerOf(secret, secrets) !== undefined,
    readBatch: (body, _headers, now, secret) => {
      const caller = callerOf(secret, secrets);
      if (caller === undefined) return undefined;
      const ping = parsePing(body);
      if (caller !== 'simulator') return [received(keptOf(ping, now), 'live', findProduct)];
      const { [SIMULATED]: told, [SIMULATED_AT]: at, ...own } = ping;
      const simulated = parseBody(String(told));
      const payload = JSON.stringify({ received: timeOf(at) ?? now, ping: own, simulated });
      return [received(payload, 'test', findProduct)];
    },
    partial: false,
  };
}

function keptOf(ping: Loose, now: number): string {
  try {
    claimOf(ping);
    return payloadOf(ping, now);
  } catch {
    return unreadPayloadOf(ping);
  }
}

export function readAgain(payload: string, mode: Mode, products: readonly Product[]): Received {
  return received(payload, mode, findSold(products));
}

function received(payload: string, mode: Mode, findProduct: FindSold): Received {
  const own = { marketplace: MARKETPLACE, mode, payload };
  return orUnreadable(own, () => readParsed(parseBody(payload), payload, mode, findProduct));
}

export function readParsed(parsed: unknown, payload: string, mode: Mode, findProduct: FindSold): Received {
  const completed = partsOfCompleted(parsed);
  const event = recordOf(completed === undefined ? parsed : completed.event);
  const at = timeOf(event['received']) ?? 0;
  const head = { marketplace: MARKETPLACE, at, payload };
  if (isRecord(event['listed'])) return listedEvent({ ...head, mode }, event, findProduct);
  if (!isRecord(event['ping']))
    throw new AppError('malformed_request', 'There is no ping: this is no event.');
  const claim = claimOf(event['ping']);
  const own = { ...head, id: idOf(claim, event['ping'], at), type: claim.resource };
  if (isRecord(event[SIMULATED])) {
    // Only the simulator's secret brings it, and nothing of it is live.
    return confirmedEvent({ ...own, mode: 'test' }, claim, event[SIMULATED], findProduct);
  }
  if (completed === undefined) return claimedEvent({ ...own, mode: isTest(claim) ? 'test' : mode }, claim);
  const fetched = recordOf(completed.fetched);
  // A question of the checkout may be called "test" too: what was paid is no test. The simulator's pings lack nothing.
  const isReal = isPaid(claim, fetched) && (mode === 'live' || isTest(claim));
  const whole = completedHead(
    { ...own, mode: isReal ? 'live' : modeOfUnpaid(claim, mode) } as const,
    payload,
  );
  return confirmedEvent(whole, claim, fetched, findProduct, { isCompletion: true });
}

function isTest(claim: Claim): boolean {
  return claim.about === 'sale' && claim.isTest;
}

/** A subscription of which nothing was paid is a test; of a sale the ping says whether. */
function modeOfUnpaid(claim: Claim, mode: Mode): Mode {
  return claim.about === 'subscription' || isTest(claim) ? 'test' : mode;
}

/** The same for a ping that comes twice. It is asked for again the next day: what is so may have changed. */
function idOf(claim: Claim, ping: Loose, at: number): string {
  const day = dayOf(at);
  switch (claim.about) {
    case 'sale':
      return `${claim.resource}:${claim.sale}:${claim.isWhole ? 'whole:' : ''}${day}`;
    case 'subscription':
      return `${claim.resource}:${claim.subscription}:${digestOf(claim.when)}:${day}`;
    case 'nothing':
      return `${claim.resource}:${digestOf({ ...ping, retry_count: undefined })}`;
  }
}

function digestOf(told: unknown): string {
  return createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 32);
}

/** A claim: it sells nothing, and its order is kept. */
function claimedEvent(head: EventHead, claim: Claim): Received {
  const read = (): MarketplaceEvent => {
    const isSale =
      claim.about === 'sale' &&
      claim.resource === 'sale' &&
      !claim.isFurther &&
      !claim.isPreorder &&
      !claim.isTest;
    const facts: Told[] = isSale
      ? [{ subject: orderSubject(claim.sale), key: claimKey(claim.sale), body: awaitedSale(REMEDY) }]
      : [];
    return {
      ...head,
      facts: factsTold(head, facts, causeOf(head)),
      people: [],
      codes: [],
      ...(lackingOf(claim) !== undefined && { isLacking: true }),
    };
  };
  return { head, read };
}

function confirmedEvent(
  head: EventHead,
  claim: Claim,
  fetched: Loose,
  findProduct: FindSold,
  more: { readonly isCompletion?: true } = {},
): Received {
  const read = (): MarketplaceEvent => ({
    ...head,
    facts: factsTold(head, confirmedFacts(claim, fetched, head.at, findProduct), causeOf(head)),
    people: head.mode === 'test' || isPaid(claim, fetched) ? peopleOf(fetched) : [],
    codes: [],
    ...more,
  });
  return { head, read };
}

/** An entry of the list of what was paid. `isState`: that of its subscription, instead of the sale. */
function listedEvent(head: Omit<EventHead, 'id' | 'type'>, event: Loose, findProduct: FindSold): Received {
  const sale = recordOf(event['listed']);
  const isState = event['isState'] === true;
  const reading = readingOf(sale, head.at, findProduct);
  const type = isState ? 'subscription_listed' : 'sale_listed';
  const own = { ...head, id: `${type}:${reading.id}:${digestOf(sale)}`, type };
  const read = (): MarketplaceEvent => ({
    ...own,
    facts: factsTold(own, isState ? stateFacts(reading, reading) : saleFacts(reading), causeOf(own)),
    people: isState ? [] : peopleOf({ sale }),
    codes: [],
  });
  return { head: own, read };
}

function causeOf({ type, id }: EventHead): string {
  return `${type} ${id}`;
}

export function lacks(payload: string): string | undefined {
  const event = recordOf(parseBody(payload));
  if (!isRecord(event['ping']) || event[SIMULATED] !== undefined) return undefined;
  return lackingOf(claimOf(event['ping']));
}
