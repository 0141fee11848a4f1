/** Decides which licenses a fulfillment request gets: exactly one a unit, whatever is repeated. */
import { REQUEST, UNMARKED_REQUEST } from './causes.ts';
import type { AnswerRecord, Charged } from './changes.ts';
import type { Day } from './day.ts';
import type { Fact } from './fact.ts';
import type { Handouts } from './handouts.ts';
import type { HeldLicense, HeldOrder, Issue, Ledger, Renewed } from './ledger.ts';
import { LARGEST_QUANTITY, type Order } from './order.ts';
import type { Product } from './product.ts';

/** A license together with the answer in which it was handed out. */
export type AnsweredLicense = HeldLicense & { readonly answer: AnswerRecord };

/** How the reply fared, told back where units are delivered one by one. */
export interface Delivery {
  /** The 200 went out whole. */
  finished(): Promise<void>;
  /** The connection closed; counts only before that. */
  abandoned(): void;
}

/** What a request tells beside the order. */
export interface Asked {
  readonly facts: readonly Fact[];
  /** The subscription that it names, and what it tells of that. */
  readonly renewal: { readonly subscription: string; readonly facts: readonly Fact[] } | undefined;
  readonly trialEnd?: Day | undefined;
  readonly features?: readonly string[] | undefined;
  /** What it says that the order came to. */
  readonly charged?: Charged | undefined;
  /** The order's reference has an unusual shape: a stranger may have made it up. */
  readonly oddReference?: boolean | undefined;
  /** It did not say whether it is a test. */
  readonly isUnmarked?: boolean | undefined;
  /** Why it is not clear which line is asked for; undefined: it is. */
  readonly ambiguity?: string | undefined;
}

export type Fulfilled =
  | {
      readonly outcome: 'issued' | 'repeated';
      /** At least one; in order of unit. */
      readonly licenses: readonly [AnsweredLicense, ...AnsweredLicense[]];
      readonly held: HeldOrder;
      readonly delivery: Delivery | undefined;
    }
  /** The order is known with another quantity; nothing was changed. */
  | { readonly outcome: 'conflict'; readonly heldQuantity: number }
  /** Nothing may be mailed: the license is over, or on hold. */
  | { readonly outcome: 'revoked' | 'suspended' }
  /** More units than a signed event has told of. */
  | { readonly outcome: 'too many units'; readonly known: number }
  /** The request has to name the line. */
  | { readonly outcome: 'ambiguous'; readonly reason: string }
  /** Too many orders of an unusual shape wait for a person. */
  | { readonly outcome: 'odd' };

export interface FulfillParts {
  readonly ledger: Ledger;
  readonly handouts: Handouts;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
}

/** Orders with a reference of unusual shape that are answered before somebody has looked at them. */
const MOST_ODD_ORDERS = 5;

const PLAIN: Asked = { facts: [], renewal: undefined };

/** Promises the licenses that this request gets, durably recorded before the promise resolves. */
export async function fulfill(
  order: Order,
  product: Product,
  parts: FulfillParts,
  asked: Asked = PLAIN,
): Promise<Fulfilled> {
  if (isSeparate(order, product)) return fulfillOneUnit(order, product, parts);
  const known = await parts.ledger.findOrder(order);
  const line = known && knownLine(known, order, asked);
  if (known !== undefined && line?.every(isAnswered)) return repeat(known, line, order);
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
    return fulfillAllUnits(named, product, parts, { ...asked, facts, renewal });
  };
  if (asked.oddReference !== true || held !== undefined) return deliver([]);
  // Else many at once would all find room.
  return parts.handouts.oneAtATime({ ...order, order: '', product: '' }, async () => {
    const oddity = await oddFacts(order, parts);
    return oddity === 'too many' ? { outcome: 'odd' } : deliver(oddity);
  });
}

/** Only Paddle sends a request for each unit: elsewhere one that comes again is a repeat. */
function isSeparate({ marketplace }: Order, { multibuy, quantity }: Product): boolean {
  return marketplace === 'paddle-classic' && multibuy === 'separate' && quantity === 'codes';
}

/** A request that names no line tells its facts without one; they are of the line that it turned out to be. */
function onLine(fact: Fact, { line }: Order): Fact {
  const { body } = fact;
  return (body.kind === 'asked' || body.kind === 'linked') && body.line === ''
    ? { ...fact, body: { ...body, line } }
    : fact;
}

/** The units of the line that is asked for; of the only line that is there, where the request names none. */
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

/** One request gets all units, and each repeat the same ones: those that were answered, whatever came since. */
async function fulfillAllUnits(
  order: Order,
  product: Product,
  parts: FulfillParts,
  asked: Asked,
): Promise<Fulfilled> {
  const issue = issueOf(order, product, 'all', asked, parts);
  const { renewal } = asked;
  if (renewal === undefined) return answered(await parts.ledger.issue(issue), undefined);
  const facts = [...asked.facts, ...renewal.facts];
  return answered(
    await parts.ledger.renew({ ...issue, facts, subscription: renewal.subscription }),
    undefined,
  );
}

function issueOf(
  order: Order,
  product: Product,
  units: Issue['units'],
  { facts, trialEnd, features, charged, isUnmarked }: Asked,
  { now }: FulfillParts,
): Issue {
  return {
    order,
    product,
    units,
    facts,
    ...(trialEnd !== undefined && { trialEnd }),
    ...(features !== undefined && { features }),
    ...(charged !== undefined && { charged }),
    at: now(),
    cause: isUnmarked === true ? UNMARKED_REQUEST : REQUEST,
  };
}

