/** Derives the lines of orders from facts and licenses: product, units, subscription. */

import type { LedgerLicense } from '../changes.ts';
import type { Fact, FactBody, Subject } from '../facts/fact.ts';
import { linkOf } from '../facts/link-of.ts';
import type { Names } from '../facts/names.ts';
import { orderOf, subscriptionOf } from '../values/order-subject.ts';
import { withoutFetched } from './awaited-lines.ts';
import { lineKey } from './line-key.ts';

/** A line of an order. */
export interface SaleLine {
  readonly order: string;
  /** As in the licenses; '' stands for any line if the licenses are from a ledger before schema 6. */
  readonly line: string;
  /** As the marketplace names the line, in returns too; '': not stated. */
  readonly path: string;
  /** null: no product file names the line. */
  readonly product: string | null;
  /** Units sold; undefined: known only from a request. */
  readonly quantity: number | undefined;
  /** Units sold, or else requested. */
  readonly units: number;
  readonly price: number | undefined;
  /** Units in one of the item, as far as it is stated. */
  readonly per?: number | undefined;
  readonly features: readonly string[] | undefined;
  /** The subscription that the line follows. */
  readonly subscription: string | null;
  /** The line follows the dates of another line's subscription. */
  readonly companion: boolean;
  readonly trial: boolean;
  /** An event states the sale and its units, so licenses are issued without a request. */
  readonly isIssuedByEvent: boolean;
  /** License fulfillment failed at the marketplace: undelivered at once. */
  readonly failed: boolean;
  /** The order's lines are not known yet: the placeholder for all of them (awaited-lines.ts). */
  readonly awaits?: string;
  readonly awaitsRest?: true;
  /**
   * The marketplace's time of the sale, milliseconds since 1970-01-01; the ledger's time if only a request is
   * known.
   */
  readonly at: number;
  readonly cause: string;
  /** The order that identifies the line's licenses: its own order or the subscription (homes.ts). */
  readonly home: string;
  /** The number of the line's first unit in its home. */
  readonly firstUnit: number;
}

type Sold = Fact & { readonly body: Extract<FactBody, { kind: 'sold' }> };

/** The lines of all loaded orders, in the order of their first fact. */
export function readSaleLines(
  facts: readonly Fact[],
  licenses: readonly LedgerLicense[],
  names: Names,
): readonly SaleLine[] {
  const lines = new Map<string, SaleLine>();
  const put = (line: SaleLine) => lines.set(lineKey(line), line);
  const twins: SaleLine[] = [];
  const tellers = new Map<string, Subject>();
  for (const fact of facts) {
    if (!isSold(fact)) continue;
    const order = orderOf(names.of(fact.subject));
    if (order === undefined) continue;
    const line = soldLine(fact, order, facts, licenses, names);
    const before = lines.get(lineKey(line));
    // Told under another name of the order, such as its invoice: the same sale, and not a second one.
    const teller = tellers.get(lineKey(line)) ?? fact.subject;
    if (before !== undefined && teller !== fact.subject && before.failed === line.failed) continue;
    tellers.set(lineKey(line), teller);
    if (before === undefined || !isTwin(fact, before, line)) {
      put(before === undefined ? line : mergeLines(before, line));
      continue;
    }
    const known = twins.findIndex(
      (twin) => lineKey(twin) === lineKey(line) && twin.subscription === line.subscription,
    );
    if (known < 0) twins.push(line);
    else twins.splice(known, 1, mergeLines(twins[known] ?? line, line));
  }
  for (const fact of facts) {
    const line = confirmedLine(fact, facts, names);
    if (line === undefined || [...lines.values()].some(({ order }) => order === line.order)) continue;
    const held = licenses.find(({ order }) => order === line.order);
    put({
      ...line,
      product: held?.product ?? line.product,
      line: held?.line ?? line.line,
      subscription: linkOf(line.order, held?.product ?? line.product ?? '', '', facts, names),
    });
  }
  for (const license of licenses) {
    if (subscriptionOf(license.order) !== undefined) continue;
    if (lines.has(lineKey(license))) continue;
    put(requestedLine(license, licenses, facts, names));
  }
  return withoutFetched([...lines.values(), ...twins]);
}

/** The line repeats a path of the same order, with a subscription of its own. */
function isTwin({ body }: Sold, one: SaleLine, other: SaleLine): boolean {
  if (body.line === undefined || body.subscription === undefined) return false;
  return one.subscription !== null && one.subscription !== other.subscription;
}

function isSold(fact: Fact): fact is Sold {
  return fact.body.kind === 'sold';
}

