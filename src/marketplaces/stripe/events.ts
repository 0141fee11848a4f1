/** Stripe's webhooks: authenticates a delivery, and reads its event (docs/marketplaces/stripe.md). */
import { z } from 'zod';
import type { EventHead, MarketplaceEvent } from '../../domain/facts/event.ts';
import type { Received } from '../../domain/receive-events.ts';
import type { Customer, Mode } from '../../domain/values/order.ts';
import { orderSubject } from '../../domain/values/order-subject.ts';
import { AppError } from '../../errors.ts';
import { completedHead, partsOfCompleted } from '../completed-event.ts';
import { jsonEvents } from '../json-events.ts';
import { isRecord, type Loose, needObject, parseBody, recordOf, textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import { customerOf } from '../person.ts';
import { factsTold, type Told } from '../told.ts';
import { callerOf, isSignatureShaped, SIGNATURE_HEADER } from './authenticity.ts';
import { completedFacts, isAboutMoney, lackingOf } from './completing.ts';
import { invoiceFacts } from './invoices.ts';
import { chargeFacts, creditNoteFacts, disputeFacts, refundFacts } from './payments.ts';
import { type FindByPrice, findByPrice } from './product-keys.ts';
import { sessionFacts } from './sessions.ts';
import { subscriptionFacts } from './subscriptions.ts';
import type { Reading } from './told.ts';
import { idIn, momentIn } from './values.ts';

const MARKETPLACE = 'stripe';

const delivery = z
  .looseObject({
    id: z.string(),
    type: z.string(),
    created: z.int(),
    livemode: z.boolean(),
    data: z.looseObject({ object: z.looseObject({}) }),
  })
  .meta({ id: 'StripeEvent', description: 'An event as Stripe sends it' });

export const { events: stripeEvents, readAgain } = jsonEvents<FindByPrice>({
  name: MARKETPLACE,
  title: 'Stripe',
  delivery,
  signature: {
    header: SIGNATURE_HEADER,
    description: 't=…,v1=…: the time, and the HMAC-SHA256 of the time, a dot and the body, in hex',
  },
  isSignatureShaped,
  callerOf,
  findProduct: findByPrice,
  read: readParsed,
  claim: { parameter: 'session_id', orderOf: sessionOf },
});

/** Stripe puts the id of the session into the page's address: 58 random characters, of which 20 would do. */
function sessionOf(value: string): string | undefined {
  return /^cs_(live|test)_[A-Za-z0-9]{20,200}$/.test(value) ? value : undefined;
}

/** The event as such, or together with what it lacked. */
export function readParsed(parsed: unknown, payload: string, mode: Mode, findProduct: FindByPrice): Received {
  const completed = partsOfCompleted(parsed);
  if (completed === undefined) {
    const { event, ...head } = headOf(parsed, payload, mode);
    return { head, read: () => readEvent(head, event, findProduct) };
  }
  const { event, ...own } = headOf(completed.event, payload, mode);
  const head = completedHead(own, payload);
  return { head, read: () => readCompleted(head, own.type, event, recordOf(completed.fetched), findProduct) };
}

/** Throws AppError `malformed_request` for a call without an id or a type: it cannot be stored as an event. */
function headOf(event: unknown, payload: string, mode: Mode): EventHead & { readonly event: Loose } {
  const members = recordOf(event);
  const [id, type] = [textOf(members['id']), textOf(members['type'])];
  if (!isRecord(event) || id === undefined || type === undefined) {
    throw new AppError('malformed_request', 'id or type is missing: this is no event.');
  }
  const at = momentIn(members['created']) ?? 0;
  // An endpoint for connected accounts gets test events under its live secret too.
  const isLive = mode === 'live' && members['livemode'] === true;
  return { marketplace: MARKETPLACE, mode: isLive ? 'live' : 'test', id, type, at, payload, event: members };
}

function readingOf(type: string, at: number, event: Loose, findProduct: FindByPrice): Reading {
  const { object, previous_attributes } = recordOf(event['data']);
  return { type, data: recordOf(object), previous: recordOf(previous_attributes), at, findProduct };
}

function readEvent(head: EventHead, event: Loose, findProduct: FindByPrice): MarketplaceEvent {
  const reading = readingOf(head.type, head.at, event, findProduct);
  // What a connected account sells is another seller's.
  const told = textOf(event['account']) === undefined ? factsOf(reading) : [];
  const facts = factsTold(head, [...told, ...versionFacts(told, event)], causeOf(head, head.type));
  const isAwaited = told.some(({ body }) => body.kind === 'sold' && body.awaits !== undefined);
  const isLacking = (isAwaited || isAboutMoney(reading.type)) && lackingIn(event, reading) !== undefined;
  return {
    ...head,
    facts,
    people: peopleOf(head.type, reading.data),
    codes: [],
    ...(isLacking && { isLacking }),
  };
}

function readCompleted(
  head: EventHead,
  type: string,
  event: Loose,
  fetched: Loose,
  findProduct: FindByPrice,
): MarketplaceEvent {
  const reading = readingOf(type, head.at, event, findProduct);
  const facts = factsTold(head, completedFacts(reading, fetched), causeOf(head, type));
  const people = [...peopleOf('checkout.', recordOf(fetched['session'])), ...peopleOf(type, reading.data)];
  return { ...head, facts, people, codes: [], isCompletion: true };
}

/** The cause of an event's facts, and of those of what it lacked. */
function causeOf({ id }: EventHead, type: string): string {
  return `${type} ${id.replace(/:completed$/, '')}`;
}

/** Unknown events concern no license: they are kept and acknowledged. */
function factsOf(reading: Reading): readonly Told[] {
  const { type, data } = reading;
  const [, reader] = READERS.find(([start]) => type.startsWith(start)) ?? [];
  if (reader === undefined) return [];
  needObject(type, data);
  return reader(reading);
}

/** By the beginning of a type; the first one counts. */
const READERS: readonly (readonly [string, (reading: Reading) => readonly Told[]])[] = [
  ['checkout.session.', sessionFacts],
  ['invoice.', invoiceFacts],
  ['customer.subscription.', subscriptionFacts],
  ['charge.dispute.', disputeFacts],
  ['charge.refund.updated', refundFacts],
  ['refund.', refundFacts],
  ['charge.', chargeFacts],
  ['credit_note.', creditNoteFacts],
];

/** Releases whose shapes are known; within a name nothing breaks. Before them, versions were dates alone. */
const KNOWN_RELEASES: ReadonlySet<string> = new Set(['acacia', 'basil', 'clover', 'dahlia']);

/** One flag for all events of a release that is newer than this reader. */
function versionFacts([first]: readonly Told[], event: Loose): Told[] {
  const version = textOf(event['api_version']);
  const release = version?.split('.')[1];
  if (first === undefined || release === undefined || KNOWN_RELEASES.has(release)) return [];
  const note = `Stripe sends events of version ${version}, which is not known here: set the endpoint to 2026-07-29.dahlia`;
  return [{ subject: first.subject, key: `version:${version}`, body: noted(note, 'unclear') }];
}

/** What the buyer entered at the checkout; of an invoice its customer, who is the order's where no session sold it. */
function peopleOf(type: string, data: Loose): MarketplaceEvent['people'] {
  const order = idIn(data['id']);
  const customer = type.startsWith('checkout.')
    ? buyerOf(data)
    : type === 'invoice.paid'
      ? payerOf(data)
      : undefined;
  const isNamed = customer?.name !== undefined || customer?.email !== undefined;
  return order === undefined || customer === undefined || !isNamed
    ? []
    : [{ subject: orderSubject(order), customer }];
}

function buyerOf(session: Loose): Customer {
  const details = recordOf(session['customer_details']);
  return customerOf(textOf(details['name']), textOf(details['email']) ?? textOf(session['customer_email']));
}

function payerOf(invoice: Loose): Customer {
  return customerOf(textOf(invoice['customer_name']), textOf(invoice['customer_email']));
}

/** The simulator's events are known to nobody else. */
function lackingIn(event: Loose, reading: Pick<Reading, 'type' | 'data'>) {
  return textOf(event['id'])?.startsWith('evt_sim') === true ? undefined : lackingOf(reading);
}

export function lacks(payload: string): string | undefined {
  const event = recordOf(parseBody(payload));
  const type = textOf(event['type']) ?? '';
  const lacking = lackingIn(event, { type, data: recordOf(recordOf(event['data'])['object']) });
  return lacking && JSON.stringify(lacking);
}
