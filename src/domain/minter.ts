/** The minter's port: the domain mints and reads license codes without knowing keys or the format. */
import type { Entitlement, LicenseIdentity, MintedLicense } from './values/license.ts';

export interface Minter {
  /**
   * Mints the code of a license at one revision. Equal arguments give the same id and, while the mode's
   * signing key stays the same, the same code.
   */
  mint(identity: LicenseIdentity, entitlement: Entitlement, revision: number): MintedLicense;
  /** The entitlement in a code that this service minted. */
  entitlementOf(code: string): Entitlement;
  /** The license in a code from outside; undefined unless the code is genuine and of this identity. */
  recognize(code: string, identity: LicenseIdentity): MintedLicense | undefined;
}
