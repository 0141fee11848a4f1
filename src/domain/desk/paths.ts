/** Decisions of an operator about a path that was sold without a product file: it gets a product, or is ignored. */

import type { MarketplaceEvent } from '../facts/event.ts';
import type { Fact } from '../facts/fact.ts';
import type { LicenseStory } from '../ledger.ts';
import { namedIn } from '../sales/sold-as.ts';
import { BY_ITSELF, type Flag, pathFlagKey, subscriptionInKey } from '../values/flag.ts';
import type { Customer, Marketplace, OrderName } from '../values/order.ts';
import { orderSubject, subscriptionSubject } from '../values/order-subject.ts';
import type { ReadKept } from './events.ts';
import { type Settled, settleFlags } from './flags.ts';
import { causeOf, type Desk, type Grounds, isInMarket, operatorFact } from './operator.ts';
import { eventsOf } from './order-events.ts';

/** Orders changed in one act. */
const BATCH = 50;

/** More open flags than a seller leaves. */
const MOST_FLAGS = 10_000;

/** A path as the marketplace names it, and its product in Mintmark. */
export interface MappedPath {
  readonly marketplace: Marketplace;
  readonly path: string;
  readonly product: string;
}

export type PathDelivered =
  | { readonly outcome: 'delivered'; readonly orders: readonly DeliveredOrder[] }
  | { readonly outcome: 'nothing owed' };

export interface DeliveredOrder extends OrderName {
  /** Active licenses of this product whose codes nobody was handed yet. */
  readonly licenses: number;
  /** Whom to send them to, as far as the ledger knows. */
  readonly customer: Customer;
}

/**
 * Issues owed licenses of a path that had no product file, or whose requests never came, for orders and for subscriptions that cover it
 * now, and settles its flags. Until then nobody holds a license of such an order: only its events name the customer.
 */
export async function deliverPath(
  desk: Pick<Desk, 'ledger'> & { readonly read: ReadKept },
  { marketplace, path, product }: MappedPath,
  grounds: Grounds,
  now: number,
): Promise<PathDelivered> {
  const { ledger } = desk;
  const line = path.toLowerCase();
  const flagged = (await flagsOf(ledger, line))
    .filter((flag) => flag.marketplace === marketplace)
    .map(({ mode, subscription, settledBy }) => ({
      name: { marketplace, mode, order: subscriptionSubject(subscription) },
      isDone: settledBy?.startsWith(BY_ITSELF) === true,
    }));
  const owed = [
    ...(await ledger.findOwed(marketplace, line)),
    ...(await unaskedOf(ledger, { marketplace, path: line, product })),
    ...flagged.flatMap(({ name, isDone }) => (isDone ? [] : [name])),
  ];
  const names = distinct([...owed, ...flagged.map(({ name }) => name)]);
  const act = `deliver ${line} as ${product}`;
  for (let from = 0; from < names.length; from += BATCH) {
    const mapped = names.slice(from, from + BATCH).map(async (name) => {
      const subject = orderSubject(name.order);
      const fact = operatorFact(name, subject, { kind: 'mapped', line, product }, { act, at: now, grounds });
      return { fact, event: await eventWithCustomer(name, desk) };
    });
    await mapAll(await Promise.all(mapped), ledger);
  }
  // Also needed after a crash between the two acts. If the product file is lost, a further sale of the path
  // raises the flag again.
  const by = `${BY_ITSELF}: ${causeOf(act, grounds)}`;
  await settleFlags(desk, { key: pathFlagKey(line), marketplace }, grounds, now, by);
  const shown: (OrderName & { readonly its: readonly LicenseStory[] })[] = [];
  for (const { mode, order } of names) {
    const { licenses } = await ledger.showOrder(order);
    const its = licenses.filter((each) => isInMarket(each, { marketplace, mode }));
    shown.push({ marketplace, mode, order, its });
  }
  // What was delivered before is listed while its code still waits.
  const isNews = ({ mode, order, licenses }: DeliveredOrder) =>
    licenses > 0 || owed.some((one) => one.mode === mode && one.order === order);
  const orders = countOnce(shown, product).filter(isNews);
  return orders.length === 0 ? { outcome: 'nothing owed' } : { outcome: 'delivered', orders };
}

/** What is sold by its product, and was never asked for (Paddle Classic): orders of which a fact names the path. */
async function unaskedOf(
  ledger: Desk['ledger'],
  { marketplace, path, product }: MappedPath,
): Promise<readonly OrderName[]> {
  const owed = (await ledger.findOwed(marketplace, '')).filter((line) => line.product === product);
  const isNamed = ({ body }: Fact) =>
    body.kind === 'confirmed' ? body.line === path : namedIn(body).some(({ line }) => line === path);
  const named: OrderName[] = [];
  for (const { mode, order } of owed) {
    const { facts } = await ledger.showOrder(order);
    if (facts.some((fact) => fact.mode === mode && isNamed(fact))) named.push({ marketplace, mode, order });
  }
  return named;
}

