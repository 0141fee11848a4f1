/** Licenses that a subscription left by a change, and that their product keeps for good: `ended: fallback`. */
import { type Charge, type Item, isUndone, type Subscription } from './books.ts';
import { addDays, type Day } from './calendar.ts';
import { chargesOf, isNeverAsked } from './paid-units.ts';
import type { Books, Paid } from './truth.ts';
import { lineName } from './wares.ts';

/**
 * Of the units of the first order, since others may never have been issued: those that `now` covers no more, and that a period
 * was paid for. For versions of the time that was paid.
 */
export function paidAndLeft(
  subscription: Subscription,
  now: Pick<Item, 'ware' | 'quantity'> | undefined,
  books: Books,
): Paid[] {
  const charged = chargesOf(subscription, books.charges, 'main');
  const [first] = charged;
  if (first === undefined || first.charge.kind !== 'first') return [];
  const { ware, quantity } = first.item;
  const { product, rules } = ware;
  if (product === undefined || rules.ended !== 'fallback') return [];
  const periods = charged.flatMap(({ charge, item }) =>
    item.ware.product === product && !isUndone(charge, item) ? [item] : [],
  );
  const stays = now?.ware.product === product ? now.quantity : 0;
  if (quantity <= stays) return [];
  const left = Array.from({ length: quantity - stays }, (_, place) => stays + place);
  const kept = left.filter((unit) => daysOf(unit).length > 0);
  const [earliest] = kept.flatMap((unit) => daysOf(unit).at(-1) ?? []).sort();
  const latest = [...kept.flatMap((unit) => daysOf(unit, 'free too')), subscription.movedTo ?? []]
    .flat()
    .sort()
    .at(-1);
  const isDisputed = charged.some(({ charge }) => charge.disputedAt !== undefined);
  const isOpen = isDisputed || isNeverAsked(subscription, books);
  return [
    {
      what: `${kept.length} ${ware.path} that ${subscription.id} was for`,
      orders: [`subscription:${subscription.id}`, first.charge.reference],
      product,
      line: lineName(ware, books.marketplace),
      subscription: subscription.id,
      counts: isOpen ? [0, kept.length] : [kept.length],
      untouched: [],
      isClean: false,
      // A dispute that is open holds it.
      states: isDisputed ? ['ended', 'suspended'] : ['ended'],
      lastValid: null,
      updates:
        earliest === undefined || latest === undefined
          ? null
          : { from: addDays(earliest, -1), to: addDays(latest, rules.grace ?? 0) },
      isByArrival: false,
      isLeft: true,
      seats: rules.seats ?? 1,
    },
  ];

  /** The ends of the periods of a unit, as far as they were paid: of a free one between them no vendor's text says anything. */
  function daysOf(unit: number, which: 'paid' | 'free too' = 'paid'): Day[] {
    const own = periods.filter((item) => item.quantity > unit && (which === 'free too' || item.net > 0));
    return own.flatMap(({ until }) => until ?? []).sort();
  }
}

/**
 * Whether each license that a change leaves was surely issued, as one of the first order: a unit that a subscription was for in
 * between alone may never have been, and only a product with `ended: fallback` keeps it.
 */
export function isKept(
  { id, ware, pending, imported }: Subscription,
  next: Pick<Item, 'ware' | 'quantity'>,
  charges: readonly Charge[],
): boolean {
  const wares = [ware, ...(pending ? [pending.ware] : []), next.ware];
  if (wares.every(({ rules }) => rules.ended !== 'fallback')) return true;
  const first = charges.flatMap(({ items }) => items).find(({ subscription }) => subscription?.id === id);
  if (imported || first === undefined) return false;
  const isFallback = (one: Item['ware'] | undefined) => one?.rules.ended === 'fallback';
  if (!isFallback(first.ware)) return !isFallback(ware) && !isFallback(pending?.ware);
  return !isFallback(next.ware) || next.quantity <= first.quantity;
}
