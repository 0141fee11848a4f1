/** What tests of the ledger tell it, through the port and for any database: orders, products, events, facts. */
import { keptTermsOf } from '../../src/catalog/kept-terms.ts';
import type { Announcing } from '../../src/domain/announcements/announcing.ts';
import type { MarketplaceEvent } from '../../src/domain/facts/event.ts';
import type { Fact, FactBody, Subject } from '../../src/domain/facts/fact.ts';
import type { HeldOrder, Issue, Ledger, Renewed } from '../../src/domain/ledger.ts';
import type { ServiceRules } from '../../src/domain/rules.ts';
import { REQUEST } from '../../src/domain/values/causes.ts';
import type { MintedLicense } from '../../src/domain/values/license.ts';
import type { Order, OrderName } from '../../src/domain/values/order.ts';
import type { Message, Product } from '../../src/domain/values/product.ts';
import type { KeptTerms } from '../../src/domain/values/terms.ts';
import { messageDigest } from '../../src/message/digest.ts';
import { SOLD_AT } from './memory-ledger.ts';
import { ENTITLEMENT, MINTER } from './minting.ts';
import { productOf } from './product.ts';

export function messageOf(body = 'Your code: {{ code }}', productId = 'app'): Message {
  const content = { productId, productName: 'App', features: ['export'], body };
  return { digest: messageDigest(content), ...content };
}

export function orderOf(wanted: Partial<Order> = {}): Order {
  return {
    marketplace: 'paddle-classic',
    mode: 'live',
    order: '573252',
    line: '',
    product: 'app',
    quantity: 1,
    soldAt: SOLD_AT,
    customer: { name: 'Ada Byron', email: 'ada@example.com' },
    ...wanted,
  };
}

/** A product as its file defines it. */
export function soldProduct(id: string, wanted: Partial<Product> = {}): Product {
  return productOf({ id, message: messageOf(), ...wanted });
}

/** An order's request, as fulfill passes it to the ledger. */
export function issueOf(wanted: Partial<Order> = {}, given: Partial<Issue> = {}): Issue {
  const order = orderOf(wanted);
  const product = soldProduct(order.product);
  return { order, product, units: 'all', facts: [], at: SOLD_AT + 1000, cause: REQUEST, ...given };
}

/** The minted licenses of an issue: the same each time. */
export function mintedFor({ order }: Issue): readonly MintedLicense[] {
  return Array.from({ length: order.quantity }, (_, unit) => MINTER.mint({ ...order, unit }, ENTITLEMENT, 0));
}

/** Issues, and throws if the answer has no licenses. */
/** An order by its id, in the market of `orderOf` unless told otherwise. */
export function nameOf(order: string, market: Partial<Order> = {}): OrderName {
  const { marketplace, mode } = orderOf(market);
  return { marketplace, mode, order };
}

export async function issueTo(ledger: Ledger, issue: Issue): Promise<Extract<Renewed, { held: HeldOrder }>> {
  const issued = await ledger.issue(issue);
  if ('held' in issued) return issued;
  throw new Error(`the issue was answered: ${issued.outcome}`);
}

/** The products of a ledger that is given no others. */
export const PRODUCTS = [soldProduct('app'), soldProduct('app2')];

const TERMS = new WeakMap<Product, KeptTerms>();

function termsOf(product: Product): KeptTerms {
  const kept = TERMS.get(product) ?? keptTermsOf(product);
  TERMS.set(product, kept);
  return kept;
}

export function rulesFor(
  products: readonly Product[],
  expectsEvents = false,
  announce?: Announcing,
): ServiceRules {
  const findProduct = (id: string) => products.find((product) => product.id === id);
  return {
    minter: MINTER,
    findProduct,
    currentTerms: (id) => {
      const product = findProduct(id);
      return product && termsOf(product);
    },
    expectsEvents: () => expectsEvents,
    announce,
  };
}

/** Keeps the messages and terms that a service keeps at its start. */
export async function keepTexts(ledger: Ledger, products: readonly Product[] = PRODUCTS): Promise<void> {
  for (const product of products) {
    await ledger.keepMessage(product.message);
    await ledger.keepTerms(keptTermsOf(product));
  }
}

/** A fact as FastSpring's events state it, an hour after the sale by default. */
export function factOf(subject: Subject, body: FactBody, wanted: Partial<Fact> = {}): Fact {
  const at = wanted.at ?? SOLD_AT + 3_600_000;
  return {
    marketplace: 'fastspring',
    mode: 'live',
    subject,
    key: `${body.kind}:${subject}:${at}`,
    at,
    cause: `a test: ${body.kind}`,
    body,
    ...wanted,
  };
}

/** An event with these facts, at the time of the first fact. */
export function eventOf(
  id: string,
  facts: readonly Fact[],
  wanted: Partial<MarketplaceEvent> = {},
): MarketplaceEvent {
  const [first] = facts;
  return {
    marketplace: first?.marketplace ?? 'fastspring',
    mode: first?.mode ?? 'live',
    id,
    type: 'test.event',
    at: first?.at ?? SOLD_AT,
    payload: JSON.stringify({ id }),
    facts,
    people: [],
    codes: [],
    ...wanted,
  };
}

/** The event of an order of FastSpring, at the time of the sale. `product` null: no product file names its line. */
export function soldEvent(order: string, line = 'app', product: string | null = 'app'): MarketplaceEvent {
  const body = { kind: 'sold', product, quantity: 1, line } as const;
  return eventOf(`sold ${order}`, [factOf(`order:${order}`, body, { at: SOLD_AT })]);
}
