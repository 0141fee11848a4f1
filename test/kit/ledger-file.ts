/** For tests of the ledger: a file for each test, real codes by a key from a seed, orders, events. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { keptTermsOf } from '../../src/catalog/kept-terms.ts';
import type { Announcing } from '../../src/domain/announcing.ts';
import { REQUEST } from '../../src/domain/causes.ts';
import type { MarketplaceEvent } from '../../src/domain/event.ts';
import type { Fact, FactBody, Subject } from '../../src/domain/fact.ts';
import type { HeldOrder, Issue, Ledger, Renewed } from '../../src/domain/ledger.ts';
import type { MintedLicense } from '../../src/domain/license.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Message, Product } from '../../src/domain/product.ts';
import type { ServiceRules } from '../../src/domain/rules.ts';
import type { KeptTerms } from '../../src/domain/terms.ts';
import { createLicenseIds } from '../../src/keyring/minter.ts';
import { createCodeCheck } from '../../src/keyring/stored-code.ts';
import { messageDigest } from '../../src/message/digest.ts';
import { type CheckKeys, checkLedger, type Finding } from '../../src/storage/sqlite/check.ts';
import type { ObserveCommit } from '../../src/storage/sqlite/group-commit.ts';
import { type Connection, openLedgerFile } from '../../src/storage/sqlite/open.ts';
import { SqliteLedger } from '../../src/storage/sqlite/sqlite-ledger.ts';
import { SOLD_AT } from './memory-ledger.ts';
import { ENTITLEMENT, ID_SECRET, KEYRING, MINTER } from './minting.ts';
import { productOf } from './product.ts';

export { SOLD_AT } from './memory-ledger.ts';
export { ENTITLEMENT, ID_SECRET, KEYRING, MINTER, signerFor } from './minting.ts';

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
export async function issueTo(ledger: Ledger, issue: Issue): Promise<Extract<Renewed, { held: HeldOrder }>> {
  const issued = await ledger.issue(issue);
  if ('held' in issued) return issued;
  throw new Error(`the issue was answered: ${issued.outcome}`);
}

/** A folder that is removed at the end of the test. */
export function folderFor(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'mintmark-ledger-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Opened {
  readonly file: string;
  readonly connection: Connection;
  readonly ledger: SqliteLedger;
}

export interface OpenOptions {
  readonly file?: string;
  readonly observeCommit?: ObserveCommit;
  /** The products whose rules apply; `app` and `app2` by default. */
  readonly products?: readonly Product[];
  readonly now?: () => number;
  readonly expectsEvents?: boolean;
  readonly announce?: Announcing | undefined;
  readonly lockPatience?: number;
}

const PRODUCTS = [soldProduct('app'), soldProduct('app2')];

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

/** A ledger in a new folder, or in the given file; closed when the test ends. */
export function openLedger(t: ExecutionContext, options: OpenOptions = {}): Opened {
  const { file = join(folderFor(t), 'ledger.sqlite'), observeCommit, lockPatience, now } = options;
  const connection = openLedgerFile(file, ID_SECRET);
  const ledger = new SqliteLedger(connection, {
    idSecret: ID_SECRET,
    rules: rulesFor(options.products ?? PRODUCTS, options.expectsEvents, options.announce),
    ...(observeCommit && { observeCommit }),
    ...(lockPatience !== undefined && { lockPatience }),
    ...(now && { now }),
  });
  t.teardown(() => ledger.close());
  return { file, connection, ledger };
}

/** The same with the messages and the terms that issueOf refers to. */
export async function openWithMessage(t: ExecutionContext, options: OpenOptions = {}): Promise<Opened> {
  const opened = openLedger(t, options);
  await keepTexts(opened.ledger, options.products ?? PRODUCTS);
  return opened;
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

/** The part of licenses that does not depend on the order of facts: all but revisions, codes and history. */
export async function standingOf(ledger: SqliteLedger, order: string) {
  const stories = await ledger.find({ by: 'order', order });
  return stories
    .map(({ mode, product, unit, state, subscription, code }) => {
      const { lastValid, ...entitlement } = MINTER.entitlementOf(code);
      return { mode, product, unit, state, lastValid, subscription, ...entitlement };
    })
    .sort((a, b) =>
      `${a.mode} ${a.product}` < `${b.mode} ${b.product}`
        ? -1
        : a.product === b.product
          ? a.unit - b.unit
          : 1,
    );
}

export const CHECK_KEYS: CheckKeys = {
  idSecret: ID_SECRET,
  licenseIdOf: createLicenseIds(ID_SECRET),
  codeFault: createCodeCheck(KEYRING),
};

export function findingsOf(connection: Connection): readonly Finding[] {
  return [...checkLedger(connection, CHECK_KEYS)];
}

/** Every row of every table as text, to compare or to search. */
export function dump(connection: Connection, except: readonly string[] = []): Record<string, string[]> {
  const tables = connection
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .pluck()
    .all()
    .filter((name) => !except.includes(name));
  return Object.fromEntries(tables.map((table) => [table, rowsOf(connection, table)]));
}

function rowsOf(connection: Connection, table: string): string[] {
  const rows = connection.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).all();
  return rows.map((row) =>
    JSON.stringify(row, (_, value: unknown) =>
      value !== null && typeof value === 'object' && 'data' in value && Array.isArray(value.data)
        ? Buffer.from(value.data as number[]).toString('hex')
        : value,
    ),
  );
}