/** An order and its subscription show the same licenses: each counts for its own order, or else for the first that shows it. */
function countOnce(
  shown: readonly (OrderName & { readonly its: readonly LicenseStory[] })[],
  product: string,
): readonly DeliveredOrder[] {
  const isListed = ({ mode, order }: OrderName) =>
    shown.some((one) => one.mode === mode && one.order === order);
  const counted = new Set<string>();
  return shown.flatMap(({ its, ...name }) => {
    const active = its.filter(
      (each) => each.product === product && each.state === 'active' && each.handed === null,
    );
    const own = active.filter((each) => {
      const id = Buffer.from(each.id).toString('hex');
      if (counted.has(id) || (each.order !== name.order && isListed(each))) return false;
      counted.add(id);
      return true;
    });
    if (own.length === 0 && active.length > 0) return [];
    const customer = its.map((each) => each.customer).find(isNamed) ?? NOBODY;
    return { ...name, licenses: own.length, customer };
  });
}

const NOBODY: Customer = { name: undefined, email: undefined };

function isNamed({ name, email }: Customer): boolean {
  return name !== undefined || email !== undefined;
}

interface MappedOrder {
  readonly fact: Fact;
  readonly event: MarketplaceEvent | undefined;
}

/** An event is applied again in the act that issues, so that a mail about its licenses has an address. */
async function mapAll(mapped: readonly MappedOrder[], ledger: Desk['ledger']): Promise<void> {
  const facts: Fact[] = [];
  const acts: Promise<unknown>[] = [];
  for (const { fact, event } of mapped) {
    if (event === undefined) facts.push(fact);
    else acts.push(ledger.ingest({ ...event, facts: [...event.facts, fact] }, { again: true }));
  }
  if (facts.length > 0) acts.push(ledger.addFacts(facts));
  await Promise.all(acts);
}

/** The first kept event that names the order's customer; undefined: a license does, or none can be read. */
async function eventWithCustomer(
  { marketplace, mode, order }: OrderName,
  { ledger, read }: Pick<Desk, 'ledger'> & { readonly read: ReadKept },
): Promise<MarketplaceEvent | undefined> {
  const { facts, licenses } = await ledger.showOrder(order);
  const isIts = (row: Pick<OrderName, 'marketplace' | 'mode'>) => isInMarket(row, { marketplace, mode });
  if (licenses.some((license) => isIts(license) && isNamed(license.customer))) return undefined;
  for (const event of await eventsOf({ facts: facts.filter(isIts), flags: [] }, ledger)) {
    const { payload } = event;
    if (payload === null) continue;
    // The order is delivered all the same if its event cannot be read any more.
    const known = await Promise.resolve({ ...event, payload })
      .then(read)
      .catch(() => undefined);
    if (known?.people.some(({ customer }) => isNamed(customer))) return known;
  }
  return undefined;
}

/**
 * Ignores a path that the account sells but Mintmark does not: settles its flag and the flags of
 * subscriptions that cover it, of every marketplace unless one is given. A settled flag is not raised again.
 */
export async function ignorePath(
  desk: Pick<Desk, 'ledger'>,
  { path, marketplace }: { readonly path: string; readonly marketplace?: Marketplace },
  grounds: Grounds,
  now: number,
): Promise<Settled> {
  const market = marketplace === undefined ? {} : { marketplace };
  const settled = await settleFlags(desk, { key: pathFlagKey(path), ...market }, grounds, now);
  const flagged = await flagsOf(desk.ledger, path.toLowerCase());
  const others = flagged.filter((flag) => marketplace === undefined || flag.marketplace === marketplace);
  const all: Settled[] = [settled];
  for (const { id } of others) all.push(await settleFlags(desk, { id }, grounds, now));
  const flags = all.flatMap((each) => (each.outcome === 'settled' ? each.flags : []));
  if (flags.length > 0) return { outcome: 'settled', flags };
  return all.find(({ outcome }) => outcome === 'unchanged') ?? settled;
}

/** Flags of subscriptions that cover the path without a product file, settled ones too. */
async function flagsOf(
  ledger: Desk['ledger'],
  line: string,
): Promise<readonly (Flag & { readonly subscription: string })[]> {
  const flags = await ledger.findFlags({ kind: 'unmapped', limit: MOST_FLAGS });
  return flags.flatMap((flag) => {
    const subscription = subscriptionInKey(flag.key, line);
    return subscription === undefined ? [] : [{ ...flag, subscription }];
  });
}

function distinct(names: readonly OrderName[]): readonly OrderName[] {
  return [...new Map(names.map((name) => [`${name.mode} ${name.order}`, name])).values()];
}