/** A stranger who captured one request can cut it into others: an unusual reference is answered for a few orders only. */
async function oddFacts(order: Order, { ledger, now }: FulfillParts): Promise<readonly Fact[] | 'too many'> {
  const { facts } = await ledger.showOrder(order.order);
  // An order that a signed event names is none of a stranger's.
  if (facts.some(({ body }) => body.kind === 'sold')) return [];
  const waiting = (await ledger.countFlags())['odd-reference'] ?? 0;
  if (waiting >= MOST_ODD_ORDERS || order.quantity > 1) return 'too many';
  const { marketplace, mode } = order;
  const note = `Order ${order.order} has a reference of an unusual shape: see whether it is one of yours`;
  return [
    {
      marketplace,
      mode,
      subject: `order:${order.order}`,
      key: `odd:${order.order}`,
      at: now(),
      cause: REQUEST,
      body: { kind: 'noted', note, flag: true, why: 'odd-reference' },
    },
  ];
}

/** What was answered before, to the byte, but for licenses that are revoked. */
function repeat(held: HeldOrder, line: readonly HeldLicense[], { quantity }: Order): Fulfilled {
  const answers = line.filter(isAnswered);
  const [first] = answers;
  const heldQuantity = first === undefined || first.answer.alone ? answers.length : first.answer.quantity;
  if (heldQuantity !== quantity) return { outcome: 'conflict', heldQuantity };
  return fulfilled('repeated', held, line, undefined);
}

/**
 * Separate Multibuy: nothing in a request tells which unit it asks for, and a retry looks the same too. It gets the
 * oldest unit that is neither delivered nor on its way, else the next one (DESIGN.md, Separate Multibuy).
 */
function fulfillOneUnit(order: Order, product: Product, parts: FulfillParts): Promise<Fulfilled> {
  const { handouts } = parts;
  return handouts.oneAtATime(order, async () => {
    const known = await parts.ledger.findOrder(order);
    const licenses: readonly HeldLicense[] = known?.licenses ?? [];
    const cap = order.quantity > 1 ? order.quantity : LARGEST_QUANTITY;
    const heldQuantity = licenses.find((license) => (license.answer?.quantity ?? 1) > 1)?.answer?.quantity;
    if (order.quantity > 1 && heldQuantity !== undefined && heldQuantity !== order.quantity) {
      return { outcome: 'conflict', heldQuantity };
    }
    const waiting = licenses.find(
      (license) => license.answer?.deliveredAt == null && !handouts.isOut(order, license.unit),
    );
    if (waiting !== undefined && known !== undefined && isAnswered(waiting)) {
      return handOut('repeated', known, waiting.unit, order, parts);
    }
    if (waiting === undefined && known !== undefined && licenses.length >= cap) {
      if (order.quantity === 1) return { outcome: 'conflict', heldQuantity: licenses.length };
      // All units are out or delivered, so this is a retry of one: the oldest on its way, else the last delivered.
      const again = licenses.find(({ unit }) => handouts.isOut(order, unit)) ?? lastDelivered(licenses);
      return handOut('repeated', known, again?.unit ?? 0, order, parts);
    }
    const unit = waiting?.unit ?? licenses.length;
    const issued = await parts.ledger.issue(issueOf(order, product, unit, PLAIN, parts));
    if (!('held' in issued)) return issued;
    return handOut(issued.outcome, issued.held, unit, order, parts);
  });
}

function lastDelivered(licenses: readonly HeldLicense[]): HeldLicense | undefined {
  return [...licenses].sort((a, b) => (b.answer?.deliveredAt ?? 0) - (a.answer?.deliveredAt ?? 0))[0];
}

function handOut(
  outcome: 'issued' | 'repeated',
  held: HeldOrder,
  unit: number,
  order: Order,
  parts: FulfillParts,
): Fulfilled {
  const { handouts, ledger, now } = parts;
  const take = handouts.take(order, unit);
  let isFinished = false;
  const delivery: Delivery = {
    async finished() {
      isFinished = true;
      try {
        await ledger.noteDelivery(order, unit, now());
      } finally {
        take.release();
      }
    },
    abandoned() {
      // A response closes behind its finish too: until that is noted, the unit must not look as if it were free.
      if (!isFinished) take.release();
    },
  };
  const units = held.licenses.filter((license) => license.unit === unit);
  return fulfilled(outcome, held, units, delivery);
}

function isAnswered(license: HeldLicense): license is AnsweredLicense {
  return license.answer !== null;
}

function answered(recorded: Renewed, delivery: Delivery | undefined): Fulfilled {
  if (!('held' in recorded)) return recorded;
  return fulfilled(recorded.outcome, recorded.held, recorded.held.licenses, delivery);
}

/** A code that is revoked is mailed to nobody. */
function fulfilled(
  outcome: 'issued' | 'repeated',
  held: HeldOrder,
  licenses: readonly HeldLicense[],
  delivery: Delivery | undefined,
): Fulfilled {
  const [first, ...others] = licenses.filter(isAnswered).filter(({ state }) => state !== 'revoked');
  if (first !== undefined) return { outcome, licenses: [first, ...others], held, delivery };
  delivery?.abandoned();
  return { outcome: 'revoked' };
}
