/** What a Paddle Classic fulfillment request asks for (developer.paddle.com, Fulfillment Webhook). */
import { type Customer, LARGEST_QUANTITY, type Mode, type Order } from '../../domain/order.ts';
import type { Product } from '../../domain/product.ts';
import { AppError } from '../../errors.ts';
import type { Fields, Signer } from '../port.ts';

const MARKETPLACE = 'paddle-classic';
const LONGEST_ORDER_ID = 100;
const LONGEST_NAME = 200;
const LONGEST_EMAIL = 320;
const MILLISECONDS_PER_DAY = 86_400_000;

/** The "Test Webhook" button's made-up buyers: its calls are signed with the live key (shared captures, 2016 to 2023). */
const TEST_BUYER = /^(blackhole\+[0-9a-f]+@paddle\.com|[0-9a-f]+@blackhole\.io)$/i;

/** Throws AppError `malformed_request` or `wrong_product`, naming the field. `now` in milliseconds. */
export function readOrder(fields: Fields, product: Product, signer: Signer, now: number): Order {
  checkProduct(fields, product);
  return {
    marketplace: MARKETPLACE,
    mode: modeOf(fields, signer),
    order: readOrderId(fields),
    product: product.id,
    quantity: readQuantity(fields),
    soldAt: readSoldAt(fields, now),
    customer: readCustomer(fields, product),
  };
}

function checkProduct(fields: Fields, product: Product): void {
  const named = product.marketplaces[MARKETPLACE]?.products ?? [];
  if (named.length === 0 || named.includes(fields.get('p_product_id') ?? '')) return;
  throw new AppError('wrong_product', 'p_product_id is not the product that this address delivers.', {
    detail: `data/products/${product.id}.md names another product under marketplaces: paddle-classic`,
  });
}

/** A test order never gets a live code: only what the live key signed, and the dashboard's test button did not send, is live. */
export function modeOf(fields: Fields, signer: Signer): Mode {
  if (signer !== 'live') return 'test';
  for (const value of fields.values()) if (TEST_BUYER.test(value)) return 'test';
  return 'live';
}

/** Text, not a number: subscription orders look like `621267-5045403`. */
function readOrderId(fields: Fields): string {
  const order = fields.get('p_order_id');
  if (order === undefined || order === '') throw malformed('p_order_id', 'is missing');
  if (order.length > LONGEST_ORDER_ID || !/^[\x21-\x7e]+$/.test(order)) {
    throw malformed(
      'p_order_id',
      `must be 1 to ${LONGEST_ORDER_ID} printable ASCII characters without spaces`,
    );
  }
  return order;
}

function readQuantity(fields: Fields): number {
  const text = fields.get('p_quantity');
  if (text === undefined) throw malformed('p_quantity', 'is missing');
  const quantity = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0;
  if (quantity < 1 || quantity > LARGEST_QUANTITY) {
    throw malformed('p_quantity', `must be a whole number from 1 to ${LARGEST_QUANTITY}`);
  }
  return quantity;
}

/**
 * `event_time` is UTC, `2023-03-11 20:31:34`; older accounts do not send it. One that lies over a day ahead is
 * not believed: a license issued in the future does not verify.
 */
function readSoldAt(fields: Fields, now: number): number {
  const text = fields.get('event_time') ?? '';
  const time = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)
    ? Date.parse(`${text.replace(' ', 'T')}Z`)
    : Number.NaN;
  return time >= 0 && time <= now + MILLISECONDS_PER_DAY ? time : now;
}

function readCustomer(fields: Fields, product: Product): Customer {
  return {
    name: firstOf(fields, product.fields.name, LONGEST_NAME),
    email: firstOf(fields, product.fields.email, LONGEST_EMAIL),
  };
}

/** What is too long is cut: a sale is worth more than the end of a name. */
function firstOf(fields: Fields, names: readonly string[], longest: number): string | undefined {
  for (const name of names) {
    const value = fields.get(name)?.trim();
    if (value) return [...value.slice(0, 2 * longest)].slice(0, longest).join('');
  }
  return undefined;
}

function malformed(field: string, fault: string): AppError {
  return new AppError('malformed_request', `${field} ${fault}.`);
}
