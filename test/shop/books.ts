/** The shop's books: what was really sold, paid and paid back, whichever marketplace sold it. */
import type { Day } from './calendar.ts';
import type { Ware } from './wares.ts';

/** One line of a charge. */
export interface Item {
  readonly ware: Ware;
  readonly quantity: number;
  /** Net, of the whole line. */
  readonly net: number;
  readonly subscription: Subscription | undefined;
  /** Until when it pays a subscription; undefined: sold once, or no period of its own. */
  readonly until: Day | undefined;
  /** A trial: access, and no payment. */
  readonly free: boolean;
  unitsBack: number;
  netBack: number;
  /** The marketplace says that the whole line went back. */
  isBack: boolean;
}

/** One payment, with an order of its own. */
export interface Charge {
  /** The customer-facing reference, by which license requests name it. */
  readonly reference: string;
  /** The marketplace's internal id. */
  readonly id: string;
  readonly kind: 'first' | 'rebill' | 'proration';
  readonly at: number;
  readonly items: readonly Item[];
  /** Tax included. */
  readonly total: number;
  back: number;
  /** When the bank took it back. */
  disputedAt: number | undefined;
}

export interface Subscription {
  readonly id: string;
}

/** The rate of tax on every sale. */
export const TAX = 0.25;

export function isWhollyBack({ back, total }: Charge): boolean {
  return total > 0 && back >= total - 0.005;
}
