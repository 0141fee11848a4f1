/** How exactly charges keep their days: they come a day or two early, and a request for one comes days before or after it. */
import { addPeriod, type Day } from './day.ts';

/** A payment that moves the date by no more than this begins no period. */
const TOLERANCE = 'P3D';

/** How long before or after its request a charge replaces what the request assumed. */
const ASSUMED_DAYS = 'P10D';

/** A charge without a name of its own is the one that was asked for, if their days are as near as this. */
export function isNear(a: Day, b: Day): boolean {
  return addPeriod(a, ASSUMED_DAYS) >= b && addPeriod(b, ASSUMED_DAYS) >= a;
}

/** Clearly later: for more than the period that ends on the day. */
export function isBeyond(reach: Day, last: Day): boolean {
  return reach > addPeriod(last, TOLERANCE);
}
