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
  /** `companion`: an add-on, whose dates are those of the subscription. */
  readonly role: 'main' | 'companion';
  /** The day of the next charge, until when it pays a subscription; undefined: sold once, or within a period. */
  readonly until: Day | undefined;
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
  /** `extra`: something beside the periods. */
  readonly kind: 'first' | 'rebill' | 'proration' | 'extra';
  readonly at: number;
  readonly items: readonly Item[];
  /** Tax included. */
  readonly total: number;
  back: number;
  /** When the bank took it back; undefined again once that is won. */
  disputedAt: number | undefined;
}

export interface Subscription {
  readonly id: string;
  /** The first order's; null: brought along from elsewhere. */
  readonly reference: string | null;
  readonly orderId: string | null;
  ware: Ware;
  quantity: number;
  /** An edit that waits for the next charge. */
  pending: { readonly ware: Ware; readonly quantity: number } | undefined;
  companion: { readonly ware: Ware; readonly quantity: number } | undefined;
  /** What is running, whatever was announced for later. */
  state: 'trial' | 'active' | 'overdue' | 'paused' | 'ended';
  next: Day;
  sequence: number;
  cardWorks: boolean;
  overdueSince: Day | undefined;
  notices: number;
  /** A pause, announced or running. */
  pause: { readonly from: Day; readonly cycles: number } | undefined;
  /** Canceled: the last day. */
  last: Day | undefined;
  endedOn: Day | undefined;
  /** Charged only when the seller asks, and no date that is told of it means anything (FastSpring). */
  managed: boolean;
  imported: boolean;
  /** Was charged later than on its day, and its next day was not told. */
  isVague: boolean;
  /** Paid for by nobody here: until this day the seller put the next charge off, or it was paid elsewhere. */
  movedTo: Day | undefined;
}

/** The rate of tax on every sale. */
export const TAX = 0.25;

export function newItem(ware: Ware, quantity: number, more: Partial<Item> = {}): Item {
  return {
    ware,
    quantity,
    net: ware.price * quantity,
    subscription: undefined,
    role: 'main',
    until: undefined,
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
    imported: false,
    isVague: false,
    movedTo: undefined,
  };
}

export function isWhollyBack({ back, total }: Charge): boolean {
  return total > 0 && back >= total - 0.005;
}

/** Its money went back, and its license with it. */
export function isUndone(charge: Charge, item: Item): boolean {
  return item.ware.rules.refund !== 'keep' && (isWhollyBack(charge) || item.isBack);
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** Any of a list, by a drawn number. */
export function pick<T>(list: readonly T[], place: number): T | undefined {
  return list[place % Math.max(1, list.length)];
}
