/** Who can be mailed: the customer of a sale may become known after its licenses. */
import type { Changes, Found } from '../changes.ts';
import { licenseSubject } from '../facts/license-subject.ts';
import { standingOf } from '../life/standing.ts';
import type { Occasioned } from './mail-topics.ts';

/** Somebody is the customer of the license after the changes. */
export function isAddressed(number: number, found: Found, changes: Changes): boolean {
  if (changes.touches.some((touch) => touch.number === number && touch.customer !== undefined)) return true;
  const license =
    number < 0 ? changes.licenses[-1 - number] : found.licenses.find((one) => one.number === number);
  return license !== undefined && license.customer !== null;
}

/** The mails of sales whose customer these changes name. A license that ended or was handed out meanwhile has none. */
export function newlyAddressed(found: Found, changes: Changes): readonly Occasioned[] {
  return found.licenses.flatMap(({ number, id, customer, handed }) => {
    const isNamed = changes.touches.some((touch) => touch.number === number && touch.customer !== undefined);
    if (customer !== null || !isNamed || (handed !== null && !isShownAlone(id, found))) return [];
    const license = standingOf(found, changes, number);
    return license.state === 'active' ? [{ license, topic: 'sold' as const, key: 'addressed' }] : [];
  });
}

/** Only the page after the checkout had the code: whoever closed it has to find it in a mail. */
function isShownAlone(id: Uint8Array, { facts }: Found): boolean {
  const subject = licenseSubject(id);
  const handings = facts.flatMap((fact) =>
    fact.subject === subject && fact.body.kind === 'handed' ? [fact.body] : [],
  );
  return handings.length > 0 && handings.every(({ by }) => by === 'page');
}
