/** The last valid day of a stored code. */
import type { Day } from '../../domain/values/day.ts';
import { unarmor } from '../../license-code/armor.ts';
import { dayText } from '../../license-code/day.ts';
import { decodeRecord } from '../../license-code/record.ts';

/** null: perpetual, or no readable code. Only an edited ledger holds an unreadable code: `ledger check` reports it. */
export function lastValidDay(code: string): Day | null {
  try {
    const { lastValid } = decodeRecord(unarmor(code));
    return lastValid === null ? null : dayText(lastValid);
  } catch {
    return null;
  }
}
