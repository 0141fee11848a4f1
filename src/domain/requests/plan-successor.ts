/** Finds the license of another product that a subscription covers now. */
import { CONFIRMED_WITHIN_MILLISECONDS } from '../flags/wanted-flag.ts';
import type { Ledger, LicenseStory } from '../ledger.ts';
import { newestReissues } from '../subscriptions/units.ts';
import type { LicenseState } from '../values/license.ts';

/**
 * Resolves to the license that replaced a license that ended because its subscription changed to another product: the
 * unit at the same position, if there is one. A license that was reissued after a leak has none; its replacement has.
 */
export async function planSuccessorOf(
  held: LicenseStory,
  ledger: Pick<Ledger, 'find'>,
): Promise<LicenseStory | undefined> {
  const { subscription, marketplace, mode, product, state } = held;
  if (subscription === null || !isOver(state)) return undefined;
  const licenses = (await ledger.find({ by: 'subscription', subscription })).filter(
    (license) => license.marketplace === marketplace && license.mode === mode,
  );
  const followers = newestReissues(licenses);
  const ofProduct = followers.filter((license) => license.product === product);
  // While the subscription covers this product, a unit that is no longer covered has no successor.
  if (ofProduct.some((license) => !isOver(license.state))) return undefined;
  const next = productAfter(product, licenses);
  const others = followers.filter((license) => license.product === next && license.state === 'active');
  const place = ofProduct.findIndex(({ id }) => Buffer.compare(id, held.id) === 0);
  return others[place];
}

/**
 * The product that the subscription has now, after one change or several: each ended the product before it. An add-on began at
 * another time, and stays beside them.
 */
function productAfter(product: string, licenses: readonly LicenseStory[]): string | undefined {
  const left = new Set<string>();
  for (
    let now: string | undefined = product;
    now !== undefined;
    now = begunAt(endOf(now, licenses), left, licenses)
  ) {
    if (licenses.some((license) => license.product === now && license.state === 'active')) return now;
    left.add(now);
  }
  return undefined;
}

/** When the last license of the product ended, milliseconds since 1970-01-01. */
function endOf(product: string, licenses: readonly LicenseStory[]): number {
  const ends = licenses
    .filter((license) => license.product === product)
    .flatMap(({ history }) => history.findLast(({ from, to }) => !isOver(from) && isOver(to))?.at ?? []);
  return Math.max(...ends);
}

/** The product that began nearest to the change; a request can issue it up to a day before the change is told. */
function begunAt(
  change: number,
  left: ReadonlySet<string>,
  licenses: readonly LicenseStory[],
): string | undefined {
  const begun = licenses
    .filter(({ product }) => !left.has(product))
    .flatMap(({ product, history }) =>
      history
        .filter(({ from, to }) => (from === null || isOver(from)) && !isOver(to))
        .map(({ at }) => ({ product, distance: Math.abs(at - change) })),
    )
    .filter(({ distance }) => distance <= CONFIRMED_WITHIN_MILLISECONDS);
  return begun.sort((a, b) => a.distance - b.distance)[0]?.product;
}

function isOver(state: LicenseState | null): boolean {
  return state === 'ended' || state === 'revoked';
}
