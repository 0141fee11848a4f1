/** How far charges may be from their expected days: a charge comes a day or two early, its request days before or after. */
import { addPeriod, type Day } from '../values/day.ts';

/** A payment that moves the date by no more than this begins no period. */
const TOLERANCE = 'P3D';

/** How long before or after its request a charge replaces what the request assumed. */
const ASSUMED_DAYS = 'P10D';

/** Whether two days are near enough for an unnamed charge to be the requested charge. */
export function isNear(a: Day, b: Day): boolean {
  return addPeriod(a, ASSUMED_DAYS) >= b && addPeriod(b, ASSUMED_DAYS) >= a;
}

/** Whether a date reaches beyond the period that ends on the day. */
export function isBeyond(reach: Day, last: Day): boolean {
  return reach > addPeriod(last, TOLERANCE);
}

/** Whether a payment up to this day begins a period after the known one. */
export function beginsPeriod(paidTo: Day | null, known: Day | null): boolean {
  return paidTo !== null && known !== null && isBeyond(paidTo, known);
}
