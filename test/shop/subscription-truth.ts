/** The entitlement of a subscription: product, units, state and days. */
import { type Charge, type Item, isUndone, type Subscription } from './books.ts';
import { addDays, type Day, dayOf } from './calendar.ts';
import { paidAndLeft } from './left-truth.ts';
import { isClean, LATEST } from './line-truth.ts';
import {
  type Charged,
  chargesOf,
  formerUntil,
  isChangedSince,
  isFreeSinceInterval,
  isHalfPaid,
  isNamedByPath,
  isNeverAsked,
  isOfUnits,
  newestPeriod,
  returnedUnits,
  unpaidUnits,
} from './paid-units.ts';
import { type Books, isByEvent, type Paid, type Span, type State } from './truth.ts';
import { featureBits, lineName, type Ware } from './wares.ts';

export function paidBySubscription(subscription: Subscription, books: Books): Paid[] {
  const companion = subscription.companion === undefined ? [] : (['companion'] as const);
  const each = (['main', ...companion] as const).flatMap((role) => paidBy(subscription, role, books));
  const paid = isByEvent(books.marketplace) ? byProduct(each) : each;
  const left = paidAndLeft(subscription, coverageOf(subscription, books, 'main'), books);
  const [same] = left.filter(({ product }) => subscription.state === 'ended' && paid[0]?.product === product);
  const [main, ...others] = paid;
  return main === undefined || same === undefined ? [...paid, ...left] : [bothOf(main, same), ...others];
}

/** Two prices of one product are one license for each unit of both. */
function byProduct([one, other, ...rest]: readonly Paid[]): Paid[] {
  if (one === undefined || other === undefined || one.product !== other.product)
    return [one, other, ...rest].filter((paid) => paid !== undefined);
  const counts = one.counts.flatMap((units) => other.counts.map((more) => units + more));
  const live = one.counts.every((count) => count === 0) ? other : one;
  return [{ ...live, what: `${one.what}, ${other.what}`, counts: [...new Set(counts)] }];
}

/** Units that a subscription left before its end are kept like those that it was for in the end. */
function bothOf(main: Paid, left: Paid): Paid {
  const counts = main.counts.flatMap((one) => left.counts.map((other) => one + other));
  const days = [main.updates, left.updates]
    .flatMap((span) => (span === null ? [] : [span.from, span.to]))
    .sort();
  const [from, to] = [days[0], days.at(-1)];
  return {
    ...main,
    counts: [...new Set(counts)],
    states: ['ended', 'suspended'],
    lastValid: null,
    updates: from === undefined || to === undefined ? null : { from, to },
  };
}

/**
 * Paddle: the plan, which changes at once, in both of its systems. FastSpring: the product of the newest charge that was not refunded; a
 * refunded period takes its days, not its product.
 */
export function coverageOf(
  subscription: Subscription,
  { marketplace, charges }: Books,
  role: Item['role'],
): Pick<Item, 'ware' | 'quantity'> | undefined {
  if (marketplace !== 'fastspring') {
    if (role === 'companion') return subscription.companion;
    return subscription.isWithoutMain ? undefined : subscription;
  }
  const standing = chargesOf(subscription, charges, role).filter(
    ({ charge, item }) => charge.kind !== 'proration' || !isUndone(charge, item),
  );
  return standing.at(-1)?.item;
}

function paidBy(subscription: Subscription, role: Item['role'], books: Books): Paid[] {
  const charged = chargesOf(subscription, books.charges, role);
  const coverage = coverageOf(subscription, books, role);
  if (coverage?.ware.product === undefined) return broughtIn(subscription, charged);
  const { ware, quantity } = coverage;
  const isSeats = ware.rules.quantity === 'seats';
  const isFastSpring = books.marketplace === 'fastspring';
  const { isOpen = false, ...standing } = standingOf(
    subscription,
    ware.rules,
    seenOf(
      subscription,
      { ware, charged: isByEvent(books.marketplace) ? ofAllItems(subscription, books) : charged },
      books,
    ),
  );
  const seated = quantity - (isFastSpring ? returnedUnits(charged, quantity) : 0);
  const paidFor = quantity - unpaidUnits(charged, quantity);
  const count = isSeats ? Math.min(1, isFastSpring ? quantity : paidFor) : paidFor;
  const isEither = isOpen || (standing.isLive && isNeverAsked(subscription, books));
  const isHalf = isFastSpring && isHalfPaid(charged, ware);
  // FastSpring states all units with a further change, the unpaid ones too; with another product it is not documented who keeps which.
  const isStated = isFastSpring && isChangedSince(charged);
  const isUnclear =
    (isStated && !isOfUnits(charged)) ||
    (isHalf && isUnclearHalf(charged)) ||
    (isFastSpring && isFreeSinceInterval(charged));
  const live = isUnclear ? upTo(isSeats ? 1 : quantity) : isEither ? [0, count] : [count];
  const isActive = standing.isLive && standing.states.every((state) => state === 'active');
  return [
    {
      what: writeSubscription(subscription, ware, quantity),
      orders: ordersOf(subscription, charged),
      product: ware.product ?? '',
      line: lineName(ware, books.marketplace),
      subscription: subscription.id,
      counts: standing.isLive || (isHalf && isUnclear) ? live : [0],
      // While an item is refunded, its request is refused.
      untouched: charged
        .filter(({ charge }) => charge.back === 0 && charge.disputedAt === undefined)
        .map(({ item }) => item)
        .filter(
          (item) =>
            isActive &&
            !isHalf &&
            !isStated &&
            item.ware.product === ware.product &&
            item.quantity === quantity,
        ),
      isClean: charged.every(({ charge }) => isClean(charge)),
      states: isUnclear ? ['active', 'suspended', 'ended'] : standing.states,
      lastValid: isUnclear ? ANY_DAY : withFormer(standing.lastValid, formerUntil(charged), ware),
      updates: standing.updates,
      isByArrival: subscription.managed || subscription.isManual,
      ...(subscription.hasOtherPath !== true && { features: featureBits(ware) }),
      ...(isFastSpring && isNamedByPath(charged, ware) && { isNamedByPath: true }),
      seats: isSeats ? seated * (ware.rules.seats ?? 1) : (ware.rules.seats ?? 1),
    },
  ];
}

