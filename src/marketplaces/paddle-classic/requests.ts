/** Paddle Classic's fulfillment requests: reads and answers them (docs/marketplaces/paddle-classic-fields.md). */
import { languageNote } from '../../domain/announcements/language.ts';
import type { Fact } from '../../domain/facts/fact.ts';
import { MOST_SEATS } from '../../domain/life/entitle.ts';
import { REQUEST } from '../../domain/values/causes.ts';
import { type Customer, LARGEST_QUANTITY, type Order } from '../../domain/values/order.ts';
import { orderSubject } from '../../domain/values/order-subject.ts';
import type { Product } from '../../domain/values/product.ts';
import { AppError } from '../../errors.ts';
import { type ReplySources, writeMessage } from '../../message/reply.ts';
import { languageOfCountry } from '../country-language.ts';
import type { Caller, Fields, FulfillmentMarketplace } from '../marketplace.ts';
import { customerOf } from '../person.ts';
import { type PaddleKeys, rememberingAuthenticator } from './authenticity.ts';
import { isTestCall } from './test-call.ts';
import { amountIn, countIn, currencyIn, fieldOf, timeIn } from './values.ts';

const MARKETPLACE = 'paddle-classic';
const LONGEST_ORDER_ID = 100;
const MILLISECONDS_PER_DAY = 86_400_000;

/** `keys`: the first key that fits decides, so the live key comes first. */
export function paddleClassicRequests(
  parts: ReplySources & { readonly keys: PaddleKeys },
): FulfillmentMarketplace {
  return {
    name: MARKETPLACE,
    title: 'Paddle Classic',
    replyText: 'The text for the customer',
    authenticate: rememberingAuthenticator(parts.keys),
    readRequest: (fields, product, caller, now) => {
      const order = readOrder(fields, product, caller, now);
      const facts = languageFacts(fields, order, product);
      return { order, facts, renewal: undefined, item: readItem(fields), ...readCharged(fields) };
    },
    nameOrder: (fields, _product, caller) => nameOrder(fields, caller),
    writeReply: (licenses, order, _product, customer) => writeMessage(licenses, order, customer, parts),
  };
}

/** Throws AppError `malformed_request` or `wrong_product`, naming the field. `now` in milliseconds. */
export function readOrder(fields: Fields, product: Product, caller: Caller, now: number): Order {
  checkProduct(fields, product);
  return {
    marketplace: MARKETPLACE,
    mode: modeOf(fields, caller),
    order: readOrderId(fields),
    product: product.id,
    // An order of Paddle's is for one product.
    line: '',
    quantity: readQuantity(fields, product),
    soldAt: readSoldAt(fields, now),
    customer: readCustomer(fields, product),
  };
}

/** Paddle states the buyer's country, and no language. */
export function languageFacts(
  fields: Fields,
  { mode, order, soldAt }: Order,
  product: Product,
): readonly Fact[] {
  const body = languageNote(languageOfCountry(fields.get('p_country')), [product]);
  if (body === undefined) return [];
  const subject = orderSubject(order);
  const named = { marketplace: MARKETPLACE, mode, subject, key: `language:${subject}` };
  return [{ ...named, at: soldAt, cause: REQUEST, body }];
}

/** The paid amount, tax included: partial refunds are compared with it. */
export function readCharged(fields: Fields): {
  readonly charged?: { readonly total: number; readonly currency: string | null };
} {
  const field = fieldOf(fields);
  const total = amountIn(field('p_sale_gross'));
  return total === undefined ? {} : { charged: { total, currency: currencyIn(field('p_currency')) } };
}

/** The order of a request that can be faulty otherwise. */
export function nameOrder(fields: Fields, caller: Caller): Pick<Order, 'order' | 'mode'> | undefined {
  const order = fields.get('p_order_id') ?? '';
  return isOrderId(order) ? { order, mode: modeOf(fields, caller) } : undefined;
}

/** A test order never gets a live code. */
function modeOf(fields: Fields, caller: Caller): Order['mode'] {
  return caller === 'live' && !isTestCall(fields) ? 'live' : 'test';
}

/** Custom pay links send no product id, an empty one, or `NULL`. */
function readItem(fields: Fields): string | undefined {
  const sold = fields.get('p_product_id')?.trim() ?? '';
  return sold === '' || sold.toUpperCase() === 'NULL' ? undefined : sold;
}

function checkProduct(fields: Fields, product: Product): void {
  const named = product.marketplaces[MARKETPLACE]?.products ?? [];
  const sold = readItem(fields);
  if (named.length === 0 || sold === undefined || named.includes(sold)) return;
  const shown = /^[\w.-]{1,40}$/.test(sold) ? ` ${sold}` : '';
  throw new AppError('wrong_product', `p_product_id${shown} is not the product that this address delivers.`, {
    detail: `data/products/${product.id}.md names another product under marketplaces: paddle-classic`,
  });
}

/** Text, not a number: subscription orders look like `621267-5045403`. */
function readOrderId(fields: Fields): string {
  const order = fields.get('p_order_id') ?? '';
  if (order === '') throw malformed('p_order_id', 'is missing');
  if (!isOrderId(order)) {
    throw malformed(
      'p_order_id',
      `must be 1 to ${LONGEST_ORDER_ID} printable ASCII characters without spaces`,
    );
  }
  return order;
}

function isOrderId(text: string): boolean {
  return text.length <= LONGEST_ORDER_ID && /^[\x21-\x7e]+$/.test(text);
}

function readQuantity(fields: Fields, product: Product): number {
  const text = fields.get('p_quantity');
  if (text === undefined) throw malformed('p_quantity', 'is missing');
  const quantity = countIn(text);
  const most = mostUnits(product);
  if (quantity === undefined || quantity > most) {
    throw malformed('p_quantity', `must be a whole number from 1 to ${most}`);
  }
  return quantity;
}

/** One license can carry the seats of all units, up to the limit of a code; otherwise each unit is a license. */
function mostUnits({ quantity, seats }: Product): number {
  return quantity === 'seats' ? Math.floor(MOST_SEATS / Math.max(seats, 1)) : LARGEST_QUANTITY;
}

/**
 * `event_time` is UTC; accounts of 2016 and 2017 do not send it. A time more than a day ahead is ignored: a license
 * issued in the future does not verify.
 */
function readSoldAt(fields: Fields, now: number): number {
  const time = timeIn(fields.get('event_time'));
  return time !== undefined && time <= now + MILLISECONDS_PER_DAY ? time : now;
}

/** The first of the seller's names for the field that is sent and not empty. */
function readCustomer(fields: Fields, product: Product): Customer {
  const field = fieldOf(fields);
  const firstOf = (names: readonly string[]) => names.map(field).find((value) => value !== undefined);
  return customerOf(firstOf(product.fields.name), firstOf(product.fields.email));
}

function malformed(field: string, fault: string): AppError {
  return new AppError('malformed_request', `${field} ${fault}.`);
}
