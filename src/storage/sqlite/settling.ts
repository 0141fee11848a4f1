/**
 * Makes the licenses of an order what all facts known of it add up to: those that are missing are issued, and each
 * becomes its outcome (domain/life.ts). To be run inside a transaction, with whatever made it necessary.
 */
import { dayOf } from '../../domain/day.ts';
import { entitle, featureBits } from '../../domain/entitle.ts';
import type { Fact, Subject } from '../../domain/fact.ts';
import type { Entitlement, LicenseState, MintedLicense } from '../../domain/license.ts';
import { outcomeOf } from '../../domain/life.ts';
import type { Minter } from '../../domain/minter.ts';
import type { OrderKey } from '../../domain/order.ts';
import type { Product } from '../../domain/product.ts';
import { AppError } from '../../errors.ts';
import { formatLicenseId } from '../../license-code/license-id.ts';
import type { Facts, Market } from './facts.ts';
import type { Issuing } from './issuing.ts';
import type { Connection } from './open.ts';
import { onceEach, type Story, subscriptionOf } from './order-story.ts';

export interface SettlingParts {
  readonly facts: Facts;
  readonly issuing: Issuing;
  readonly minter: Minter;
  readonly findProduct: (id: string) => Product | undefined;
}

/** Why an order is settled now. */
export interface Occasion {
  /** Milliseconds since 1970-01-01. */
  readonly now: number;
  /** The facts that were not known before: they stand in the history of each license that they concern. */
  readonly news: readonly Fact[];
  /** Codes that a marketplace holds: one that is genuine is adopted where a license is missing. */
  readonly codes: readonly string[];
}

interface LicenseRow {
  readonly number: number;
  readonly id: Buffer;
  readonly product: string;
  readonly unit: number;
  readonly reissue: number;
  readonly state: LicenseState;
  readonly customer: number | null;
  readonly revision: number;
  readonly subscription: string | null;
  readonly first_code: string;
  readonly code: string;
}

/** Units of a product that must be there, and since when. */
interface Wanted {
  readonly product: Product;
  readonly quantity: number;
  readonly soldAt: number;
  readonly features: readonly string[] | undefined;
  readonly cause: string;
}

export class Settling {
  readonly #parts: SettlingParts;
  readonly #rows;
  readonly #link;

