/** The minter's port: how the domain gets a license code without knowing keys. */
import type { Entitlement, LicenseIdentity, MintedLicense } from './license.ts';

export interface Minter {
  /**
   * The license code of a license at one revision. The same arguments give the same id and, while the
   * signing key of the mode is the same, the same code.
   */
  mint(identity: LicenseIdentity, entitlement: Entitlement, revision: number): MintedLicense;
}
