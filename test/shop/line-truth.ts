/** The entitlement of a line that is sold once. */
import { type Charge, type Item, isUndone } from './books.ts';
import { addDays, addMonths, DAY, type Day, dayOf } from './calendar.ts';
import { type Books, isByEvent, type Paid, type Span, suspendsSales } from './truth.ts';
import { featureBits, lineName } from './wares.ts';

/** A first code's term begins with its request, at most 7 days late; months differ by 3 days. */
export const LATEST = 10;

export function paidByLine(
  charge: Charge,
  item: Item,
  { marketplace, end }: Pick<Books, 'marketplace' | 'end'>,
): Paid[] {
  const { ware, quantity } = item;
  const { rules, product } = ware;
  if (product === undefined) return [];
  const isHeld = (suspendsSales(marketplace) || charge.isWarned === true) && charge.disputedAt !== undefined;
  const units = isHeld ? quantity : unitsLeft(charge, item);
  const isSeats = rules.quantity === 'seats';
  const sold = dayOf(charge.at);
  const isPaddle = marketplace === 'paddle-classic';
  // Where an event brings the license, its term begins a week before the event's arrival at the earliest.
  const latest = isByEvent(marketplace) ? Math.max(LATEST, Math.ceil((end - charge.at) / DAY)) : LATEST;
  // Paddle can still win a dispute: suspended or revoked until then.
  const isDisputed = isHeld || (isPaddle && charge.disputedAt !== undefined);
  // Where Paddle requests no codes, the service may make the license from alerts, or leave that to the seller.
  const isOpen = (isPaddle && isDisputed) || (isPaddle && ware.unasked === true && units > 0);
  return [
    {
      what: `${quantity} ${ware.path} of ${charge.reference}`,
      orders: [charge.reference],
      product,
      line: lineName(ware, marketplace),
      subscription: null,
      counts: isOpen ? [0, isSeats ? 1 : quantity] : [isSeats ? Math.min(1, units) : units],
      untouched: units === quantity ? [item] : [],
      isClean: isClean(charge),
      states: isDisputed ? ['suspended'] : ['active'],
      lastValid:
        rules.term === undefined
          ? null
          : span(addDays(addMonths(sold, rules.term), rules.grace ?? 0), latest),
      updates: rules.updates === undefined ? null : span(addMonths(sold, rules.updates), latest),
      isByArrival: true,
      features: featureBits(ware),
      seats: isSeats ? (isDisputed ? quantity : units) * (rules.seats ?? 1) : (rules.seats ?? 1),
    },
  ];
}

/** Its money never went back, nor was it ever disputed. */
export function isClean({ back, disputedAt, dispute }: Charge): boolean {
  return back === 0 && disputedAt === undefined && dispute === undefined;
}

/** For a line that is sold once. */
export function unitsLeft(charge: Charge, item: Item): number {
  if (charge.disputedAt !== undefined || isUndone(charge, item)) return 0;
  return item.ware.rules.refund === 'keep' ? item.quantity : item.quantity - item.unitsBack;
}

function span(from: Day, latest: number): Span {
  return { from, to: addDays(from, latest) };
}
