/** Decides which licenses a fulfillment request gets: exactly one per unit, however often the request is repeated. */
import { AppError } from '../../errors.ts';
import { HANDED_BEFORE } from '../changes.ts';
import type { Fact } from '../facts/fact.ts';
import type { HeldLicense, HeldOrder, Renewed } from '../ledger.ts';
import { REQUEST } from '../values/causes.ts';
import type { Order } from '../values/order.ts';
import { orderSubject } from '../values/order-subject.ts';
import type { Product } from '../values/product.ts';
import { fulfillOneUnit } from './fulfill-unit.ts';
import {
  type Asked,
  type Fulfilled,
  type FulfillmentContext,
  fulfilled,
  isAnswered,
  issueOf,
} from './fulfilled.ts';

export type { AnsweredLicense, Asked, Delivery, Fulfilled, FulfillmentContext } from './fulfilled.ts';

/** How many orders with an unusual reference are answered before a person settles their flags. */
const MOST_ODD_ORDERS = 5;

const PLAIN: Asked = { facts: [], renewal: undefined };

/** Resolves to the licenses of the request once they are durably stored. */
export async function fulfill(
  order: Order,
  product: Product,
  context: FulfillmentContext,
  asked: Asked = PLAIN,
): Promise<Fulfilled> {
  if (isSeparate(order, product)) return fulfillOneUnit(order, product, context, asked);
  if (!isPlain(asked)) return answerOf(await context.ledger.findOrder(order), order, product, context, asked);
  const facts = asked.facts.map((fact) => onLine(fact, order));
  const issued = await context.ledger.issueFirst(
    issueOf(order, product, 'all', { ...asked, facts }, context),
  );
  return issued.outcome === 'known'
    ? answerOf(issued.held, order, product, context, asked)
    : answered(issued);
}

/** What the ledger knows of the order decides nothing but whether the request is a repeat. */
function isPlain({ ambiguity, oddReference, renewal }: Asked): boolean {
  return ambiguity === undefined && oddReference !== true && renewal === undefined;
}

/** `known`: what the ledger holds of the order's product. */
async function answerOf(
  known: HeldOrder | undefined,
  order: Order,
  product: Product,
  context: FulfillmentContext,
  asked: Asked,
): Promise<Fulfilled> {
  const line = known && knownLine(known, order, asked);
  const stored =
    known !== undefined && line?.some(isAnswered) && !isOfOther(line, asked)
      ? repeat(known, line, order)
      : undefined;
  const isNoted = stored !== undefined && 'licenses' in stored && line?.some(isAwaited) === true;
  if (stored !== undefined && !isNoted) return stored;
  if (asked.ambiguity !== undefined && line === undefined)
    return { outcome: 'ambiguous', reason: asked.ambiguity };
  const held = line?.[0];
  const named = held === undefined ? order : { ...order, line: held.line };
  const deliver = (oddity: readonly Fact[]) => {
    const facts = [...asked.facts, ...oddity].map((fact) => onLine(fact, named));
    const renewal = asked.renewal && {
      ...asked.renewal,
      facts: asked.renewal.facts.map((fact) => onLine(fact, named)),
    };
    return fulfillAllUnits(named, product, context, { ...asked, facts, renewal });
  };
  if (stored !== undefined) return deliver([]).catch((error) => storedUnlessFault(stored, error));
  if (asked.oddReference !== true || held !== undefined) return deliver([]);
  // Serialized, because concurrent requests could together exceed the limit.
  return context.handouts.oneAtATime({ ...order, order: '', product: '' }, async () => {
    const oddity = await oddFacts(order, context);
    return oddity === 'too many' ? { outcome: 'odd' } : deliver(oddity);
  });
}

/** The stored answer is durable: only its note needs a ledger that can be written. */
function storedUnlessFault(stored: Fulfilled, error: unknown): Fulfilled {
  if (error instanceof AppError && error.code === 'ledger_unavailable') return stored;
  throw error;
}

/**
 * Units are delivered one by one only if the marketplace sends a request for each unit; otherwise a further
 * request is a repeat.
 */
