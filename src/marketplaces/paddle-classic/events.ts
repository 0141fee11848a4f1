/** Reads Paddle Classic's alerts ("Platform Events") into facts (docs/marketplaces/paddle-classic-fields.md). */
import type { EventHead, MarketplaceEvent } from '../../domain/facts/event.ts';
import type { Fact, FactBody } from '../../domain/facts/fact.ts';
import type { Received } from '../../domain/receive-events.ts';
import type { Mode } from '../../domain/values/order.ts';
import type { Product } from '../../domain/values/product.ts';
import { AppError } from '../../errors.ts';
import { parseForm } from '../form.ts';
import type { EventMarketplace, Fields } from '../marketplace.ts';
import { orUnreadable } from '../unreadable.ts';
import type { Alert, Told } from './alert.ts';
import { authenticate, type PaddleKeys } from './authenticity.ts';
import { stored, storedCodes } from './locker.ts';
import { confirmed, paid } from './payments.ts';
import { buyersOf } from './people.ts';
import { chargeRefunded, refunded } from './refunds.ts';
import { disputed, reviewed, verdict, won } from './risk.ts';
import { cancelled, created, failed, updated } from './subscriptions.ts';
import { fieldOf, timeIn } from './values.ts';

const MARKETPLACE = 'paddle-classic';

export function paddleClassicEvents({
  keys,
  products,
}: {
  readonly keys: PaddleKeys;
  readonly products: readonly Product[];
}): EventMarketplace {
  return {
    name: MARKETPLACE,
    title: 'Paddle Classic',
    mediaType: 'application/x-www-form-urlencoded',
    readBatch: (body) => {
      const fields = parseForm(body);
      const caller = authenticate(fields, keys);
      if (caller === undefined) return undefined;
      // Whatever address an alert has: a customer can have any address.
      const mode = caller === 'live' ? 'live' : 'test';
      return [receivedAlert(fields, mode, body.toString().replaceAll('\0', '%00'), products)];
    },
    partial: false,
  };
}

/** An alert from its stored payload. */
export function readAgain(payload: string, mode: Mode, products: readonly Product[]): Received {
  return receivedAlert(parseForm(Buffer.from(payload)), mode, payload, products);
}

function receivedAlert(fields: Fields, mode: Mode, payload: string, products: readonly Product[]): Received {
  return orUnreadable({ marketplace: MARKETPLACE, mode, payload }, () => ({
    head: readAlertHead(fields, mode, payload),
    read: () => readAlert(fields, mode, payload, products),
  }));
}

/** The reader of each alert. Other alerts, such as payouts, concern no licenses. */
export const READERS: ReadonlyMap<string, (alert: Alert) => readonly Told[]> = new Map([
  ['payment_succeeded', confirmed],
  ['payment_refunded', refunded],
  ['locker_processed', stored],
  ['payment_dispute_created', disputed],
  ['payment_dispute_closed', won],
  ['high_risk_transaction_created', reviewed],
  ['high_risk_transaction_updated', verdict],
  ['subscription_created', created],
  ['subscription_updated', updated],
  ['subscription_payment_succeeded', paid],
  ['subscription_payment_failed', failed],
  ['subscription_payment_refunded', chargeRefunded],
  ['subscription_cancelled', cancelled],
]);

const HEAD_FIELDS = ['alert_id', 'alert_name', 'event_time'];

/** Throws AppError `malformed_request` for a call without an id or a name: it cannot be stored as an alert. */
export function readAlertHead(fields: Fields, mode: Mode, payload: string): EventHead {
  // NUL is removed here, so that the alert can be stored; reading it fails.
  const field = (name: string) => fields.get(name)?.replaceAll('\0', '').trim() || undefined;
  const id = field('alert_id');
  const type = field('alert_name');
  if (id === undefined || type === undefined) {
    throw new AppError('malformed_request', 'alert_id or alert_name is missing: this is no alert.');
  }
  return { marketplace: MARKETPLACE, mode, id, type, at: timeIn(field('event_time')) ?? 0, payload };
}

/**
 * Unknown alerts and alerts that name nothing yield no facts. Throws AppError `malformed_request` for an alert that
 * has facts and no time (its facts have no order among the others), and for NUL in a field that is used.
 */
export function readAlert(
  fields: Fields,
  mode: Mode,
  payload: string,
  products: readonly Product[],
): MarketplaceEvent {
  const head = readAlertHead(fields, mode, payload);
  const field = fieldOf(fields);
  for (const name of HEAD_FIELDS) field(name);
  const alert: Alert = {
    type: head.type,
    at: head.at,
    field,
    findProduct: (paddleId) => productOf(paddleId, products),
  };
  const told = READERS.get(head.type)?.(alert) ?? [];
  if (told.length > 0 && head.at === 0) {
    throw new AppError(
      'malformed_request',
      'event_time is missing, or is no time: the alert cannot be read.',
    );
  }
  return {
    ...head,
    facts: told.map((each, place) => factOf(each, place, head)),
    people: buyersOf(alert),
    codes: storedCodes(alert),
  };
}

/**
 * The product whose file names an id of Paddle's. A file without ids stands for what is requested at its address, and
 * for no id that an alert tells: the alerts of such a sale match it by its order.
 */
function productOf(paddleId: string, products: readonly Product[]): Product | undefined {
  return products.find(({ marketplaces }) => marketplaces[MARKETPLACE]?.products.includes(paddleId));
}

/** A fact without a key of its own has its alert as key. */
function factOf({ subject, body, key }: Told, place: number, head: EventHead): Fact {
  const { mode, id, at, type } = head;
  return {
    marketplace: MARKETPLACE,
    mode,
    subject,
    key: key ?? `${type}:${subject}:${at}:${saidBy(body, head)}:${place}`,
    at,
    cause: `${type} ${id}`,
    body,
  };
}

/** More digits than an `alert_id` has: ids of one length have the same order as text and as numbers. */
const ID_DIGITS = 20;

/**
 * Of alerts of the same second each counts, and the highest `alert_id` last. Not so for refunds: whether an alert that
 * is sent again by hand keeps its id is not documented, and half a refund that is told twice would be a full one.
 */
function saidBy(body: FactBody, { id }: EventHead): string {
  if (body.kind === 'refunded') return body.kind;
  if (body.kind === 'repaid') return `${body.kind}:${body.amount}`;
  return `${id.padStart(ID_DIGITS, '0')}:${body.kind}`;
}
