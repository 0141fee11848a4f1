/**
 * Makes the licenses of an order what all facts known of it add up to: those that are missing are issued, and each
 * becomes its outcome (domain/life.ts). To be run inside a transaction, with whatever made it necessary.
 */
import { dayOf } from '../../domain/day.ts';
import { entitle, featureBits } from '../../domain/entitle.ts';
import type { Fact, Subject } from '../../domain/fact.ts';
import {
  type Entitlement,
  isSameEntitlement,
  type LicenseState,
  type MintedLicense,
} from '../../domain/license.ts';
import { lifeOf } from '../../domain/life.ts';
import type { Minter } from '../../domain/minter.ts';
import { LARGEST_QUANTITY, type OrderKey } from '../../domain/order.ts';
import { hasSpareUnits, outcomeOfLife } from '../../domain/outcome.ts';
import type { Product } from '../../domain/product.ts';
import { AppError } from '../../errors.ts';
import { formatLicenseId } from '../../license-code/license-id.ts';
import type { Facts, Market } from './facts.ts';
import type { Issuing } from './issuing.ts';
import type { Connection } from './open.ts';
import { followed, onceEach, resizes, type Story, subscriptionOf, type Wanted } from './order-story.ts';

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

/** Two bytes (license-code-v1: revision). */
const LAST_REVISION = 65_535;

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
      FROM license l WHERE l.order_id = +? AND l.marketplace = +? AND l.mode = +? ORDER BY l.number`);
    this.#link = connection.prepare('UPDATE license SET subscription = ? WHERE number = ?');
  }

  /** True where more units are out than were paid for. */
  settle(order: string, market: Market, occasion: Occasion): boolean {
    const story = this.#parts.facts.storyOf(order, market);
    const before = this.#rows.all(order, market.marketplace, market.mode);
    const issued = this.#issueMissing(order, market, before, story, occasion);
    const rows = issued ? this.#rows.all(order, market.marketplace, market.mode) : before;
    return rows.map((row) => this.#settleLicense(order, market, row, rows, story, occasion)).some(Boolean);
  }

  /** Another license for the same unit, from the same sale on; what becomes of it is settled at once. */
  reissue(id: Uint8Array, order: string, market: Market, now: number, cause: string): Uint8Array {
    const rows = this.#rows.all(order, market.marketplace, market.mode);
    const old = rows.find((row) => row.id.equals(id));
    if (old === undefined) throw new TypeError('a license that is not of this order');
    const { product, unit, customer, subscription } = old;
    const alike = rows.filter((row) => row.product === product && row.unit === unit);
    const reissue = 1 + Math.max(...alike.map((row) => row.reissue));
    const { minter, issuing, facts } = this.#parts;
    const identity = { ...market, order, product, unit, reissue };
    const minted = minter.mint(identity, minter.entitlementOf(old.first_code), 0);
    const why = `${cause} (in place of ${formatLicenseId(id)})`;
    const origin = { customer, subscription, reissue, at: now, cause: why };
    issuing.recordLicense({ ...market, order, product }, minted, origin);
    // What an operator decided of the old one holds for the new one, but that it was withdrawn.
    const subject: Subject = `license:${formatLicenseId(minted.id)}`;
    for (const fact of facts.about(`license:${formatLicenseId(id)}`, market)) {
      if (fact.body.kind !== 'withdrawn') facts.add({ ...fact, subject, key: `${fact.key}:${reissue}` });
    }
    this.settle(order, market, { now, news: [], codes: [] });
    return minted.id;
  }

  #issueMissing(
    order: string,
    market: Market,
    rows: readonly LicenseRow[],
    story: Story,
    { now, codes }: Occasion,
  ): boolean {
    const { issuing } = this.#parts;
    let issued = false;
    const customer = rows.find((row) => row.customer !== null)?.customer ?? null;
    for (const wanted of this.#wanted(story, rows[0])) {
      const { product, quantity, sold, features, cause } = wanted;
      const key = { ...market, order, product: product.id };
      const there = new Set(rows.filter((row) => row.product === product.id).map((row) => row.unit));
      const entitlement = entitle(product, quantity, sold);
      const granted = features ? { ...entitlement, features: featureBits(product, features) } : entitlement;
      const count = product.quantity === 'seats' ? 1 : quantity;
      for (let unit = 0; unit < count; unit++) {
        if (there.has(unit)) continue;
        const { minted, adopted } = this.#mintOrAdopt(key, unit, granted, codes);
        const subscription = subscriptionOf(product.id, story);
        const why = adopted ? `${cause}: adopted the code that the marketplace holds` : cause;
        issuing.recordLicense(key, minted, { customer, subscription, at: now, cause: why });
        issued = true;
      }
    }
    return issued;
  }

  /**
   * The most units of each product that was ever told; nothing is deleted when they become fewer. A subscription adds
   * units to an order that is known, and makes none: it tells neither the day of sale nor the features.
   */
  #wanted(story: Story, first: LicenseRow | undefined): readonly Wanted[] {
    const sales = story.own.filter(({ body }) => body.kind === 'sold');
    if (first === undefined && sales.length === 0) return [];
    // The same for all units, also for those that come later.
    const sold = first
      ? this.#parts.minter.entitlementOf(first.first_code).issued
      : dayOf(Math.min(...sales.map(({ at }) => at)));
    const most = new Map<string, Wanted>();
    for (const { body, cause } of [...story.own, ...resizes(story)]) {
      if (body.kind !== 'sold' && body.kind !== 'resized') continue;
      const product = this.#parts.findProduct(body.product);
      if (product === undefined || body.quantity <= (most.get(product.id)?.quantity ?? 0)) continue;
      if (product.quantity === 'codes' && body.quantity > LARGEST_QUANTITY) throw tooMany(body.quantity);
      const told = body.kind === 'sold' ? body.features : most.get(product.id)?.features;
      const features = told?.filter((name) => product.features.includes(name));
      most.set(product.id, { product, quantity: body.quantity, sold, features, cause });
    }
    return [...most.values()];
  }

  #mintOrAdopt(key: OrderKey, unit: number, entitlement: Entitlement, codes: readonly string[]) {
    const { minter } = this.#parts;
    const identity = { ...key, unit };
    const genuine = codes.flatMap((code) => minter.recognize(code, identity) ?? []);
    const [newest] = genuine.sort((a, b) => b.revision - a.revision);
    if (newest !== undefined) return { minted: newest, adopted: true };
    return { minted: minter.mint(identity, entitlement, 0), adopted: false };
  }

  #settleLicense(
    order: string,
    market: Market,
    row: LicenseRow,
    rows: readonly LicenseRow[],
    story: Story,
    occasion: Occasion,
  ): boolean {
    const { facts, issuing, minter } = this.#parts;
    const licenseId = formatLicenseId(row.id);
    const subscription = subscriptionOf(row.product, story);
    if (subscription !== row.subscription) this.#link.run(subscription, row.number);
    const known = onceEach([
      ...story.own,
      ...followed(row.product, subscription, story),
      ...facts.about(`license:${licenseId}` as Subject, market),
    ]);
    const product = this.#ruling(row.product);
    // One that was issued again is no unit more.
    const firsts = rows.filter((other) => other.product === row.product && other.reissue === 0);
    const first = firsts.find((other) => other.unit === row.unit) ?? row;
    const terms = {
      product,
      unit: row.unit,
      units: firsts.length,
      licenseId: formatLicenseId(first.id),
      issued: minter.entitlementOf(row.first_code),
    };
    const life = lifeOf(known, terms);
    const { state, entitlement } = outcomeOfLife(life, terms);
    const spare = hasSpareUnits(life, terms);
    const keys = new Set(known.map(({ key }) => key));
    const news = onceEach(occasion.news).filter(({ key }) => keys.has(key));
    const differs = !isSameEntitlement(entitlement, minter.entitlementOf(row.code));
    const renewed = differs && row.revision < LAST_REVISION;
    // It can still be revoked; a new code takes a reissue.
    const lacking = differs && !renewed ? ' (no further code: its revisions are used up)' : '';
    if (!renewed && state === row.state && news.length === 0) return spare;
    const next = renewed ? this.#mintNext(order, market, row, entitlement) : undefined;
    issuing.recordChange(row.number, row.id, {
      state,
      revision: next?.revision ?? row.revision,
      code: next?.code,
      at: occasion.now,
      cause: `${[...new Set(news.map(({ cause }) => cause))].join('; ') || 'what is known of the order'}${lacking}`,
    });
    return spare;
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

function tooMany(quantity: number): AppError {
  return new AppError('malformed_request', `${quantity} units: an order has ${LARGEST_QUANTITY} at most.`);
}
