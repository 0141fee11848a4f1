/** Finds the newest license that replaced another. */
import type { Ledger, LicenseStory } from '../ledger.ts';
import { planSuccessorOf } from '../requests/plan-successor.ts';

/** What replaced a license. */
export interface Replacements {
  /** Its newest reissue. */
  readonly reissue: LicenseStory | undefined;
  /** The license of another product that its subscription covers now. */
  readonly follower: LicenseStory | undefined;
}

export async function replacementsOf(
  license: LicenseStory,
  ledger: Pick<Ledger, 'find'>,
): Promise<Replacements> {
  const reissue = await successorOf(license, ledger);
  return { reissue, follower: await planSuccessorOf(reissue ?? license, ledger) };
}

/** undefined: the license is the newest of its unit. */
export async function successorOf(
  { marketplace, mode, order, line, product, unit, reissue }: LicenseStory,
  ledger: Pick<Ledger, 'find'>,
): Promise<LicenseStory | undefined> {
  const ofOrder = await ledger.find({ by: 'order', order });
  return ofOrder
    .filter((other) => other.marketplace === marketplace && other.mode === mode)
    .filter((other) => other.line === line && other.product === product && other.unit === unit)
    .filter((other) => other.reissue > reissue)
    .sort((a, b) => b.reissue - a.reissue)[0];
}
