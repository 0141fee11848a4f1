/** The flags that must exist in the end. */
import { type Charge, type Item, isUndone, type Subscription } from './books.ts';
import { isClean, unitsLeft } from './line-truth.ts';
import { chargesOf, isChangedSince, isFreeSinceInterval, isHalfPaid, unpaidUnits } from './paid-units.ts';
import { coverageOf, hasPaidPeriod } from './subscription-truth.ts';
import { type Books, type Flagged, isByEvent } from './truth.ts';
import { lineName } from './wares.ts';

export function flagsOf(books: Books): Flagged[] {
  const { charges, subscriptions } = books;
  return [
    ...charges.flatMap((charge) => charge.items.flatMap((item) => flagsOfLine(charge, item, books))),
    ...subscriptions.flatMap((subscription) => flagsOfSubscription(subscription, books)),
  ];
}

function flagsOfLine(charge: Charge, item: Item, { marketplace }: Books): Flagged[] {
  const { ware, subscription } = item;
  if (ware.product === undefined) return [{ kind: 'unknown-product', about: [lineName(ware, marketplace)] }];
  const isKept = ware.rules.refund === 'keep' || isUndone(charge, item) || charge.disputedAt !== undefined;
  const isPart = !isKept && item.netBack > item.unitsBack * (item.net / item.quantity) + 0.005;
  const isOwed = ware.unasked && subscription === undefined && unitsLeft(charge, item) > 0;
  const names = [charge.reference, charge.id, ...(subscription ? namesOf(subscription) : [])];
  return [
    ...(isOwed ? [{ kind: 'undelivered' as const, about: names }] : []),
    // A person sees whether the dispute is open again, or its first message was sent again.
    ...(charge.isPartDisputed && isClean(charge) ? [{ kind: 'unclear' as const, about: names }] : []),
    // A warning that came to nothing needs nobody.
    ...(charge.isWarned && charge.disputedAt !== undefined
      ? [{ kind: 'unclear' as const, about: names }]
      : []),
    ...(charge.isJudged ? [{ kind: 'unclear' as const, about: names }] : []),
    ...(charge.dispute === 'again' ? [{ kind: 'unclear' as const, about: names }] : []),
    ...(isPart ? [{ kind: 'partial-refund' as const, about: names }] : []),
  ];
}

/** Units that a later charge bought and nobody requested yet. */
function flagsOfSubscription(subscription: Subscription, books: Books): Flagged[] {
  const { state, isUncollected, ware } = subscription;
  if (isUncollected && ware.product !== undefined) return [{ kind: 'unclear', about: namesOf(subscription) }];
  const coverage = coverageOf(subscription, books, 'main');
  if (coverage === undefined || coverage.ware.product === undefined || state !== 'active') return [];
  if (!hasPaidPeriod(subscription, coverage.ware, books)) return [];
  // A unit whose money went back within the period is not to be sent.
  const charged = chargesOf(subscription, books.charges, 'main');
  if (
    unpaidUnits(charged, coverage.quantity) > 0 ||
    isHalfPaid(charged, coverage.ware) ||
    isChangedSince(charged) ||
    isFreeSinceInterval(charged)
  )
    return [];
  // Nobody is asked for codes, and the license may be revoked.
  const isTouched = books.charges.some(
    ({ items, back, disputedAt }) =>
      items.some((item) => item.subscription === subscription) && (back > 0 || disputedAt !== undefined),
  );
  if (isByEvent(books.marketplace) && isTouched) return [];
  const isSeats = coverage.ware.rules.quantity === 'seats';
  const asked = books.calls.flatMap((call) =>
    call.kind === 'request' &&
    call.item.subscription === subscription &&
    call.item.ware.product === coverage.ware.product
      ? [call.item]
      : [],
  );
  // A proration's request may be for units that no other one was for.
  const isWithin = (item: Item) =>
    books.charges.some(({ kind, items }) => kind === 'proration' && items.includes(item));
  const unitsOf = (items: readonly Item[]) => items.map(({ named }) => named);
  const units =
    Math.max(0, ...unitsOf(asked.filter((item) => !isWithin(item)))) +
    unitsOf(asked.filter(isWithin)).reduce((sum, named) => sum + named, 0);
  const isAsked = isSeats ? asked.length > 0 : units >= coverage.quantity;
  return isAsked ? [] : [{ kind: 'undelivered', about: namesOf(subscription) }];
}

function namesOf({ id, reference }: Subscription): string[] {
  return reference === null ? [id] : [id, reference];
}
