/** The minter: derives license ids from the id secret, and signs license codes. */
import type { Minter } from '../domain/minter.ts';
import type { Entitlement, LicenseIdentity } from '../domain/values/license.ts';
import type { Mode } from '../domain/values/order.ts';
import { remembering } from '../domain/values/remembering.ts';
import { AppError } from '../errors.ts';
import { unarmor } from '../license-code/armor.ts';
import { dayNumber, dayText } from '../license-code/day.ts';
import { LICENSE_ID_BYTES } from '../license-code/license-id.ts';
import { mintCode } from '../license-code/mint.ts';
import { decodeRecord } from '../license-code/record.ts';
import { Hmac } from './hmac.ts';
import type { Keyring } from './keyring.ts';
import type { Signer } from './signer.ts';
import { createCodeCheck } from './stored-code.ts';

export interface MintingKeys {
  readonly idSecret: Uint8Array;
  /** The signer of a mode's active key. */
  readonly signerFor: (mode: Mode) => Signer | undefined;
  /** All public keys, for codes from outside. */
  readonly keyring: Keyring;
}

/** Its `mint` throws AppError `bad_configuration` for a mode without an active signing key. */
export function createMinter({ idSecret, signerFor, keyring }: MintingKeys): Minter {
  const licenseIdOf = createLicenseIds(idSecret);
  const codeFault = createCodeCheck(keyring);
  return {
    mint(identity, entitlement, revision) {
      const { mode, product, unit } = identity;
      const signer = signerFor(mode);
      if (signer === undefined) {
        throw new AppError('bad_configuration', `There is no active ${mode} signing key.`);
      }
      const id = licenseIdOf(identity);
      const record = {
        test: mode === 'test',
        trial: entitlement.trial,
        keyId: signer.keyId,
        licenseId: id,
        revision,
        issued: numberOf(entitlement.issued),
        lastValid: entitlement.lastValid === null ? null : numberOf(entitlement.lastValid),
        updatesUntil: entitlement.updatesUntil === null ? null : numberOf(entitlement.updatesUntil),
        seats: entitlement.seats,
        features: entitlement.features,
      };
      return { id, unit, revision, code: mintCode(record, product, signer.sign) };
    },
    entitlementOf,
    recognize(code, identity) {
      const id = licenseIdOf(identity);
      const revision = revisionOf(code);
      if (revision === undefined || codeFault(code, { ...identity, id }, revision) !== undefined)
        return undefined;
      return { id, unit: identity.unit, revision, code };
    },
  };
}

function revisionOf(code: string): number | undefined {
  try {
    return decodeRecord(unarmor(code)).revision;
  } catch {
    return undefined;
  }
}

/**
 * The id of a license: the first 16 bytes of HMAC-SHA256 under the id secret over the JSON of its identity, where a
 * number is a reissue and a text the line, both left out where absent. It must never change: codes in the field,
 * revocation lists and a rebuilt ledger depend on it.
 */
export function createLicenseIds(idSecret: Uint8Array): (identity: LicenseIdentity) => Uint8Array {
  const hmac = new Hmac(idSecret);
  return ({ marketplace, mode, order, product, line, unit, reissue = 0 }) => {
    const parts = [
      marketplace,
      mode,
      order,
      product,
      unit,
      ...(reissue > 0 ? [reissue] : []),
      ...(line === '' ? [] : [line]),
    ];
    return hmac.of(JSON.stringify(parts)).subarray(0, LICENSE_ID_BYTES);
  };
}

/** The fields of a code that was minted here. Cached, since a decision reads the same code several times. */
export const entitlementOf = remembering((code: string): Entitlement => {
  const { trial, issued, lastValid, updatesUntil, seats, features } = decodeRecord(unarmor(code));
  return {
    trial,
    issued: textOf(issued),
    lastValid: lastValid === null ? null : textOf(lastValid),
    updatesUntil: updatesUntil === null ? null : textOf(updatesUntil),
    seats,
    features,
  };
});

/** Cached: the sales of a day need the same few days. */
const numberOf = remembering(dayNumber);
const textOf = remembering(dayText);

export function licenseIdOfCode(code: string): Uint8Array {
  return decodeRecord(unarmor(code)).licenseId;
}

/** The key that signed a code. */
export function keyIdOfCode(code: string): number {
  return decodeRecord(unarmor(code)).keyId;
}