  constructor(connection: Connection, parts: SettlingParts) {
    this.#parts = parts;
    this.#rows = connection.prepare<[string, string, string], LicenseRow>(`
      SELECT l.number, l.id, l.product, l.unit, l.reissue, l.customer, l.state, l.revision, l.subscription,
        (SELECT text FROM code WHERE license = l.number ORDER BY revision LIMIT 1) AS first_code,
        (SELECT text FROM code WHERE license = l.number AND revision = l.revision) AS code
      FROM license l WHERE l.order_id = ? AND l.marketplace = ? AND l.mode = ? ORDER BY l.number`);
    this.#link = connection.prepare('UPDATE license SET subscription = ? WHERE number = ?');
  }

  settle(order: string, market: Market, occasion: Occasion): void {
    const story = this.#storyOf(order, market);
    this.#issueMissing(order, market, story, occasion);
    const rows = this.#rows.all(order, market.marketplace, market.mode);
    const units = new Map<string, number>();
    for (const { product } of rows) units.set(product, (units.get(product) ?? 0) + 1);
    for (const row of rows)
      this.#settleLicense(order, market, row, units.get(row.product) ?? 1, story, occasion);
  }

  /** Another license for the same unit, from the same sale on; what becomes of it is settled at once. */
  reissue(id: Uint8Array, order: string, market: Market, now: number, cause: string): Uint8Array {
    const rows = this.#rows.all(order, market.marketplace, market.mode);
    const old = rows.find((row) => row.id.equals(id));
    if (old === undefined) throw new TypeError('a license that is not of this order');
    const { product, unit, customer, subscription } = old;
    const reissue =
      1 +
      Math.max(
        ...rows.filter((row) => row.product === product && row.unit === unit).map((row) => row.reissue),
      );
    const { minter, issuing } = this.#parts;
    const identity = { ...market, order, product, unit, reissue };
    const minted = minter.mint(identity, minter.entitlementOf(old.first_code), 0);
    const why = `${cause} (in place of ${formatLicenseId(id)})`;
    issuing.recordLicense({ ...market, order, product }, minted, {
      customer,
      subscription,
      reissue,
      at: now,
      cause: why,
    });
    this.settle(order, market, { now, news: [], codes: [] });
    return minted.id;
  }

  #storyOf(order: string, market: Market): Story {
    const own = this.#parts.facts.about(`order:${order}`, market);
    const bySubscription = new Map<string, readonly Fact[]>();
    for (const { body } of own) {
      const subscription = 'subscription' in body ? body.subscription : undefined;
      if (subscription === undefined || bySubscription.has(subscription)) continue;
      bySubscription.set(subscription, this.#parts.facts.about(`subscription:${subscription}`, market));
    }
    return { own, bySubscription };
  }

  #issueMissing(order: string, market: Market, story: Story, { now, codes }: Occasion): void {
    const { issuing } = this.#parts;
    for (const wanted of this.#wanted(story)) {
      const { product, quantity, soldAt, features, cause } = wanted;
      const key = { ...market, order, product: product.id };
      const there = new Set(
        this.#rows
          .all(order, market.marketplace, market.mode)
          .filter((row) => row.product === product.id)
          .map((row) => row.unit),
      );
      const entitlement = entitle(product, quantity, dayOf(soldAt));
      const granted = features ? { ...entitlement, features: featureBits(product, features) } : entitlement;
      const count = product.quantity === 'seats' ? 1 : quantity;
      for (let unit = 0; unit < count; unit++) {
        if (there.has(unit)) continue;
        const { minted, adopted } = this.#mintOrAdopt(key, unit, granted, codes);
        const subscription = subscriptionOf(product.id, story);
        const why = adopted ? `${cause}: adopted the code that the marketplace holds` : cause;
        issuing.recordLicense(key, minted, { customer: null, subscription, at: now, cause: why });
      }
    }
  }

  /** The most units of each product that was ever told; nothing is deleted when they become fewer. */
  #wanted({ own, bySubscription }: Story): readonly Wanted[] {
    const sales = own.filter(({ body }) => body.kind === 'sold');
    const most = new Map<string, Wanted>();
    for (const { body, at, cause } of [...own, ...[...bySubscription.values()].flat()]) {
      if (body.kind !== 'sold' && body.kind !== 'resized') continue;
      const product = this.#parts.findProduct(body.product);
      if (product === undefined || body.quantity <= (most.get(product.id)?.quantity ?? 0)) continue;
      const features = body.kind === 'sold' ? body.features : most.get(product.id)?.features;
      // The day of sale must not depend on what arrived first.
      const soldAt = Math.min(...(sales.length > 0 ? sales.map((sale) => sale.at) : [at]));
      most.set(product.id, { product, quantity: body.quantity, soldAt, features, cause });
    }
    return [...most.values()];
  }

  #mintOrAdopt(key: OrderKey, unit: number, entitlement: Entitlement, codes: readonly string[]) {
    const { minter } = this.#parts;
    const identity = { ...key, unit };
    for (const code of codes) {
      const adopted = minter.recognize(code, identity);
      if (adopted !== undefined) return { minted: adopted, adopted: true };
    }
    return { minted: minter.mint(identity, entitlement, 0), adopted: false };
  }

  #settleLicense(
    order: string,
    market: Market,
    row: LicenseRow,
    units: number,
    story: Story,
    occasion: Occasion,
  ): void {
    const { facts, issuing, minter } = this.#parts;
    const licenseId = formatLicenseId(row.id);
    const subscription = subscriptionOf(row.product, story);
    if (subscription !== row.subscription && subscription !== null) this.#link.run(subscription, row.number);
    const known = onceEach([
      ...story.own,
      ...(subscription === null ? [] : (story.bySubscription.get(subscription) ?? [])),
      ...facts.about(`license:${licenseId}` as Subject, market),
    ]);
    const product = this.#ruling(row.product);
    const terms = { product, unit: row.unit, units, licenseId, issued: minter.entitlementOf(row.first_code) };
    const { state, entitlement } = outcomeOf(known, terms);
    const keys = new Set(known.map(({ key }) => key));
    const news = onceEach(occasion.news).filter(({ key }) => keys.has(key));
    const renewed = !isEqual(entitlement, minter.entitlementOf(row.code));
    if (!renewed && state === row.state && news.length === 0) return;
    const next = renewed ? this.#mintNext(order, market, row, entitlement) : undefined;
    issuing.recordChange(row.number, row.id, {
      state,
      revision: next?.revision ?? row.revision,
      code: next?.code,
      at: occasion.now,
      cause: news.length === 0 ? 'what is known of the order' : news.map(({ cause }) => cause).join('; '),
    });
  }

  #mintNext(order: string, market: Market, row: LicenseRow, entitlement: Entitlement): MintedLicense {
    const identity = { ...market, order, product: row.product, unit: row.unit, reissue: row.reissue };
    return this.#parts.minter.mint(identity, entitlement, row.revision + 1);
  }

  #ruling(id: string): Product {
    const product = this.#parts.findProduct(id);
    if (product !== undefined) return product;
    throw new AppError(
      'bad_configuration',
      `The product file ${id}.md is gone: its licenses live by its rules.`,
    );
  }
}

function isEqual(a: Entitlement, b: Entitlement): boolean {
  return (
    a.lastValid === b.lastValid &&
    a.updatesUntil === b.updatesUntil &&
    a.seats === b.seats &&
    a.features === b.features &&
    a.trial === b.trial
  );
}