/** The items of a subscription share its days, whenever they were added. */
function ofAllItems(subscription: Subscription, { charges }: Books): Charged[] {
  return charges.flatMap((charge) => {
    const item = charge.items.find((one) => one.subscription === subscription);
    return item === undefined ? [] : [{ charge, item }];
  });
}

/**
 * What is paid within a period whose money went back is not documented to be more than what it bought, or to be a license where a
 * further change cost nothing; nor which units have the time that was paid before.
 */
function isUnclearHalf(charged: readonly Charged[]): boolean {
  const { before, within } = newestPeriod(charged);
  if (before.length > 0) return true;
  // Changes that cost nothing are paid by nothing.
  const standing = within.filter(({ charge, item }) => !isUndone(charge, item));
  if (standing.every(({ item }) => item.net === 0 && item.until === undefined)) return false;
  return within.some(({ item }) => item.net === 0 || item.until === undefined);
}

/** The units of one subscription may be paid to two days. */
function withFormer(span: Span, former: Day | undefined, { rules }: Ware): Span {
  if (span === null || former === undefined) return span;
  const from = addDays(former, rules.grace ?? 0);
  return from < span.from ? { ...span, from } : span;
}

const ANY_DAY: Span = { from: '1970-01-01', to: '9999-12-31' };

function upTo(most: number): number[] {
  return Array.from({ length: most + 1 }, (_, count) => count);
}

/** Before its first charge here, the service may decide whether there is a license, and until when. */
function broughtIn(subscription: Subscription, charged: readonly Charged[]): Paid[] {
  const { imported, ware, quantity } = subscription;
  if (!imported || charged.length > 0 || ware.product === undefined) return [];
  return [
    {
      what: writeSubscription(subscription, ware, quantity),
      orders: ordersOf(subscription, charged),
      product: ware.product,
      line: ware.path,
      subscription: subscription.id,
      counts: upTo(quantity),
      untouched: [],
      isClean: false,
      states: ['active', 'suspended', 'ended'],
      lastValid: ANY_DAY,
      updates: null,
      isByArrival: false,
      seats: ware.rules.quantity === 'seats' ? quantity * (ware.rules.seats ?? 1) : 1,
    },
  ];
}

function writeSubscription({ id, reference, state }: Subscription, { path }: Ware, quantity: number): string {
  return `${quantity} ${path} of ${id} (${reference ?? 'brought in'}), ${state}`;
}

/** The orders that its licenses can have: the order that sold it, or the subscription itself. */
function ordersOf({ id, reference }: Subscription, charged: readonly Charged[]): string[] {
  const sales = charged.map(({ charge }) => charge).filter(({ kind }) => kind === 'first');
  return [
    `subscription:${id}`,
    ...sales.map((sale) => sale.reference),
    ...(reference === null ? [] : [reference]),
  ];
}

/** What a return takes is up to the product that the subscription is for, whatever the charge was for. */
function seenOf(
  subscription: Subscription,
  { ware, charged }: { readonly ware: Ware; readonly charged: readonly Charged[] },
  { end }: Books,
): Seen {
  const standing = charged.filter(
    ({ charge, item }) => !isUndone(charge, { ...item, ware }) && item.until !== undefined,
  );
  // A moved date is of a paid period: where the money of all periods went back, no days are left.
  const isGiven = standing.length > 0 || subscription.imported;
  const given = isGiven ? (subscription.movedTo ?? []) : [];
  const restart = standing.findLastIndex(({ item }) => item.restarts);
  const current = standing.slice(Math.max(restart, 0));
  const ends = [...current.flatMap(({ item }) => item.until ?? []), given].flat().sort();
  return {
    paidUntil: ends.at(-1),
    isPaid: standing.some(({ item }) => item.net > 0),
    ...disputeOf(charged.map(({ charge }) => charge)),
    today: dayOf(end),
  };
}

