/** The minter's port: how the domain gets and reads license codes without knowing keys or the format. */
import type { Entitlement, LicenseIdentity, MintedLicense } from './license.ts';

export interface Minter {
  /**
   * The license code of a license at one revision. The same arguments give the same id and, while the
   * signing key of the mode is the same, the same code.
   */
  mint(identity: LicenseIdentity, entitlement: Entitlement, revision: number): MintedLicense;
  /** What a code that was minted here says. */
  entitlementOf(code: string): Entitlement;
  /** The license of this identity in a code from outside; undefined unless the code is genuine and is its. */
  recognize(code: string, identity: LicenseIdentity): MintedLicense | undefined;
}
