/** What a license page shows: read from the ledger at each view. */
import type { Fact } from '../domain/facts/fact.ts';
import type { Ledger, LicenseStory } from '../domain/ledger.ts';
import { newestReissues } from '../domain/subscriptions/units.ts';
import { dayOf } from '../domain/values/day.ts';
import type { Entitlement } from '../domain/values/license.ts';
import type { Mode } from '../domain/values/order.ts';
import { subscriptionOf, subscriptionSubject } from '../domain/values/order-subject.ts';
import type { Link } from '../keyring/link-token.ts';
import type { Downloadable } from './downloads-card.ts';
import { pageAddress } from './links.ts';
import type { CustomerParts } from './parts.ts';

export type UnitState = LicenseStory['state'] | 'expired';

export interface UnitView {
  /** From 1, within the page's order and product. */
  readonly number: number;
  readonly license: LicenseStory;
  readonly entitlement: Entitlement;
  readonly state: UnitState;
  /** The buyer's note; undefined on a holder's page. */
  readonly handedTo: string | undefined;
  /** The page of this unit alone; undefined on a holder's page. */
  readonly holderLink: string | undefined;
  /** New codes that may still be made within a year. */
  readonly reissuesLeft: number;
}

export interface LicenseView {
  readonly isBuyers: boolean;
  readonly mode: Mode;
  readonly product: { readonly id: string; readonly name: string; readonly features: readonly string[] };
  readonly order: string;
  readonly marketplace: string | undefined;
  readonly count: number;
  /** Those on this page. */
  readonly units: readonly UnitView[];
  readonly renews: 'subscription' | 'canceled' | 'nothing';
  readonly renewUrl: string | undefined;
  /** `a•••@example.com`; undefined: this page may not change it, or none is known. */
  readonly address: string | undefined;
  readonly isChanging: boolean;
  /** Undefined: there are no downloads, or not for this license now. */
  readonly downloads: Downloadable | undefined;
}

/** Shown at once; the table of an order's codes has all. */
export const UNITS_A_PAGE = 50;

export const CUSTOMER_ACTOR = 'customer';
const YEAR_MILLISECONDS = 365 * 86_400_000;

interface Wanted {
  readonly isBuyers: boolean;
  /** The first unit of the page, from 1. */
  readonly from: number;
  readonly now: number;
}

/** Returns undefined if the ledger has no such license. */
export async function viewLicense(
  { license }: Pick<Link, 'license'>,
  { isBuyers, from, now }: Wanted,
  parts: CustomerParts,
): Promise<LicenseView | undefined> {
  const { ledger, findProduct, marketplaceTitle } = parts;
  const { story, all } = await storiesOf(license, parts);
  if (story === undefined) return undefined;
  const newest = unitsOf(all);
  const own = isBuyers ? newest : newest.filter((other) => isUnit(other, story));
  const product = findProduct(story.product);
  const { holder, buyer } = await ledger.selfService.peopleOf(license);
  // Of a gift, its receiver decides; of any other order, whoever bought it.
  const mayManage = isBuyers === (buyer === undefined);
  const isFromTable = from >= 1 && from <= own.length;
  const start = isFromTable ? from : 1;
  const shown = own.slice(start - 1, start - 1 + UNITS_A_PAGE);
  const notes = isBuyers ? await ledger.selfService.handedTo(shown.map(({ id }) => id)) : undefined;
  const units: UnitView[] = [];
  for (const [place, unit] of shown.entries()) {
    const entitlement = parts.minter.entitlementOf(unit.code);
    const at = { license: unit.id, purpose: 'holder', at: now, isNew: true } as const;
    units.push({
      number: start + place,
      license: unit,
      entitlement,
      state: stateOf(unit, entitlement, now),
      handedTo: notes && (notes.get(Buffer.from(unit.id).toString('hex')) ?? ''),
      holderLink: isBuyers ? await pageAddress(parts.base, at, parts) : undefined,
      reissuesLeft: mayManage ? reissuesLeft(product?.selfReissue ?? 0, unit, all, now) : 0,
    });
  }
  const downloading = units.find(({ state }) => showsCode(state) && state !== 'expired');
  const { facts } = await ledger.showOrder(story.order);
  return {
    isBuyers,
    mode: story.mode,
    product: {
      id: story.product,
      name: product?.name ?? story.product,
      features: product?.features ?? [],
    },
    order: subscriptionOf(story.order) ?? story.order,
    marketplace: marketplaceTitle(story.marketplace),
    count: own.length,
    units,
    renews: renewsBy(story.subscription, facts),
    renewUrl: product?.message.renewUrl,
    address: mayManage && holder !== undefined ? masked(holder) : undefined,
    downloads: downloading && (await downloadsOf(downloading, now, parts)),
    isChanging: mayManage && (await ledger.selfService.pendingChange(license, now)) !== undefined,
  };
}

