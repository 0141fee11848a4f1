/** The last valid day of a stored code. */
import type { Day } from '../../domain/day.ts';
import { unarmor } from '../../license-code/armor.ts';
import { dayText } from '../../license-code/day.ts';
import { decodeRecord } from '../../license-code/record.ts';

/** null: perpetual. So is text that is no code, as only an edited ledger holds it: `ledger check` reports it. */
export function lastValidDay(code: string): Day | null {
  try {
    const { lastValid } = decodeRecord(unarmor(code));
    return lastValid === null ? null : dayText(lastValid);
  } catch {
    return null;
  }
}
