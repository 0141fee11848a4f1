/** Finds the license of another product that a subscription covers now. */
import type { Ledger, LicenseStory } from './ledger.ts';
import { newestReissues } from './units.ts';

/**
 * Resolves to the license that replaced a license that ended because its subscription changed to another product: the
 * unit at the same position, if there is one. A license that was reissued after a leak has none; its replacement has.
 */
export async function planSuccessorOf(
  held: LicenseStory,
  ledger: Pick<Ledger, 'find'>,
): Promise<LicenseStory | undefined> {
  const { subscription, marketplace, mode, product, state } = held;
  if (subscription === null || (state !== 'ended' && state !== 'revoked')) return undefined;
  const followers = newestReissues(
    (await ledger.find({ by: 'subscription', subscription })).filter(
      (license) => license.marketplace === marketplace && license.mode === mode,
    ),
  );
  const ofProduct = followers.filter((license) => license.product === product);
  // While the subscription covers this product, a unit that is no longer covered has no successor.
  if (ofProduct.some((license) => license.state !== 'ended' && license.state !== 'revoked')) return undefined;
  const others = followers.filter((license) => license.state === 'active');
  const place = ofProduct.findIndex(({ id }) => Buffer.compare(id, held.id) === 0);
  return others[place];
}
