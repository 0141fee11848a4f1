/** What a life comes to: the state of its license, and what it entitles to. */
import { addPeriod, type Day } from './day.ts';
import { featureBits, MOST_SEATS } from './entitle.ts';
import type { Entitlement, LicenseState } from './license.ts';
import type { Life, Terms } from './life.ts';
import type { Product } from './product.ts';

/** What the facts add up to. */
export interface Outcome {
  readonly state: LicenseState;
  readonly entitlement: Entitlement;
}

export function outcomeOfLife(life: Life, terms: Terms): Outcome {
  return { state: stateOf(life, terms), entitlement: entitlementOf(life, terms) };
}

function stateOf(life: Life, terms: Terms): LicenseState {
  if (life.revocations.length > 0 || isReturned(life, terms) || isSurplus(life, terms)) return 'revoked';
  if (life.ended !== null) return terms.product.ended === 'revoke' ? 'revoked' : 'ended';
  if (isOutsized(life, terms)) return 'ended';
  return life.holds.length > 0 ? 'suspended' : 'active';
}

/** Units are returned from the newest on; seats are one license's, which goes when none is left. */
export function isReturned(life: Life, terms: Terms): boolean {
  const { returned } = life;
  const { product, unit, units } = terms;
  if (returned === 0) return false;
  return product.quantity === 'codes' ? unit >= units - returned : returned >= boughtUnits(life, terms);
}

/**
 * Separate Multibuy (DESIGN.md): only when as many codes are confirmed as units were bought is an unconfirmed one
 * a surplus; a customer with a dead code is worse than a spare one.
 */
function isSurplus({ confirmed, stored }: Life, { product, licenseId }: Terms): boolean {
  if (product.multibuy !== 'separate' || confirmed === null || stored.length < confirmed) return false;
  return !stored.includes(licenseId);
}

/** More units are out than were paid for, and it is not told yet which of them count: somebody should know. */
export function hasSpareUnits({ confirmed, stored }: Life, { product, units }: Terms): boolean {
  if (product.multibuy !== 'separate' || confirmed === null) return false;
  return units > confirmed && stored.length < confirmed;
}

/** The subscription is for fewer units now, or for another product. */
export function isOutsized({ size }: Life, { product, unit }: Terms): boolean {
  if (size === null) return false;
  return product.quantity === 'seats' ? size === 0 : unit >= size;
}

function entitlementOf(life: Life, terms: Terms): Entitlement {
  const { product, issued } = terms;
  const granted = { ...issued, seats: seatsOf(life, terms), features: featuresOf(life, terms) };
  if (life.ended !== null && product.ended === 'fallback') {
    return { ...granted, lastValid: null, updatesUntil: life.ended };
  }
  return { ...granted, lastValid: lastValidOf(life, product, issued) };
}

/** Those that the sale names: a fulfillment request that came first did not know of them. */
function featuresOf({ sale }: Life, { product, issued }: Terms): number {
  if (sale?.features === undefined) return issued.features;
  return featureBits(
    product,
    sale.features.filter((name) => product.features.includes(name)),
  );
}

function lastValidOf(life: Life, product: Product, issued: Entitlement): Day | null {
  if (life.ended !== null) return life.ended;
  if (life.canceled !== null) return life.canceled;
  if (life.until !== null) return life.until;
  return life.charge === null ? issued.lastValid : addPeriod(life.charge.until, product.grace);
}

function seatsOf(life: Life, terms: Terms): number {
  const { product, issued } = terms;
  if (product.quantity !== 'seats' || product.seats === 0) return issued.seats;
  const left = Math.max(1, boughtUnits(life, terms) - life.returned);
  return Math.min(left * product.seats, MOST_SEATS);
}

/** Units behind one license that carries the seats of all. */
function boughtUnits({ size, sale }: Life, { product, issued }: Terms): number {
  if (size !== null && size > 0) return size;
  return sale?.quantity ?? Math.ceil(issued.seats / Math.max(1, product.seats));
}
