/** Who can be mailed: the customer of a sale may become known after its licenses. */
import type { Changes, Found } from './changes.ts';
import type { Occasioned } from './mail-topics.ts';
import { standingOf } from './standing.ts';

/** Somebody is the customer of the license after the changes. */
export function isAddressed(number: number, found: Found, changes: Changes): boolean {
  if (changes.touches.some((touch) => touch.number === number && touch.customer !== undefined)) return true;
  const license =
    number < 0 ? changes.licenses[-1 - number] : found.licenses.find((one) => one.number === number);
  return license !== undefined && license.customer !== null;
}

/** The mails of sales whose customer these changes name. A license that ended or was handed out meanwhile has none. */
export function newlyAddressed(found: Found, changes: Changes): readonly Occasioned[] {
  return found.licenses.flatMap(({ number, customer, handed }) => {
    const isNamed = changes.touches.some((touch) => touch.number === number && touch.customer !== undefined);
    if (customer !== null || handed !== null || !isNamed) return [];
    const license = standingOf(found, changes, number);
    return license.state === 'active' ? [{ license, topic: 'sold' as const, key: 'addressed' }] : [];
  });
}
