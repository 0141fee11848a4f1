/**
 * A code may be mailed for a charge before anything of the subscription's first order came. If that order is then asked for
 * without the name of its subscription, it gets codes of its own, and the same units have two codes that were mailed.
 * No mailed code ends because of that: both codes stay valid as one unit, and the surplus is flagged.
 */
import type { LedgerLicense } from '../changes.ts';
import { isMailedAtOnce } from '../values/causes.ts';
import { subscriptionSubject } from '../values/order-subject.ts';
import type { SubscriptionView } from '../view.ts';
import { unitKey } from './line-key.ts';

/**
 * The units of the first order by the units that the subscription brought about and that were mailed before them, by their
 * keys. `followers`: the newest reissues that follow the subscription; `licenses`: all, in the order in which they came.
 */
export function mailedBefore(
  { id, ownLines, facts }: SubscriptionView,
  followers: readonly LedgerLicense[],
  licenses: readonly LedgerLicense[],
): ReadonlyMap<string, string> {
  const before = new Map<string, string>();
  const orders = new Set(ownLines.map(({ order }) => order));
  const own = followers.filter(({ order }) => orders.has(order));
  if (own.length === 0) return before;
  const brought = subscriptionSubject(id);
  if (!followers.some(({ order }) => order === brought)) return before;
  const mailed = new Set(licenses.filter(({ handed }) => handed !== null).map(unitKey));
  const places = new Map<string, number>();
  for (const license of licenses)
    if (!places.has(unitKey(license))) places.set(unitKey(license), places.size);
  const placeOf = (license: LedgerLicense) => places.get(unitKey(license)) ?? 0;
  // A charge can bring a unit about before the order, and the charge's request mail it after that.
  const mailedAt = ({ cause, at, product }: LedgerLicense) => {
    if (isMailedAtOnce(cause)) return at;
    const asked = facts.flatMap(({ body, at: since }) =>
      body.kind === 'asked' && body.product === product && !orders.has(body.order) ? [since] : [],
    );
    return asked.length === 0 ? at : Math.min(...asked);
  };
  const open = own.filter((license) => mailed.has(unitKey(license)));
  for (const license of followers) {
    if (license.order !== brought || !mailed.has(unitKey(license))) continue;
    const at = open.findIndex(
      (other) =>
        other.product === license.product &&
        placeOf(license) < placeOf(other) &&
        mailedAt(license) <= other.at,
    );
    const [same] = at < 0 ? [] : open.splice(at, 1);
    if (same !== undefined) before.set(unitKey(license), unitKey(same));
  }
  return before;
}
