/** GET or POST /fulfillment/<marketplace>/:product: a sale comes in, the text with the license codes goes out. */

import { languageIn, textIn } from '../domain/announcements/language.ts';
import { type Delivery, type Fulfilled, fulfill } from '../domain/requests/fulfill.ts';
import type { Order } from '../domain/values/order.ts';
import type { Product } from '../domain/values/product.ts';
import { AppError, type ErrorCode } from '../errors.ts';
import { parseForm } from '../marketplaces/form.ts';
import type { Caller, Fields, FulfillmentMarketplace } from '../marketplaces/marketplace.ts';
import { LARGEST_FORM, readBody } from './edge/body.ts';
import type { Endpoint, Operation } from './edge/endpoint.ts';
import type { Context } from './edge/request.ts';
import { FORM, formFields, PLAIN_TEXT, productParameter, queryFields, text } from './edge/schemas.ts';
import { findFormerProduct } from './former-product.ts';
import { keepRefusal, readLatin1, type SignedCall } from './kept-refusals.ts';
import type { RunningService } from './running-service.ts';

function describe({ title, replyText }: FulfillmentMarketplace): Operation {
  return {
    tag: 'for marketplaces',
    summary: `${title} sold something and wants the license`,
    description: 'The same request again gets the same bytes. 200 means that it is durable.',
    answers: { 200: { description: replyText, content: { [PLAIN_TEXT]: text } } },
    problems: [
      'wrong_product',
      'bad_signature',
      'unknown_product',
      'order_conflict',
      'license_revoked',
      'license_suspended',
      'ledger_unavailable',
      'ledger_damaged',
    ],
  };
}

type Needed = Pick<
  RunningService,
  'ledger' | 'handouts' | 'now' | 'findProduct' | 'log' | 'metrics' | 'afterAnswer' | 'refused'
>;

/** The steps in their order: read, authenticate, find the product, parse, decide and record, reply. What nobody signed is only counted. */
export function fulfillmentEndpoint(marketplace: FulfillmentMarketplace, service: Needed): Endpoint {
  const described = describe(marketplace);
  return {
    path: `/fulfillment/${marketplace.name}/:product`,
    parameters: productParameter,
    get: { ...described, query: queryFields },
    post: {
      ...described,
      body: { [FORM]: formFields },
      problems: [...described.problems, 'body_too_large', 'unsupported_media_type', 'overloaded'],
    },
    // A marketplace knows no 403 or 410.
    statuses: { license_revoked: 409, license_suspended: 409 },
    mintsOnGet: true,
    handle: async (context) => {
      const fields = await readFields(context, marketplace, service);
      const caller = authenticate(fields, marketplace, service);
      const signed = { marketplace, address: addressOf(context), fields, caller };
      const product = await findProduct(context, signed, service);
      const call = { ...signed, product };
      const { order, fulfilled } = await keepingRefusals(context, call, service);
      const { licenses, held, outcome, delivery } = fulfilled;
      if (outcome === 'issued') service.metrics.licensesIssued(order, licenses.length);
      watchDelivery(context, delivery, service);
      reply(context, await marketplace.writeReply(licenses, order, product, held.customer ?? order.customer));
    },
  };
}

interface Call extends SignedCall {
  readonly product: Product;
}

/** The order and the reason of a signed sale that is refused are kept in the log and in the ledger. */
async function keepingRefusals(context: Context, call: Call, service: Needed) {
  try {
    const { marketplace, product, fields, caller } = call;
    const { order, ...asked } = marketplace.readRequest(fields, product, caller, service.now());
    logOrder(context, order);
    const message = textIn(product, languageIn(asked.facts));
    const fulfilled = await fulfill(order, { ...product, message }, service, asked);
    context.state.outcome = fulfilled.outcome;
    if (!('licenses' in fulfilled)) throw refusal(order, fulfilled, marketplace);
    return { order, fulfilled };
  } catch (error) {
    if (error instanceof AppError && KEPT.has(error.code)) await keepRefusal(context, call, error, service);
    throw error;
  }
}