/** Money of a period is left: without any, no license is owed. */
export function hasPaidPeriod(subscription: Subscription, ware: Ware, books: Books): boolean {
  const charged = chargesOf(subscription, books.charges, 'main');
  return seenOf(subscription, { ware, charged }, books).paidUntil !== undefined;
}

/**
 * The bank charged back a charge for this line, and no period was paid since; a charge of 0 is no payment. It is not documented
 * whether a payment for a change shows that the customer pays again.
 */
function disputeOf(charges: readonly Charge[]): Pick<Seen, 'isDisputed' | 'isPaidSince'> {
  const isSince = (time: number) =>
    charges.some(({ disputedAt }) => disputedAt !== undefined && disputedAt > time);
  const lastOf = (paid: readonly Charge[]) => Math.max(...paid.map(({ at, total }) => (total > 0 ? at : 0)));
  const isDisputed = isSince(lastOf(charges.filter(({ kind }) => kind !== 'proration')));
  return { isDisputed, isPaidSince: isDisputed && !isSince(lastOf(charges)) };
}

/** Days. */
const LATEST_PAYMENT = 16;

interface Seen {
  readonly paidUntil: Day | undefined;
  readonly isPaid: boolean;
  readonly isDisputed: boolean;
  /** Something within a period was paid since the dispute. */
  readonly isPaidSince: boolean;
  readonly today: Day;
}

type Standing = Pick<Paid, 'states' | 'lastValid' | 'updates'> & {
  readonly isLive: boolean;
  /** Whether it is live is not documented. */
  readonly isOpen?: boolean;
};

function standingOf(subscription: Subscription, rules: Item['ware']['rules'], seen: Seen): Standing {
  const { paidUntil, isPaid, isDisputed, isPaidSince, today } = seen;
  const { state, last, endedOn, pause } = subscription;
  const dead: Standing = { isLive: false, states: ['active'], lastValid: null, updates: null };
  if (paidUntil === undefined) return dead;
  const grace = rules.grace ?? 0;
  // Without a reported next day, the payment's day counts, which can be as late as dunning lasts.
  const { isVague, managed, isManual } = subscription;
  const late = isVague ? LATEST_PAYMENT : managed || isManual ? LATEST : 0;
  const until: Span = { from: addDays(paidUntil, grace), to: addDays(paidUntil, grace + late) };
  const stop = endedOn ?? last;
  // Without a stop the last day is exact; with a stop, the grace after a refunded period is not documented.
  const lastValid =
    stop !== undefined
      ? earliest(stop, paidUntil, grace)
      : pause !== undefined
        ? pauseSpan(pause.from, paidUntil, grace)
        : until;
  // A subscription of a perpetual license moves the updates, and nothing else.
  if (rules.term === undefined)
    return { isLive: true, states: ['active'], lastValid: null, updates: lastValid };
  if (state === 'ended') {
    if (rules.ended !== 'fallback' || !isPaid) return dead;
    const stop = endedOn !== undefined && endedOn < paidUntil ? endedOn : addDays(paidUntil, -1);
    const updates = { from: stop, to: addDays(paidUntil, grace + late) };
    return { isLive: true, isOpen: isDisputed, states: ['ended', 'suspended'], lastValid: null, updates };
  }
  const isOverdue = state === 'overdue' && rules.overdue !== 'keep';
  const isSuspended = (isDisputed && !isPaidSince) || (isOverdue && subscription.notices > 0);
  // A failed charge is a note; until the first notice both states are right, also on the first day of a pause.
  const isEither =
    isPaidSince ||
    isOverdue ||
    pause?.from === today ||
    (isGivenUp(subscription) && rules.overdue === 'keep');
  const states: State[] = isSuspended
    ? ['suspended']
    : isEither
      ? ['active', 'suspended']
      : [state === 'paused' ? 'suspended' : 'active'];
  return { isLive: true, states, lastValid, updates: null };
}

/** Paused for failed payments: it is not documented whether that is a pause or an overdue payment. */
function isGivenUp({ state, pause }: Subscription): boolean {
  return state === 'paused' && pause === undefined;
}

/** The stop, or the end of the paid period where that is earlier. */
function earliest(stop: Day, paidUntil: Day, grace: number): Span {
  const from = paidUntil < stop ? paidUntil : stop;
  const graced = addDays(paidUntil, grace);
  const to = graced < stop ? graced : stop;
  return { from, to };
}

/** Usable until the charge date that was known before the pause; the grace is not documented. */
function pauseSpan(begins: Day, paidUntil: Day, grace: number): Span {
  const first = addDays(begins, -1);
  return {
    from: paidUntil < first ? paidUntil : first,
    to: addDays(begins > paidUntil ? begins : paidUntil, grace),
  };
}
