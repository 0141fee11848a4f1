/** Units that the seller revoked by hand: where fewer units are paid for, they go before the others. */
import type { LedgerLicense } from '../changes.ts';
import type { Fact, Subject } from '../facts/fact.ts';
import { licenseSubject } from '../facts/license-subject.ts';

/** When the seller revoked licenses, milliseconds since 1970-01-01: of those that were not reinstated since. */
export type Withdrawals = ReadonlyMap<Subject, number>;

/** `facts` in the order of their times. */
export function readWithdrawals(facts: readonly Fact[]): Withdrawals {
  const withdrawals = new Map<Subject, number>();
  for (const { subject, body, at } of facts) {
    if (body.kind === 'withdrawn') withdrawals.set(subject, at);
    if (body.kind === 'reinstated') withdrawals.delete(subject);
  }
  return withdrawals;
}

/** The same licenses, those that were revoked before the time at the end. */
export function withdrawnLast(
  licenses: readonly LedgerLicense[],
  before: number | undefined,
  withdrawals: Withdrawals,
): readonly LedgerLicense[] {
  if (before === undefined || withdrawals.size === 0) return licenses;
  const isWithdrawn = ({ id }: LedgerLicense) => (withdrawals.get(licenseSubject(id)) ?? before) < before;
  return [...licenses.filter((license) => !isWithdrawn(license)), ...licenses.filter(isWithdrawn)];
}

/** The returns of a line. */
export interface Returns {
  readonly units: number;
  /** When they came, milliseconds since 1970-01-01. */
  readonly times: readonly number[];
  /** How many units are returned up to a time. */
  readonly countAt: (time: number) => number;
}

/**
 * Whether the line's returns take the unit of a license: each takes a unit that was revoked before it, else the newest one.
 * `beside`: the newest licenses of the line's units.
 */
export function isUnitReturned(
  { unit }: LedgerLicense,
  { units, times, countAt }: Returns,
  beside: () => readonly LedgerLicense[],
  withdrawals: Withdrawals,
): boolean {
  const count = countAt(Number.POSITIVE_INFINITY);
  if (count === 0 || withdrawals.size === 0) return count > 0 && unit >= units - count;
  const withdrawn = new Map(
    beside().flatMap((one) => {
      const at = withdrawals.get(licenseSubject(one.id));
      return at === undefined ? [] : [[one.unit, at] as const];
    }),
  );
  if (withdrawn.size === 0) return unit >= units - count;
  const left = Array.from({ length: units }, (_, place) => units - 1 - place);
  for (const time of [...new Set(times)].sort((a, b) => a - b)) {
    while (units - left.length < countAt(time) && left.length > 0) {
      const place = left.findIndex((one) => (withdrawn.get(one) ?? time) < time);
      if (left.splice(Math.max(0, place), 1)[0] === unit) return true;
    }
  }
  return false;
}
