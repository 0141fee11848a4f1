/** What must be so in the end, from the books alone: units paid for, until when, and what somebody has to look at. */
import { type Charge, type Item, isWhollyBack } from './books.ts';
import { addDays, addMonths, type Day, dayOf } from './calendar.ts';

export type State = 'active' | 'suspended';

/** The licenses of one product that one line, or one subscription, pays for. */
export interface Paid {
  readonly what: string;
  /** Orders that its licenses may have. */
  readonly orders: readonly string[];
  readonly product: string;
  /** The marketplace's name of the item, by which two lines of one product are told apart. */
  readonly line: string;
  /** Live licenses. */
  readonly count: number;
  /** Nothing of them ever was taken back: whoever asks for these items gets a code for each unit. */
  readonly untouched: readonly Item[];
  readonly states: readonly State[];
  /** Days that will do: what is not documented, or depends on when the first request came, leaves several. */
  readonly lastValid: Span;
  readonly updates: Span;
  readonly seats: number;
}

/** Inclusive; null: for good. */
export type Span = null | { readonly from: Day; readonly to: Day };

export type FlagKind =
  | 'partial-refund'
  | 'undelivered'
  | 'unknown-product'
  | 'unmapped'
  | 'unconfirmed-change'
  | 'revoked-but-paid'
  | 'surplus';

export interface Flagged {
  readonly kind: FlagKind;
  /** The order that it is about, or the path. */
  readonly about: string;
}

export interface Truth {
  readonly paid: readonly Paid[];
  readonly flags: readonly Flagged[];
}

/** A first code's term begins when its request comes, at the most so many days late. */
const LATEST = 7;

export function truthOf(charges: readonly Charge[]): Truth {
  const sold = charges.flatMap((charge) => charge.items.map((item) => ({ charge, item })));
  return {
    paid: sold.flatMap(({ charge, item }) => paidLine(charge, item)),
    flags: sold.flatMap(({ charge, item }) => flagsOf(charge, item)),
  };
}

function paidLine(charge: Charge, item: Item): Paid[] {
  const { ware, quantity } = item;
  const { rules, product } = ware;
  if (product === undefined) return [];
  const units = unitsLeft(charge, item);
  const isSeats = rules.quantity === 'seats';
  const sold = dayOf(charge.at);
  return [
    {
      what: `${quantity} ${ware.path} of ${charge.reference}`,
      orders: [charge.reference],
      product,
      line: ware.path,
      count: isSeats ? Math.min(1, units) : units,
      untouched: units === quantity ? [item] : [],
      states: ['active'],
      lastValid:
        rules.term === undefined ? null : span(addDays(addMonths(sold, rules.term), rules.grace ?? 0)),
      updates: rules.updates === undefined ? null : span(addMonths(sold, rules.updates)),
      seats: isSeats ? units * (rules.seats ?? 1) : (rules.seats ?? 1),
    },
  ];
}

function unitsLeft(charge: Charge, item: Item): number {
  if (charge.disputedAt !== undefined) return 0;
  if (item.ware.rules.refund === 'keep') return item.quantity;
  return isWhollyBack(charge) || item.isBack ? 0 : item.quantity - item.unitsBack;
}

function flagsOf(charge: Charge, item: Item): Flagged[] {
  const { ware } = item;
  if (ware.product === undefined) return [{ kind: 'unknown-product', about: ware.path }];
  const isLive = unitsLeft(charge, item) > 0;
  const isPart = item.netBack > item.unitsBack * (item.net / item.quantity) && ware.rules.refund !== 'keep';
  return [
    ...(ware.unasked && isLive ? [{ kind: 'undelivered' as const, about: charge.reference }] : []),
    ...(isPart && isLive ? [{ kind: 'partial-refund' as const, about: charge.reference }] : []),
  ];
}

function span(from: Day): Span {
  return { from, to: addDays(from, LATEST) };
}
