/**
 * On which occasions a customer is mailed: the table of docs/outbox.md. A suspension is not mailed: the marketplace
 * writes about the open payment itself, and a payment ends it.
 */
import { type Changes, type Found, HANDED_BEFORE, type LedgerLicense } from '../changes.ts';
import { isReminded } from '../life/reminder.ts';
import { type Standing, standingOf } from '../life/standing.ts';
import type { Rules } from '../rules.ts';
import { unitKey } from '../sales/line-key.ts';
import type { MailTopic } from '../values/announcement.ts';
import { type Entitlement, isLater, isOnlyShorter } from '../values/license.ts';
import { subscriptionOf } from '../values/order-subject.ts';
import { isCorrectedMeanwhile } from './corrected.ts';

export interface Occasioned {
  readonly license: Standing;
  readonly topic: MailTopic;
  /** Tells two occasions of one revision apart. */
  readonly key?: string;
  /** At the end of a suspension or a revocation: a mail from before it may still wait. */
  readonly unlessWaiting?: true;
}

/** Each license with an occasion, by number: licenses of the ledger before new ones, the first unit first. */
export function customerTopics(
  found: Found,
  changes: Changes,
  rules: Pick<Rules, 'announce' | 'minter'>,
  now: number,
): readonly Occasioned[] {
  const touched = new Set(changes.changes.map(({ number }) => number).filter((number) => number >= 0));
  for (const { number, due } of found.licenses) if (due !== null && due <= now) touched.add(number);
  const old = [...touched].sort((a, b) => a - b);
  const numbers = [...old, ...changes.licenses.map((_, place) => -1 - place)];
  return numbers.flatMap((number) => {
    const license = standingOf(found, changes, number);
    const topic =
      number < 0 ? topicOfNew(license, found) : topicOfOld(license, { found, changes, rules, now });
    if (topic === undefined) return [];
    return [{ license, topic, ...(isLifted(license) && { unlessWaiting: true }) }];
  });
}

function topicOfNew(license: Standing, found: Found): MailTopic | undefined {
  // The customer of an ended license loses the former code, too.
  if (license.reissue > 0 && (license.state === 'active' || license.state === 'ended')) return 'reissued';
  return license.state === 'active' ? firstTopic(license, found) : undefined;
}

/** Of the first code that is mailed of a license. */
function firstTopic({ number, order, isHanded }: Standing, found: Found): MailTopic {
  const subscription = subscriptionOf(order);
  if (isHanded || subscription === undefined) return 'sold';
  // Another plan, or more units, of a subscription that has licenses already.
  const isOfSame = (other: LedgerLicense) =>
    other.number !== number && (other.order === order || other.subscription === subscription);
  return found.licenses.some(isOfSame) ? 'successor' : 'sold';
}

/** No code of the license was to be mailed before the changes. */
function isLifted({ state, stateBefore }: Standing): boolean {
  return (stateBefore === 'suspended' || stateBefore === 'revoked') && state !== 'revoked';
}

interface Around {
  readonly found: Found;
  readonly changes: Changes;
  readonly rules: Pick<Rules, 'announce' | 'minter'>;
  readonly now: number;
}

function topicOfOld(license: Standing, { found, changes, rules, now }: Around): MailTopic | undefined {
  const { state, stateBefore, code, codeBefore, handedBefore } = license;
  if (state === 'revoked') {
    const isReplaced = changes.licenses.some(
      (fresh) =>
        fresh.reissue > license.reissue &&
        unitKey({ ...fresh, unit: fresh.minted.unit }) === unitKey(license),
    );
    return stateBefore === 'revoked' || isReplaced || handedBefore === null ? undefined : 'withdrawn';
  }
  const { minter } = rules;
  const isGood = state === 'active' || (state === 'ended' && minter.entitlementOf(code).lastValid === null);
  const isBack = isLifted(license) && isGood && !license.isHanded;
  if (isBack && handedBefore === HANDED_BEFORE) return 'reissued';
  if (isBack && isCorrectedMeanwhile(found, license)) return 'corrected';
  if (codeBefore === undefined || code === codeBefore) {
    // What was not to be mailed meanwhile.
    if (isBack && (handedBefore ?? -1) < license.revision) {
      if (state === 'ended') return 'successor';
      return handedBefore === null ? firstTopic(license, found) : 'renewed';
    }
    if (state !== 'active') return undefined;
    return isReminded(license, found.market, rules, now) ? 'reminder' : undefined;
  }
  if (license.isHanded || state === 'suspended') return undefined;
  const [before, after] = [minter.entitlementOf(codeBefore), minter.entitlementOf(code)];
  if (state === 'active') {
    // The refund of one charge is no change of the plan; the code that the customer has stays readable.
    if (isOnlyShorter(after, before))
      return isBack && handedBefore === null ? firstTopic(license, found) : undefined;
    return isLonger(before, after) ? 'renewed' : 'successor';
  }
  // At its end a license may become good for the versions of that day, or of a later one: a code that the customer needs.
  if (after.lastValid !== null) return undefined;
  if (before.lastValid !== null) return 'successor';
  return isLonger(before, after) ? 'renewed' : undefined;
}

function isLonger(before: Entitlement, after: Entitlement): boolean {
  return (
    isLater(after.lastValid, before.lastValid) ||
    (after.lastValid === before.lastValid && isLater(after.updatesUntil, before.updatesUntil))
  );
}
