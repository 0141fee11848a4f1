/** FastSpring's license requests ("Remote Server Request"): reads them, and writes the reply. */
import { USUAL_FIELDS } from '../../catalog/fields.ts';
import type { Fact } from '../../domain/facts/fact.ts';
import { LICENSE_REQUEST } from '../../domain/values/causes.ts';
import type { Customer, Mode, Order } from '../../domain/values/order.ts';
import { subscriptionSubject } from '../../domain/values/order-subject.ts';
import type { Product } from '../../domain/values/product.ts';
import type { ReplySources } from '../../message/reply.ts';
import type { Caller, Fields, FulfillmentMarketplace, FulfillmentRequest } from '../marketplace.ts';
import { mostUnits } from '../most-units.ts';
import { noted } from '../noted.ts';
import { customerOf } from '../person.ts';
import { type Encoding, isLicenseRequest } from './authenticity.ts';
import { NO, Parameters, requireKnown } from './parameters.ts';
import { writeReply } from './reply.ts';
import { readLine } from './request-line.ts';
import { readTrial } from './trial-end.ts';

const LONGEST_ID = 100;

/** As in captures and in samples: `FUR190114-3398-66103B`. */
const REFERENCE = /^[A-Za-z]+\d{6,7}-\d{4}-\d{5}[A-Za-z]?$/;

/** Values of `test` that mean no. Any other value is a test: FastSpring's values are not documented. */
const LIVE: ReadonlySet<string> = new Set([...NO, 'live']);

/** No names of a subscription: a seller may send whether there is one. */
const NO_NAMES: ReadonlySet<string> = new Set([...NO, '1', 'true', 'yes', 'y', 'on']);

export interface RequestSecrets {
  /** Several during a change of the key. */
  readonly licenseKeys: readonly string[];
  /** The simulator's keys, if it is on: always mode test. */
  readonly simulatorSecret: string | undefined;
  /** The usual shape of this account's order references; absent: FastSpring's. */
  readonly referencePattern?: RegExp | undefined;
}

export function fastSpringRequests(parts: ReplySources & RequestSecrets): FulfillmentMarketplace {
  const { licenseKeys, simulatorSecret, referencePattern } = parts;
  const callerOf = (fields: Fields, encodings: readonly Encoding[]): Caller | undefined => {
    if (isLicenseRequest(fields, licenseKeys, encodings)) return 'live';
    return simulatorSecret !== undefined && isLicenseRequest(fields, [simulatorSecret], encodings)
      ? 'simulator'
      : undefined;
  };
  return {
    name: 'fastspring',
    title: 'FastSpring',
    replyText: 'The codes, one per line, or the text',
    encodingRemedy: 'In FastSpring, set the POST encoding of the license request to UTF-8.',
    oddReferenceRemedy: 'set FASTSPRING_REFERENCE_PATTERN',
    // The hash does not distinguish test from live: a parameter does.
    authenticate: (fields) => callerOf(fields, ['utf8']),
    authenticateLatin1: (fields) => callerOf(fields, ['latin1', 'utf8']),
    readRequest: (fields, product, caller, now) =>
      readRequest(fields, product, caller, now, referencePattern),
    nameOrder,
    writeReply: (licenses, order, product, customer) => writeReply(licenses, order, product, customer, parts),
  };
}

/**
 * Throws AppError `malformed_request` naming the parameter, or `wrong_product`. `now` in milliseconds: a request has
 * no time. `pattern`: the usual shape of the account's references.
 */
export function readRequest(
  fields: Fields,
  product: Product,
  caller: Caller,
  now: number,
  pattern: RegExp = REFERENCE,
): FulfillmentRequest {
  requireKnown(fields, product);
  const parameters = new Parameters(fields, product);
  const { line, ambiguity } = readLine(parameters, product);
  const order: Order = {
    marketplace: 'fastspring',
    mode: caller === 'simulator' ? 'test' : readMode(parameters),
    order: readReference(parameters),
    product: product.id,
    line,
    quantity: readUnits(parameters, product),
    soldAt: now,
    customer: readCustomer(parameters),
  };
  const trial = readTrial(parameters, product, now);
  const features = readFeatures(parameters, product);
  const subscription = readSubscription(parameters);
  const isOdd = caller !== 'simulator' && !pattern.test(order.order);
  return {
    order,
    facts: [
      ...(subscription === undefined ? [] : [linkedFact(order, subscription)]),
      ...(trial === 'boundless' ? [boundlessFact(order)] : []),
    ],
    renewal:
      subscription === undefined ? undefined : { subscription, facts: [askedFact(order, subscription)] },
    ...(typeof trial === 'object' && { trialEnd: trial.end }),
    ...(features !== undefined && { features }),
    ...(isOdd && { oddReference: true }),
    ...(order.mode === 'live' && parameters.get('test') === undefined && { isUnmarked: true }),
    ...(ambiguity !== undefined && { ambiguity }),
  };
}