/** Errors of the sale itself. A fault of the ledger cannot be kept in the ledger. */
const KEPT: ReadonlySet<ErrorCode> = new Set(['malformed_request', 'wrong_product', 'order_conflict']);

/** The product of the address; without a file, what the ledger has of it if the order was sold there. */
async function findProduct(context: Context, call: SignedCall, service: Needed): Promise<Product> {
  const { marketplace, address } = call;
  const named = service.findProduct(address);
  const product =
    named?.marketplaces[marketplace.name] === undefined ? await findFormerProduct(call, service) : named;
  if (product === undefined) {
    const error = new AppError('unknown_product', 'No such product is delivered here.', {
      detail: `no product file of that name has ${marketplace.name} under marketplaces`,
    });
    await keepRefusal(context, call, error, service);
    throw error;
  }
  context.state.facts['product'] = product.id;
  return product;
}

/** The query of a GET has the same fields as the form of a POST. The query of a POST is not signed, so it is ignored. */
async function readFields(
  context: Context,
  marketplace: FulfillmentMarketplace,
  service: Needed,
): Promise<Fields> {
  const bytes =
    context.method === 'GET'
      ? Buffer.from(context.querystring, 'latin1')
      : await readBody(context.req, FORM, LARGEST_FORM);
  try {
    return parseForm(bytes, marketplace.encodingRemedy);
  } catch (error) {
    const call = readLatin1(bytes, marketplace);
    if (call !== undefined && error instanceof AppError)
      await keepRefusal(context, { ...call, marketplace, address: addressOf(context) }, error, service);
    throw error;
  }
}

/** The path's last part, decoded: nothing signs it. */
function addressOf(context: Context): string {
  return context['params']['product'];
}

function authenticate(
  fields: Fields,
  marketplace: FulfillmentMarketplace,
  { refused, now }: Pick<Needed, 'refused' | 'now'>,
): Caller {
  const caller = marketplace.authenticate(fields);
  if (caller === undefined) {
    refused.count({ marketplace: marketplace.name, what: 'request' }, now());
    throw new AppError('bad_signature', 'The signature is missing, or none of the keys here made it.');
  }
  return caller;
}

function logOrder({ state }: Context, order: Order): void {
  state.facts['order'] = order.order;
  state.facts['mode'] = order.mode;
  state.facts['quantity'] = order.quantity;
}

/** Never 200 without a valid code: the text of a 200 is mailed as the license. */
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
      );
    case 'ended':
      return new AppError(
        'license_revoked',
        'The license of this order has ended: there is nothing to deliver.',
      );
    case 'suspended':
      return new AppError(
        'license_suspended',
        'The license of this order is suspended: there is nothing to deliver.',
      );
    case 'odd':
      return new AppError('order_conflict', 'The reference of this order has an unusual shape.', {
        detail: ['settle the odd-reference flags', oddReferenceRemedy].filter(Boolean).join(', or '),
      });
    case 'ambiguous':
      return new AppError('malformed_request', refused.reason);
  }
}

/** `finish`: the whole response was handed to the network. `close` without it: it was not. */
function watchDelivery(
  { res }: Context,
  delivery: Delivery | undefined,
  { log, afterAnswer }: Pick<Needed, 'log' | 'afterAnswer'>,
): void {
  if (delivery === undefined) return;
  // The caller may have closed the connection while the ledger worked: no `close` will follow.
  if (res.closed) {
    delivery.abandoned();
    return;
  }
  res.once('finish', () => {
    if (res.statusCode !== 200) return;
    const noted = delivery
      .finished()
      .catch((error: unknown) => log.error({ err: error }, 'a delivery could not be noted'));
    afterAnswer.expect(noted);
  });
  // Follows `finish` too, and then changes nothing.
  res.once('close', delivery.abandoned);
}

function reply(context: Context, text: string): void {
  context.status = 200;
  context.set('Content-Type', 'text/plain; charset=utf-8');
  context.set('Cache-Control', 'no-store');
  context.body = text;
}