function isSeparate({ marketplace }: Order, { marketplaces, quantity }: Product): boolean {
  return quantity === 'codes' && marketplaces[marketplace]?.askedByUnit === true;
}

/** It was reissued, and this reply is the first one with its code: the ledger has to note that. */
function isAwaited({ answer, handed, state }: HeldLicense): boolean {
  return answer !== null && handed === HANDED_BEFORE && state !== 'revoked';
}

/** Puts the resolved line into facts of a request that names no line. */
function onLine(fact: Fact, { line }: Order): Fact {
  const { body } = fact;
  return (body.kind === 'asked' || body.kind === 'linked') && body.line === ''
    ? { ...fact, body: { ...body, line } }
    : fact;
}

/**
 * All units of the line belong to another subscription than the request's: one path may have two
 * subscriptions in one order.
 */
function isOfOther(line: readonly HeldLicense[], { renewal }: Asked): boolean {
  return (
    renewal !== undefined &&
    line.every(({ subscription }) => subscription !== null && subscription !== renewal.subscription)
  );
}

/** The units of the requested line, or of the only known line if the request names none. */
function knownLine(
  { licenses }: HeldOrder,
  { line }: Order,
  { ambiguity }: Asked,
): readonly [HeldLicense, ...HeldLicense[]] | undefined {
  const lines = new Set(licenses.map((license) => license.line));
  const [only] = lines;
  const wanted = lines.has(line)
    ? line
    : lines.has('')
      ? ''
      : ambiguity !== undefined && lines.size === 1
        ? only
        : undefined;
  const [first, ...others] = licenses.filter((license) => license.line === wanted);
  return first && [first, ...others];
}

/** One request gets all units; a repeat gets the same units after any change. */
async function fulfillAllUnits(
  order: Order,
  product: Product,
  context: FulfillmentContext,
  asked: Asked,
): Promise<Fulfilled> {
  const issue = issueOf(order, product, 'all', asked, context);
  const { renewal } = asked;
  if (renewal === undefined) return answered(await context.ledger.issue(issue));
  const facts = [...asked.facts, ...renewal.facts];
  return answered(await context.ledger.renew({ ...issue, facts, subscription: renewal.subscription }));
}

/**
 * Limits orders with an unusual reference: an attacker with one captured request can cut its signed bytes
 * into other references.
 */
async function oddFacts(
  order: Order,
  { ledger, now }: FulfillmentContext,
): Promise<readonly Fact[] | 'too many'> {
  const { facts } = await ledger.showOrder(order.order);
  // A signed event names the order, so the reference is genuine.
  if (facts.some(({ body }) => body.kind === 'sold')) return [];
  const waiting = (await ledger.countFlags())['odd-reference'] ?? 0;
  if (waiting >= MOST_ODD_ORDERS || order.quantity > 1) return 'too many';
  const { marketplace, mode } = order;
  const note = `Order ${order.order} has a reference of an unusual shape: check whether the order is yours`;
  return [
    {
      marketplace,
      mode,
      subject: orderSubject(order.order),
      key: `odd:${order.order}`,
      at: now(),
      cause: REQUEST,
      body: { kind: 'noted', note, flag: true, why: 'odd-reference' },
    },
  ];
}

/** Returns the stored answer byte for byte, without revoked licenses. */
function repeat(held: HeldOrder, line: readonly HeldLicense[], { quantity }: Order): Fulfilled {
  const answers = line.filter(isAnswered);
  const [first] = answers;
  const heldQuantity = first === undefined || first.answer.byUnit ? answers.length : first.answer.quantity;
  if (heldQuantity !== quantity) return { outcome: 'conflict', heldQuantity };
  return fulfilled('repeated', held, line, undefined);
}

/** What a request of all units is answered with. */
export function answered(recorded: Renewed): Fulfilled {
  if (!('held' in recorded)) return recorded;
  return fulfilled(recorded.outcome, recorded.held, recorded.held.licenses, undefined);
}