/** The order of a request that can be faulty otherwise. */
export function nameOrder(
  fields: Fields,
  product: Product | undefined,
  caller: Caller,
): ReturnType<FulfillmentMarketplace['nameOrder']> {
  const parameters = new Parameters(fields, product ?? { fields: USUAL_FIELDS });
  const order = parameters.get('reference') ?? '';
  if (!isReference(order)) return undefined;
  // A blank `test` is an error, so nobody can rely on it as a test.
  const isLive = caller !== 'simulator' && (parameters.isBlank('test') || readMode(parameters) === 'live');
  const subscription = readSubscription(parameters);
  return { order, mode: isLive ? 'live' : 'test', ...(subscription !== undefined && { subscription }) };
}

function linkedFact(order: Order, subscription: string): Fact {
  const { product, line } = order;
  return {
    ...toldBy(order),
    subject: `order:${order.order}`,
    key: `linked:order:${order.order}:${line}:${subscription}`,
    body: { kind: 'linked', subscription, product, line },
  };
}

/** A rebill, a proration, or a resend of either: the request does not say which (77). */
function askedFact(order: Order, subscription: string): Fact {
  const { product, line, quantity } = order;
  return {
    ...toldBy(order),
    subject: subscriptionSubject(subscription),
    key: `asked:${order.order}:${line}`,
    body: { kind: 'asked', order: order.order, line, product, quantity },
  };
}

function boundlessFact(order: Order): Fact {
  const note = `a trial was sold, and neither the request nor trial_term in ${order.product}.md says how long: the first code is valid for a whole term`;
  return {
    ...toldBy(order),
    subject: `order:${order.order}`,
    key: `boundless-trial:${order.order}:${order.line}`,
    body: noted(note, 'unclear'),
  };
}

function toldBy({ marketplace, mode, order, soldAt }: Order): Omit<Fact, 'subject' | 'key' | 'body'> {
  return { marketplace, mode, at: soldAt, cause: `${LICENSE_REQUEST} ${order}` };
}

function readMode(parameters: Parameters): Mode {
  if (parameters.isBlank('test')) parameters.refuse('test', '', 'left out, or true or false');
  const test = parameters.get('test');
  return test === undefined || LIVE.has(test.toLowerCase()) ? 'live' : 'test';
}

/** Two orders that name one subscription have one license. */
function readSubscription(parameters: Parameters): string | undefined {
  const text = parameters.get('subscriptionReference');
  return text === undefined || NO_NAMES.has(text.toLowerCase()) ? undefined : text;
}

function readReference(parameters: Parameters): string {
  const text = parameters.get('reference');
  if (text !== undefined && isReference(text)) return text;
  return parameters.refuse('reference', text, `1 to ${LONGEST_ID} printable ASCII characters without spaces`);
}

function isReference(text: string): boolean {
  return text.length <= LONGEST_ID && /^[\x21-\x7e]+$/.test(text);
}

/** The units of the quantity; where the product file lists `mintmark_quantity`, that many for each of it (a pack of 5). */
function readUnits(parameters: Parameters, product: Product): number {
  const pack = parameters.get('units');
  const quantity = parameters.get('quantity');
  const most = mostUnits(product);
  if (pack === undefined) return readCount(parameters, 'quantity', quantity, most);
  const inPack = readCount(parameters, 'units', pack, most);
  if (quantity === undefined) return inPack;
  return inPack * readCount(parameters, 'quantity', quantity, Math.floor(most / inPack));
}

function readCount(
  parameters: Parameters,
  field: 'quantity' | 'units',
  text: string | undefined,
  most: number,
): number {
  const units = text !== undefined && /^[1-9]\d{0,4}(\.0+)?$/.test(text) ? Number(text) : 0;
  if (units >= 1 && units <= most) return units;
  return parameters.refuse(field, text, `a whole number from 1 to ${most}`);
}

function readFeatures(parameters: Parameters, product: Product): readonly string[] | undefined {
  const text = parameters.get('features');
  const named = text?.split(/[\s,]+/).filter((name) => name !== '');
  if (named === undefined || named.every((name) => product.features.includes(name))) return named;
  return parameters.refuse(
    'features',
    text,
    `features of the product file: ${product.features.join(', ') || 'it has none'}`,
  );
}

function readCustomer(parameters: Parameters): Customer {
  const name = parameters.get('name') ?? parameters.get('company');
  return customerOf(name, parameters.get('email'));
}