/** A folder or bucket that cannot be read takes nothing else from the page. */
async function downloadsOf(
  { license, entitlement }: UnitView,
  now: number,
  { offers, log }: CustomerParts,
): Promise<LicenseView['downloads']> {
  if (offers === undefined) return undefined;
  try {
    const offer = await offers.offer({ ...license, entitlement }, now);
    return { offer, updatesUntil: entitlement.updatesUntil };
  } catch (error) {
    log.error({ err: error }, 'the downloads of a license cannot be read');
    return 'unreadable';
  }
}

/** The license and all licenses of its order and product, reissued ones too. */
export async function storiesOf(
  id: Uint8Array,
  { ledger }: { readonly ledger: Pick<Ledger, 'find'> },
): Promise<{ readonly story: LicenseStory | undefined; readonly all: readonly LicenseStory[] }> {
  const [story] = await ledger.find({ by: 'license', id });
  if (story === undefined) return { story, all: [] };
  const { marketplace, mode, order, product } = story;
  const ofOrder = await ledger.find({ by: 'order', order });
  const all = ofOrder.filter(
    (other) => other.marketplace === marketplace && other.mode === mode && other.product === product,
  );
  return { story, all };
}

/** The newest license of each unit, by line and unit. */
export function unitsOf(all: readonly LicenseStory[]): readonly LicenseStory[] {
  return [...newestReissues(all)].sort((a, b) =>
    a.line === b.line ? a.unit - b.unit : a.line < b.line ? -1 : 1,
  );
}

type Unit = Pick<LicenseStory, 'line' | 'unit'>;

export function isUnit(one: Unit, other: Unit): boolean {
  return one.line === other.line && one.unit === other.unit;
}

function stateOf({ state }: LicenseStory, { lastValid }: Entitlement, now: number): UnitState {
  return state === 'active' && lastValid !== null && lastValid < dayOf(now) ? 'expired' : state;
}

/** Whether a page may show the code: as `POST /v1/refresh` answers. */
export function showsCode(state: UnitState): boolean {
  return state !== 'suspended' && state !== 'revoked';
}

function reissuesLeft(
  allowed: number,
  unit: LicenseStory,
  all: readonly LicenseStory[],
  now: number,
): number {
  if (allowed === 0 || !showsCode(unit.state)) return 0;
  const causes = all.filter((other) => isUnit(other, unit)).flatMap(({ history }) => history);
  const made = causes.filter(
    ({ at, cause, to }) =>
      to === 'revoked' && cause.startsWith(`reissue by ${CUSTOMER_ACTOR}:`) && at > now - YEAR_MILLISECONDS,
  );
  return Math.max(0, allowed - made.length);
}

function renewsBy(subscription: string | null, facts: readonly Fact[]): LicenseView['renews'] {
  if (subscription === null) return 'nothing';
  const its = facts.filter(({ subject }) => subject === subscriptionSubject(subscription));
  const newest = (isIt: (fact: Fact) => boolean) =>
    its.filter(isIt).reduce((latest, { at }) => Math.max(latest, at), -1);
  const ended = newest(({ body: { kind } }) => kind === 'canceled' || kind === 'deactivated');
  const undone = newest(
    ({ body }) => body.kind === 'uncanceled' || (body.kind === 'dated' && body.active === true),
  );
  return ended > undone ? 'canceled' : 'subscription';
}

/** The first character and the domain. */
export function masked(address: string): string {
  const at = address.lastIndexOf('@');
  const [first = ''] = address;
  return at < 1 ? '•••' : `${first}•••${address.slice(at)}`;
}
