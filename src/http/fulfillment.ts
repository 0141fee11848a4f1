/** GET or POST /fulfillment/<marketplace>/:product: a sale comes in, the text with the license codes goes out. */

import type { Fact } from '../domain/fact.ts';
import { type Delivery, type Fulfilled, type FulfillParts, fulfill } from '../domain/fulfill.ts';
import type { Order } from '../domain/order.ts';
import type { Product } from '../domain/product.ts';
import { AppError, type ErrorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { parseForm } from '../marketplaces/form.ts';
import type { Fields, FulfillmentMarketplace, Signer } from '../marketplaces/marketplace.ts';
import type { Metrics } from '../metrics.ts';
import { LARGEST_FORM, readBody } from './body.ts';
import { allow, type Context } from './request.ts';

export interface FulfillmentParts extends FulfillParts {
  readonly findProduct: (id: string) => Product | undefined;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** The steps in their order: read, trust, parse, decide and record, reply. Nothing is written before the fourth. */
export function fulfillmentEndpoint(marketplace: FulfillmentMarketplace, parts: FulfillmentParts) {
  return async (context: Context): Promise<void> => {
    allow(context, 'GET', 'POST');
    const product = findProduct(context, marketplace, parts);
    const fields = await readFields(context, marketplace);
    const signer = authenticate(fields, marketplace);
    const { order, fulfilled } = await keepingRefusals(
      context,
      { marketplace, product, fields, signer },
      parts,
    );
    const { licenses, held, outcome, delivery } = fulfilled;
    if (outcome === 'issued') parts.metrics.licensesIssued(order, licenses.length);
    watchDelivery(context, delivery, parts.log);
    reply(context, await marketplace.writeReply(licenses, order, product, held.customer ?? order.customer));
  };
}

interface Call {
  readonly marketplace: FulfillmentMarketplace;
  readonly product: Product;
  readonly fields: Fields;
  readonly signer: Signer;
}

/** A sale that is signed and refused leaves its order and the reason in the log and in the ledger. */
async function keepingRefusals(context: Context, call: Call, parts: FulfillmentParts) {
  try {
    const { marketplace, product, fields, signer } = call;
    const { order, ...asked } = marketplace.readRequest(fields, product, signer, parts.now());
    tellOrder(context, order);
    const fulfilled = await fulfill(order, product, parts, asked);
    context.state.outcome = fulfilled.outcome;
    if (!('licenses' in fulfilled)) throw refusal(order, fulfilled, marketplace);
    return { order, fulfilled };
  } catch (error) {
    if (error instanceof AppError && KEPT.has(error.code)) await keepRefusal(context, call, error, parts);
    throw error;
  }
}

/** Errors in what was sold; a ledger that cannot be written now could not keep its own. */
const KEPT: ReadonlySet<ErrorCode> = new Set(['malformed_request', 'wrong_product', 'order_conflict']);

/** More would be a flood, and the first ones say what is wrong. */
const MOST_REFUSALS = 1000;

async function keepRefusal(
  context: Context,
  { marketplace, product, fields, signer }: Call,
  { code, message }: AppError,
  { ledger, log, now }: FulfillmentParts,
): Promise<void> {
  const named = marketplace.nameOrder(fields, product, signer);
  if (named === undefined) return;
  const { order, mode } = named;
  context.state.facts['order'] = order;
  context.state.facts['mode'] = mode;
  const note = `A request for ${product.id} in order ${order} was refused: ${message}`;
  try {
    if (((await ledger.countFlags()).refused ?? 0) >= MOST_REFUSALS) return;
    const fact: Fact = {
      marketplace: marketplace.name,
      mode,
      subject: `order:${order}`,
      key: `refused:${order}:${product.id}:${code}`,
      at: now(),
      cause: 'fulfillment request',
      body: { kind: 'noted', note, flag: true, why: 'refused' },
    };
    await ledger.addFacts([fact]);
  } catch (error) {
    log.error({ err: error }, 'a refused sale could not be kept');
  }
}

function findProduct(
  context: Context,
  marketplace: FulfillmentMarketplace,
  parts: FulfillmentParts,
): Product {
  const product = parts.findProduct(context['params']['product']);
  if (product?.marketplaces[marketplace.name] === undefined) {
    throw new AppError('unknown_product', 'No such product is delivered here.', {
      detail: `no product file of that name has ${marketplace.name} under marketplaces`,
    });
  }
  context.state.facts['product'] = product.id;
  return product;
}

/** A GET's query holds the same fields as a POST's form; the query of a POST is no part of what is signed. */
async function readFields(context: Context, { encodingRemedy }: FulfillmentMarketplace): Promise<Fields> {
  if (context.method === 'GET') return parseForm(Buffer.from(context.querystring, 'latin1'), encodingRemedy);
  const body = await readBody(context.req, 'application/x-www-form-urlencoded', LARGEST_FORM);
  return parseForm(body, encodingRemedy);
}

function authenticate(fields: Fields, marketplace: FulfillmentMarketplace): Signer {
  const signer = marketplace.authenticate(fields);
  if (signer === undefined) {
    throw new AppError('bad_signature', 'The signature is missing, or none of the keys here made it.');
  }
  return signer;
}

function tellOrder({ state }: Context, order: Order): void {
  state.facts['order'] = order.order;
  state.facts['mode'] = order.mode;
  state.facts['quantity'] = order.quantity;
}

/** Never a 200 without a good code: whatever has 200 is mailed as the license. */
function refusal(
  order: Order,
  refused: Exclude<Fulfilled, { licenses: unknown }>,
  { oddReferenceRemedy }: FulfillmentMarketplace,
): AppError {
  switch (refused.outcome) {
    case 'conflict':
      return new AppError(
        'order_conflict',
        'This order was delivered with another quantity; nothing was changed.',
        {
          detail: `asked for ${order.quantity}, the ledger has ${refused.heldQuantity}`,
        },
      );
    case 'too many units':
      return new AppError('order_conflict', 'More units are asked for than are known to be paid for.', {
        detail: `asked for ${order.quantity}, known are ${refused.known}; they are issued once an event tells them`,
      });
    case 'revoked':
      return new AppError(
        'license_revoked',
        'The license of this order was revoked: there is nothing to deliver.',
        {
          status: 409,
        },
      );
    case 'suspended':
      return new AppError(
        'license_suspended',
        'The license of this order is suspended: there is nothing to deliver.',
        {
          status: 409,
        },
      );
    case 'odd':
      return new AppError('order_conflict', 'The reference of this order has an unusual shape.', {
        detail: ['settle the odd-reference flags', oddReferenceRemedy].filter(Boolean).join(', or '),
      });
    case 'ambiguous':
      return new AppError('malformed_request', refused.reason);
  }
}

/** A response that finished was handed to the network whole; one that only closed was not. */
function watchDelivery({ res }: Context, delivery: Delivery | undefined, log: Log): void {
  if (delivery === undefined) return;
  // Whoever asked may have gone while the ledger worked: no `close` will follow.
  if (res.closed) {
    delivery.abandoned();
    return;
  }
  res.once('finish', () => {
    if (res.statusCode !== 200) return;
    delivery.finished().catch((error: unknown) => log.error({ err: error }, 'a delivery could not be noted'));
  });
  // Comes behind a finish too, and then says nothing new.
  res.once('close', delivery.abandoned);
}

function reply(context: Context, text: string): void {
  context.status = 200;
  context.set('Content-Type', 'text/plain; charset=utf-8');
  context.set('Cache-Control', 'no-store');
  context.body = text;
}
