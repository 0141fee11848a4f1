/** Lemon Squeezy's webhooks: authenticates a delivery, and reads its event (docs/marketplaces/lemon-squeezy.md). */
import { z } from 'zod';
import type { EventHead, MarketplaceEvent } from '../../domain/facts/event.ts';
import type { Received } from '../../domain/receive-events.ts';
import type { Mode } from '../../domain/values/order.ts';
import { orderSubject } from '../../domain/values/order-subject.ts';
import { AppError } from '../../errors.ts';
import { completedHead, partsOfCompleted } from '../completed-event.ts';
import { jsonEvents } from '../json-events.ts';
import { booleanOf, isRecord, type Loose, listOf, parseBody, recordOf, textOf } from '../loose.ts';
import { customerOf } from '../person.ts';
import { momentIn } from '../rfc3339.ts';
import { demand, factsTold, type Told } from '../told.ts';
import { callerOf, isSignatureShaped, SIGNATURE_HEADER } from './authenticity.ts';
import { eventIdOf } from './event-id.ts';
import { invoiceFacts } from './invoices.ts';
import { licenseKeyFacts } from './license-keys.ts';
import { completedFacts, isSale, orderFacts } from './orders.ts';
import { type FindByVariant, findByVariant } from './product-keys.ts';
import { subscriptionFacts } from './subscriptions.ts';
import type { Reading } from './told.ts';

const MARKETPLACE = 'lemon-squeezy';

const delivery = z
  .looseObject({
    meta: z.looseObject({ event_name: z.string() }),
    data: z.looseObject({ type: z.string(), id: z.string(), attributes: z.looseObject({}) }),
  })
  .meta({ id: 'LemonSqueezyEvent', description: 'An event as Lemon Squeezy sends it' });

export const { events: lemonSqueezyEvents, readAgain } = jsonEvents<FindByVariant>({
  name: MARKETPLACE,
  title: 'Lemon Squeezy',
  delivery,
  signature: { header: SIGNATURE_HEADER, description: 'the HMAC-SHA256 of the body, in hex' },
  isSignatureShaped,
  callerOf,
  findProduct: findByVariant,
  read: (parsed, payload, mode, findProduct) => readParsed(parsed, payload, mode, findProduct),
});

/** An event as such, or together with the items that it lacked. `idOf` reads all attributes. */
export function readParsed(
  parsed: unknown,
  payload: string,
  mode: Mode,
  findProduct: FindByVariant,
  idOf: typeof eventIdOf = eventIdOf,
): Received {
  const completed = partsOfCompleted(parsed);
  const told = readHead(completed === undefined ? parsed : completed.event, findProduct);
  const { kind, reading, isTest } = told;
  const own: EventHead = {
    marketplace: MARKETPLACE,
    mode: isTest ? 'test' : mode,
    id: idOf(reading.type, kind, reading.id, reading.attributes),
    type: reading.type,
    at: reading.at,
    payload,
  };
  if (completed === undefined) return { head: own, read: () => readEvent(own, kind, reading) };
  const head = completedHead(own, payload);
  return {
    head,
    read: () => {
      const facts = kind === 'orders' ? completedFacts(reading, completed.fetched) : [];
      return {
        ...head,
        facts: factsTold(head, facts, causeOf(head)),
        people: [],
        codes: [],
        isCompletion: true,
      };
    },
  };
}

interface Head {
  readonly kind: string;
  readonly reading: Reading;
  readonly isTest: boolean;
}

/** Throws AppError `malformed_request` for a call without a name or an object: it cannot be stored as an event. */
function readHead(event: unknown, findProduct: FindByVariant): Head {
  const { meta, data } = recordOf(event);
  const { type: ofKind, id: ofObject, attributes, relationships } = recordOf(data);
  const [type, kind, id] = [textOf(recordOf(meta)['event_name']), textOf(ofKind), textOf(ofObject)];
  if (!isRecord(attributes) || type === undefined || kind === undefined || id === undefined) {
    throw new AppError('malformed_request', 'meta.event_name or data is missing: this is no event.');
  }
  const items = recordOf(recordOf(relationships)['order-items'])['data'];
  const isSingle = kind === 'orders' && listOf(items).length === 1;
  const reading = { type, id, attributes, isSingle, at: changedAt(attributes), findProduct };
  return { kind, reading, isTest: isTest(recordOf(meta), attributes) };
}

/** Signed. A test is never live, whatever secret signed it. */
function isTest(meta: Loose, attributes: Loose): boolean {
  const { test_mode: ofItem } = recordOf(attributes['first_order_item']);
  return [meta['test_mode'], attributes['test_mode'], ofItem].some((told) => booleanOf(told) === true);
}

/** An event has no time of its own. A subscription's quantity is changed in its item, which has another time (captures). */
function changedAt(attributes: Loose): number {
  const item = recordOf(attributes['first_subscription_item']);
  const times = [attributes['updated_at'], item['updated_at'], attributes['created_at']];
  return Math.max(0, ...times.flatMap((time) => momentIn(time) ?? []));
}

function causeOf({ type, id }: EventHead): string {
  return `${type} ${id}`;
}

function readEvent(head: EventHead, kind: string, reading: Reading): MarketplaceEvent {
  const facts = factsTold(head, factsOf(kind, reading), causeOf(head));
  const people = peopleOf(kind, reading);
  return { ...head, facts, people, codes: [], ...(isLacking(kind, reading) && { isLacking: true }) };
}

/** By the object, whatever the event is called. Unknown objects concern no license: they are kept and acknowledged. */
function factsOf(kind: string, reading: Reading): readonly Told[] {
  switch (kind) {
    case 'orders':
      return orderFacts(reading);
    case 'subscriptions':
      return subscriptionFacts(reading);
    case 'subscription-invoices':
      return invoiceFacts(reading);
    case 'license-keys':
      return licenseKeyFacts(reading);
    default:
      return demand(OURS.test(reading.type) ? undefined : [], 'known data.type');
  }
}

const OURS =
  /^(order_(created|refunded)|subscription_(created|updated|cancelled|resumed|expired|(un)?paused|payment_\w+))$/;

function peopleOf(kind: string, { id, attributes }: Reading): MarketplaceEvent['people'] {
  if (kind !== 'orders') return [];
  const [name, email] = [textOf(attributes['user_name']), textOf(attributes['user_email'])];
  if (name === undefined && email === undefined) return [];
  return [{ subject: orderSubject(id), customer: customerOf(name, email) }];
}

/** An order's event shows its first item alone. */
function isLacking(kind: string, { type, attributes, isSingle }: Reading): boolean {
  return kind === 'orders' && type === 'order_created' && isSale(attributes) && !isSingle;
}

/** The order whose items the event lacks. */
export function lacks(payload: string): string | undefined {
  const { kind, reading } = readHead(parseBody(payload), () => undefined);
  return isLacking(kind, reading) ? reading.id : undefined;
}
