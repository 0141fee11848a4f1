/** A ledger whose sales are of three years, with codes that read as real ones: the overview counts what comes due. */
import { randomFillSync } from 'node:crypto';
import type { Minter } from '../../src/domain/minter.ts';
import { entitlementOf } from '../../src/keyring/minter.ts';
import { dayNumber } from '../../src/license-code/day.ts';
import { LICENSE_ID_BYTES } from '../../src/license-code/license-id.ts';
import { mintCode } from '../../src/license-code/mint.ts';
import { SIGNATURE_BYTES } from '../../src/license-code/signature.ts';
import { fillLedgers } from '../fill.ts';
import type { Stage } from '../stage.ts';

/** The first one that a new folder gets is for test orders. */
const LIVE_KEY = 2;
const THREE_YEARS = 3 * 365 * 86_400_000;

/** Random signatures: nothing here verifies them. */
const FORMED: Minter = {
  mint({ mode, product, unit }, { issued, lastValid, updatesUntil, ...entitlement }, revision) {
    const licenseId = randomFillSync(Buffer.allocUnsafe(LICENSE_ID_BYTES));
    const record = {
      ...entitlement,
      licenseId,
      revision,
      keyId: LIVE_KEY,
      test: mode === 'test',
      issued: dayNumber(issued),
      lastValid: lastValid === null ? null : dayNumber(lastValid),
      updatesUntil: updatesUntil === null ? null : dayNumber(updatesUntil),
    };
    const code = mintCode(record, product, () => randomFillSync(new Uint8Array(SIGNATURE_BYTES)));
    return { id: licenseId, unit, revision, code };
  },
  entitlementOf,
  recognize: () => undefined,
};

/** Resolves to the data folder. */
export async function fillConsole(stage: Stage, licenses: number): Promise<string> {
  const age = (index: number) => Math.round((1 - index / licenses) * THREE_YEARS);
  const [filled] = await fillLedgers(stage, [licenses], { minter: FORMED, age });
  if (filled === undefined) throw new TypeError('nothing was filled');
  return filled.dataDir;
}
