/** The shop's books: the true sales, payments and refunds, at either marketplace. */
import type { Day } from './calendar.ts';
import type { Ware } from './wares.ts';

/** One line of a charge. */
export interface Item {
  readonly ware: Ware;
  readonly quantity: number;
  /** The units that the marketplace names in it: a proration may name the changed units alone. */
  readonly named: number;
  /** Net, of the whole line. */
  readonly net: number;
  /** A coupon's, of the whole line: off the net amount already. */
  readonly discount: number;
  readonly subscription: Subscription | undefined;
  /** `companion`: an add-on with the dates of the subscription. */
  readonly role: 'main' | 'companion';
  /** The next charge's day, to which it pays a subscription; undefined: sold once, or within a period. */
  readonly until: Day | undefined;
  /** Its cycle began before the earlier one ended: what was paid before it ends with it. */
  readonly restarts: boolean;
  /** The units that a charge within a period paid for, counted from 0; undefined: none of their own. */
  readonly added: { readonly from: number; readonly to: number } | undefined;
  unitsBack: number;
  netBack: number;
  /** The marketplace reports that the whole line was refunded. */
  isBack: boolean;
}

/** One payment, with an order of its own. */
export interface Charge {
  /** The customer-facing reference, which license requests use. */
  readonly reference: string;
  /** The marketplace's internal id. */
  readonly id: string;
  /** `extra`: a charge outside of the periods. */
  readonly kind: 'first' | 'rebill' | 'proration' | 'extra';
  readonly at: number;
  readonly items: readonly Item[];
  /** Tax included. */
  readonly total: number;
  back: number;
  /** When the bank took it back; undefined again after a won dispute. */
  disputedAt: number | undefined;
  /** FastSpring: the dispute, whatever became of it. */
  dispute?: Dispute;
  /** Paddle Billing: the bank warns of a chargeback, which may come to nothing. */
  isWarned?: boolean;
  /** Lemon Squeezy: the store judged the order fraudulent. */
  isJudged?: true;
  /** FastSpring: the bank took back a part of it, which does not say of which license. */
  isPartDisputed?: true;
}

/** What is charged each period. */
export interface Recurring {
  readonly ware: Ware;
  readonly quantity: number;
}

/** `again`: won, and then told as new once more, as a message that is sent again looks. */
export type Dispute = 'open' | 'won' | 'again' | 'lost';

export interface Subscription {
  readonly id: string;
  /** The first order's; null: migrated from elsewhere. */
  readonly reference: string | null;
  readonly orderId: string | null;
  ware: Ware;
  quantity: number;
  /** FastSpring: it was edited to another path, whose features may count before it is paid. */
  hasOtherPath?: true;
  /** An edit that takes effect with the next charge. */
  pending: Recurring | undefined;
  /** FastSpring's add-on; at Stripe and Paddle Billing another item, whose dates are the same. */
  companion: Recurring | undefined;
  /** Stripe, Paddle Billing: its first item was removed, and the other one stays. */
  isWithoutMain?: true;
  /** The present status, whatever is scheduled. */
  state: 'trial' | 'active' | 'overdue' | 'paused' | 'ended';
  next: Day;
  sequence: number;
  cardWorks: boolean;
  overdueSince: Day | undefined;
  notices: number;
  /** A scheduled or present pause. */
  pause: { readonly from: Day; readonly cycles: number } | undefined;
  /** Canceled: the last day. */
  last: Day | undefined;
  endedOn: Day | undefined;
  /** Charged only on the seller's request; its reported dates have no meaning (FastSpring). */
  managed: boolean;
  /** FastSpring: its buyer pays each period by hand (`autoRenew: false`). */
  isManual: boolean;
  imported: boolean;
  /** Stripe: its invoices were not collected for some time. */
  isUncollected?: true;
  /** Was charged later than its day, and its next day was not reported. */
  isVague: boolean;
  /** A coupon takes off all of the next charge. */
  isNextFree: boolean;
  /** Unpaid days: the seller moved the next charge to this day, or it was paid elsewhere. */
  movedTo: Day | undefined;
}

/** The rate of tax on every sale. */
export const TAX = 0.25;

export function newItem(ware: Ware, quantity: number, more: Partial<Item> = {}): Item {
  return {
    ware,
    quantity,
    named: quantity,
    net: ware.price * quantity,
    discount: 0,
    subscription: undefined,
    role: 'main',
    until: undefined,
    restarts: false,
    added: undefined,
    unitsBack: 0,
    netBack: 0,
    isBack: false,
    ...more,
  };
}

export function newSubscription(
  given: Pick<Subscription, 'id' | 'reference' | 'orderId' | 'ware' | 'quantity' | 'next' | 'state'>,
): Subscription {
  return {
    ...given,
    pending: undefined,
    companion: undefined,
    sequence: 1,
    cardWorks: true,
    overdueSince: undefined,
    notices: 0,
    pause: undefined,
    last: undefined,
    endedOn: undefined,
    managed: false,
    isManual: false,
    imported: false,
    isVague: false,
    isNextFree: false,
    movedTo: undefined,
  };
}

export function isWhollyBack({ back, total }: Charge): boolean {
  return total > 0 && back >= total - 0.005;
}

/** Its money was refunded, and its license revoked; a lost dispute takes it whatever the rules say of refunds. */
export function isUndone(charge: Charge, item: Item): boolean {
  if (charge.dispute === 'lost') return true;
  return item.ware.rules.refund !== 'keep' && (isWhollyBack(charge) || item.isBack);
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** A member of a list, by a drawn number. */
export function pick<T>(list: readonly T[], place: number): T | undefined {
  return list[place % Math.max(1, list.length)];
}