function soldLine(
  { body, subject, at, cause }: Sold,
  order: string,
  facts: readonly Fact[],
  licenses: readonly LedgerLicense[],
  names: Names,
): SaleLine {
  const product = body.product ?? mappedProduct(names.of(subject), body.line ?? '', facts, names);
  const named = body.line ?? '';
  const held = licenses.filter((license) => license.order === order && license.product === product);
  const line =
    held.some((license) => license.line === named) || !held.some((license) => license.line === '')
      ? named
      : '';
  const link = linkOf(order, body.line === undefined ? product : null, named, facts, names);
  return {
    order,
    line,
    path: named,
    product,
    quantity: body.quantity,
    units: body.quantity,
    price: body.price,
    ...(body.per !== undefined && { per: body.per }),
    features: body.features,
    subscription: body.subscription ?? link,
    companion: body.companion === true,
    trial: body.trial === true,
    isIssuedByEvent: body.failed !== true && body.awaits === undefined,
    failed: body.failed === true,
    ...(body.awaits !== undefined && { awaits: body.awaits }),
    ...(body.awaitsRest === true && { awaitsRest: true }),
    at,
    cause,
    home: order,
    firstUnit: 0,
  };
}

/** Merges two facts about one line: a sale and its failed fulfillment, or two lines of a ledger before schema 6. */
function mergeLines(a: SaleLine, b: SaleLine): SaleLine {
  if (a.failed !== b.failed) {
    const sale = a.failed ? b : a;
    return { ...sale, subscription: sale.subscription ?? a.subscription ?? b.subscription };
  }
  if (a.failed) return a;
  const quantity = (a.quantity ?? 0) + (b.quantity ?? 0);
  const path = a.path === b.path ? a.path : '';
  return { ...a, path, quantity, units: quantity, price: undefined };
}

function mappedProduct(order: Subject, line: string, facts: readonly Fact[], names: Names): string | null {
  for (const { subject, body } of facts) {
    if (body.kind === 'mapped' && body.line === line && names.of(subject) === order) return body.product;
  }
  return null;
}

/** The line of a Paddle payment. Licenses are issued by requests, so a missing license is owed. */
function confirmedLine(fact: Fact, facts: readonly Fact[], names: Names): SaleLine | undefined {
  const { at, cause } = fact;
  const paid = paidUnits(fact);
  const order = paid && orderOf(names.of(paid.order));
  if (paid === undefined || order === undefined) return undefined;
  // An operator's word issues the licenses; the payment may have been told again since, with the product's file.
  const mapped = mappedProduct(names.of(paid.order), paid.line, facts, names);
  const product = paid.product ?? mapped;
  return {
    order,
    // A Paddle order has one line, known by Paddle's own number if no product file names it.
    line: product === null ? paid.line : '',
    path: '',
    product,
    quantity: paid.quantity,
    units: paid.quantity,
    price: undefined,
    features: undefined,
    subscription: null,
    companion: false,
    trial: false,
    isIssuedByEvent: mapped !== null,
    failed: false,
    at,
    cause,
    home: order,
    firstUnit: 0,
  };
}

/** The units that a payment paid for, of an order or of a subscription's first order. */
function paidUnits({ body, subject }: Fact):
  | {
      readonly order: Subject;
      readonly line: string;
      readonly product: string | null;
      readonly quantity: number;
    }
  | undefined {
  if (body.kind === 'confirmed' && body.product !== undefined) {
    return { order: subject, line: body.line ?? '', product: body.product, quantity: body.quantity };
  }
  if (body.kind !== 'paid' || body.part !== 'first' || body.charge === undefined) return undefined;
  const [covered] = body.covers ?? [];
  return covered && { order: body.charge, ...covered };
}

function requestedLine(
  license: LedgerLicense,
  licenses: readonly LedgerLicense[],
  facts: readonly Fact[],
  names: Names,
): SaleLine {
  const { order, line, product, at, cause, answer } = license;
  const ofLine = licenses.filter(
    (other) => other.order === order && other.product === product && other.line === line,
  );
  const issued = new Set(ofLine.map(({ unit }) => unit)).size;
  const units = answer === null || answer.byUnit ? issued : Math.max(issued, answer.quantity);
  return {
    order,
    line,
    path: line,
    product,
    quantity: undefined,
    units,
    price: undefined,
    features: undefined,
    subscription: linkOf(order, product, line, facts, names, license.subscription),
    companion: false,
    trial: false,
    isIssuedByEvent: false,
    failed: false,
    at,
    cause,
    home: order,
    firstUnit: 0,
  };
}
