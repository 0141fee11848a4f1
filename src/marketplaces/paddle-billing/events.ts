/** Paddle Billing's webhooks: authenticates a delivery, and reads its event (docs/marketplaces/paddle-billing.md). */
import { z } from 'zod';
import type { EventHead, MarketplaceEvent } from '../../domain/facts/event.ts';
import type { Received } from '../../domain/receive-events.ts';
import type { Mode } from '../../domain/values/order.ts';
import { orderSubject } from '../../domain/values/order-subject.ts';
import { AppError } from '../../errors.ts';
import { completedHead, partsOfCompleted } from '../completed-event.ts';
import { jsonEvents } from '../json-events.ts';
import { isRecord, type Loose, needObject, parseBody, recordOf, textOf } from '../loose.ts';
import { momentIn } from '../rfc3339.ts';
import { factsTold, type Told } from '../told.ts';
import { adjustmentFacts } from './adjustments.ts';
import { callerOf, isSignatureShaped, SIGNATURE_HEADER } from './authenticity.ts';
import { claim } from './claim.ts';
import { readCustomer } from './customer.ts';
import { languageFacts } from './language.ts';
import { type FindByPrice, findByPrice } from './product-keys.ts';
import { subscriptionFacts } from './subscriptions.ts';
import type { Reading } from './told.ts';
import { isSale, transactionFacts } from './transactions.ts';

const MARKETPLACE = 'paddle-billing';

const delivery = z
  .looseObject({
    event_id: z.string(),
    event_type: z.string(),
    occurred_at: z.string(),
    data: z.looseObject({}),
  })
  .meta({ id: 'PaddleBillingEvent', description: 'An event as Paddle Billing sends it' });

export const { events: paddleBillingEvents, readAgain } = jsonEvents<FindByPrice>({
  name: MARKETPLACE,
  title: 'Paddle Billing',
  delivery,
  signature: {
    header: SIGNATURE_HEADER,
    description: 'ts=…;h1=…: the time, and the HMAC-SHA256 of the time, a colon and the body, in hex',
  },
  isSignatureShaped,
  callerOf,
  findProduct: findByPrice,
  read: readParsed,
  claim,
});

/** The event as such, or together with the customer that it lacked. */
export function readParsed(parsed: unknown, payload: string, mode: Mode, findProduct: FindByPrice): Received {
  const completed = partsOfCompleted(parsed);
  if (completed === undefined) {
    const { data, ...head } = headOf(parsed, payload, mode);
    return { head, read: () => readEvent(head, data, findProduct) };
  }
  const { data, ...own } = headOf(completed.event, payload, mode);
  const head = completedHead(own, payload);
  const customer = recordOf(completed.fetched)['data'];
  const people = peopleOf(data, customer);
  const read = () => {
    const language = languageFacts(data, customer, findProduct);
    const facts = factsTold(head, language, `${own.type} ${own.id}`);
    return { ...head, facts, people, codes: [], isCompletion: true } as const;
  };
  return { head, read };
}

function peopleOf(data: Loose, told: unknown): MarketplaceEvent['people'] {
  const order = textOf(data['id']);
  const customer = readCustomer(told);
  if (order === undefined || customer === undefined || !isSale(data)) return [];
  return [{ subject: orderSubject(order), customer }];
}

/** Throws AppError `malformed_request` for a call without an id or a type: it cannot be stored as an event. */
function headOf(event: unknown, payload: string, mode: Mode): EventHead & { readonly data: Loose } {
  const members = recordOf(event);
  const [id, type] = [textOf(members['event_id']), textOf(members['event_type'])];
  if (!isRecord(event) || id === undefined || type === undefined) {
    throw new AppError('malformed_request', 'event_id or event_type is missing: this is no event.');
  }
  const at = momentIn(members['occurred_at']) ?? 0;
  return {
    marketplace: MARKETPLACE,
    mode: isSimulated(id) ? 'test' : mode,
    id,
    type,
    at,
    payload,
    data: recordOf(members['data']),
  };
}

/** Paddle's webhook simulator works in live accounts too, and signs with the true secret. */
function isSimulated(id: string): boolean {
  return id.toLowerCase().startsWith('ntfsim');
}

function readEvent(head: EventHead, data: Loose, findProduct: FindByPrice): MarketplaceEvent {
  const { id, type, at } = head;
  // Only Paddle's API includes the customer in a transaction.
  const customer = type.startsWith('transaction.') ? data['customer'] : undefined;
  const language = customer === undefined ? [] : languageFacts(data, customer, findProduct);
  const told = [...factsOf({ type, data, at, findProduct }), ...language];
  const facts = factsTold(head, told, `${type} ${id}`);
  const people = customer === undefined ? [] : peopleOf(data, customer);
  const isLacking = lacking(type, data) !== undefined;
  return { ...head, facts, people, codes: [], ...(isLacking && { isLacking }) };
}

/** Unknown events concern no license: they are kept and acknowledged. */
function factsOf(reading: Reading): readonly Told[] {
  const reader = READERS.get(reading.type.split('.')[0] ?? '');
  if (reader === undefined) return [];
  needObject(reading.type, reading.data);
  return reader(reading);
}

const READERS: ReadonlyMap<string, (reading: Reading) => readonly Told[]> = new Map([
  ['transaction', transactionFacts],
  ['subscription', subscriptionFacts],
  ['adjustment', adjustmentFacts],
]);

/** The id of the customer: a sale's event has neither name nor address. */
function lacking(type: string, data: Loose): string | undefined {
  if (type !== 'transaction.completed' || !isSale(data)) return undefined;
  return readCustomer(data['customer']) === undefined ? textOf(data['customer_id']) : undefined;
}

export function lacks(payload: string): string | undefined {
  const event = recordOf(parseBody(payload));
  return lacking(textOf(event['event_type']) ?? '', recordOf(event['data']));
}
