/** What a FastSpring license request ("Remote Server Request") asks for. The seller names its parameters. */
import type { Fact } from '../../domain/fact.ts';
import { type Customer, LARGEST_QUANTITY, type Mode } from '../../domain/order.ts';
import type { FieldName, Product } from '../../domain/product.ts';
import { AppError } from '../../errors.ts';
import type { Fields, FulfillmentRequest, Signer } from '../port.ts';
import { UNDATED } from './events.ts';

const MARKETPLACE = 'fastspring';
const LONGEST_ID = 100;
const LONGEST_NAME = 200;
const LONGEST_EMAIL = 320;

/** How a parameter says no; anything else in `test` is taken for a test, since what FastSpring sends is not documented. */
const NO = new Set(['', '0', 'false', 'no', 'off', 'live']);

/** Throws AppError `malformed_request` naming the parameter. `now` in milliseconds: a request carries no time. */
export function readRequest(
  fields: Fields,
  product: Product,
  signer: Signer,
  now: number,
): FulfillmentRequest {
  const parameter = (name: FieldName) => firstOf(fields, product.fields[name]);
  const order = {
    marketplace: MARKETPLACE,
    mode: signer === 'simulator' ? 'test' : modeOf(parameter('test')),
    order: readId(parameter('reference'), product.fields.reference),
    product: product.id,
    quantity: readQuantity(parameter('quantity'), product.fields.quantity),
    soldAt: now,
    customer: readCustomer(parameter),
  } as const;
  const subscription = parameter('subscriptionReference');
  if (subscription === undefined) return { order, facts: [], renewal: undefined };
  const sequence = readSequence(parameter('sequence'), product.fields.sequence);
  const market = { marketplace: MARKETPLACE, mode: order.mode, at: now } as const;
  const linked: Fact = {
    ...market,
    subject: `order:${order.order}`,
    key: `linked:${subscription}`,
    cause: `license request ${order.order}`,
    body: { kind: 'linked', subscription, product: product.id },
  };
  const paid: Fact = {
    ...market,
    subject: `subscription:${subscription}`,
    key: `request:${order.order}`,
    // What date was paid for is not told; the product's term is assumed until the charge's event tells it.
    cause: `license request ${order.order}${UNDATED}`,
    body: { kind: 'paid', until: null, sequence },
  };
  return { order, facts: [linked], renewal: { subscription, sequence, facts: [paid] } };
}

function modeOf(test: string | undefined): Mode {
  return test === undefined || NO.has(test.toLowerCase()) ? 'live' : 'test';
}

function readId(text: string | undefined, names: readonly string[]): string {
  if (text !== undefined && text.length <= LONGEST_ID && /^[\x21-\x7e]+$/.test(text)) return text;
  throw malformed(names, text, `1 to ${LONGEST_ID} printable ASCII characters without spaces`);
}

function readQuantity(text: string | undefined, names: readonly string[]): number {
  const quantity = text !== undefined && /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0;
  if (quantity >= 1 && quantity <= LARGEST_QUANTITY) return quantity;
  throw malformed(names, text, `a whole number from 1 to ${LARGEST_QUANTITY}`);
}

/** The number of the billing period, 1 the first; not told where the seller did not add it. */
function readSequence(text: string | undefined, names: readonly string[]): number | null {
  if (text === undefined || text === '') return null;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw malformed(names, text, 'a whole number');
}

function readCustomer(parameter: (name: FieldName) => string | undefined): Customer {
  return {
    name: (parameter('name') ?? parameter('company'))?.slice(0, LONGEST_NAME),
    email: parameter('email')?.slice(0, LONGEST_EMAIL),
  };
}

function firstOf(fields: Fields, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields.get(name)?.trim();
    if (value) return value;
  }
  return undefined;
}

function malformed(names: readonly string[], text: string | undefined, expected: string): AppError {
  const fault =
    text === undefined ? 'is missing: add it to the parameters in FastSpring' : `must be ${expected}`;
  return new AppError('malformed_request', `${names.join(' or ')} ${fault}.`);
}
