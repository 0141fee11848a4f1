/** Stripe's events: sessions, invoices, subscriptions, charges and disputes, and what its API answers about them. */
import {
  charge as chargeOf,
  dispute,
  expanded,
  invoice,
  refund,
  type SoldItem,
  session,
  subscription as stateOf,
} from '../../src/marketplaces/stripe/shapes.ts';
import type { Charge, Item, Subscription } from './books.ts';
import { type Day, midnight } from './calendar.ts';
import { recurringOf } from './recurring-items.ts';
import { creditNote } from './stripe-credit-note.ts';
import type { StripeSetup } from './stripe-setup.ts';
import { Till } from './till.ts';
import { stripePriceOf } from './wares.ts';

/** Smallest units of a euro. Amounts here have no tax: the books' totals are held against nothing. */
const MINOR = 100;
export const TRIAL_DAYS = 14;

type Names = Pick<Charge, 'reference' | 'id' | 'kind' | 'at'>;

export class StripeDesk extends Till {
  /** Decided disputes, by charge. */
  readonly #decided = new Map<string, number>();
  readonly setup: StripeSetup;
  /** Whose invoices are not collected now. */
  readonly uncollected = new Set<Subscription>();

  constructor(setup: StripeSetup) {
    super();
    this.setup = setup;
  }

  /** A first charge is known by its session, others by their invoice; all by their payment. */
  names(kind: Charge['kind']): Names {
    const number = this.number();
    const reference = `${kind === 'first' ? 'cs' : 'in'}_${number}`;
    return { reference, id: `pi_${number}`, kind, at: this.now };
  }

  event(type: string, object: object, more: { previous?: object; fetched?: object } = {}) {
    const { previous, fetched } = more;
    const id = `evt_${this.number()}`;
    const at = this.tick();
    const data = { object, ...(previous !== undefined && { previous }) };
    this.calls.push({ kind: 'event', at, id, type, data });
    if (fetched === undefined) return;
    this.calls.push({ kind: 'event', at, id: `${id}-completed`, type, data: { ...data, fetched } });
  }

  /** A session whose money is on its way. */
  ordered(names: Names, items: readonly Item[]) {
    this.event('checkout.session.completed', session({ ...this.#debitOf(names, items), status: 'unpaid' }));
  }

  /** Its money did not come. */
  unpaid(names: Names, items: readonly Item[]) {
    const told = session({ ...this.#debitOf(names, items), status: 'unpaid' });
    this.event('checkout.session.async_payment_failed', told);
  }

  #debitOf({ reference, id }: Names, items: readonly Item[]) {
    return { id: reference, items: items.map(soldItem), payment: id };
  }

  /** A session was paid, or nothing was to pay. */
  bought(charge: Charge, subscription: Subscription | undefined, name = 'completed') {
    const told = this.#sessionOf(charge, subscription);
    if (this.setup.noise) this.event('payment_intent.succeeded', { id: charge.id, object: 'payment_intent' });
    const fetched = { session: this.#wholeSession(charge, subscription) };
    this.event(`checkout.session.${name}`, session(told), { fetched });
  }

  /** A paid invoice. `isProration`: of a change, for the rest of the period. */
  paid(
    charge: Charge,
    subscription: Subscription,
    reason: string,
    { until, isProration = false }: { readonly until: Day; readonly isProration?: boolean },
  ) {
    const told = this.#invoiceOf(charge, subscription, reason, until, isProration);
    const isFirst = charge.kind === 'first';
    const found = this.setup.looksUpInvoices
      ? { session: this.#wholeSession(charge, subscription) }
      : undefined;
    if (this.setup.noise) this.event('invoice.finalized', told);
    if (this.setup.leavesLinesOut && reason === 'subscription_cycle') return this.#paidInPart(told);
    this.event('invoice.paid', told, isFirst && found !== undefined ? { fetched: found } : {});
  }

  /** A proration stands before the line of the period, which the event leaves out. */
  #paidInPart(told: { readonly lines: { readonly data: readonly object[] } }) {
    const details = { subscription: 'sub', proration: true };
    const parent = { type: 'subscription_item_details', subscription_item_details: details };
    const shown = told.lines.data.map((line) => ({ ...line, amount: 100, parent }));
    const lines = [...shown, ...told.lines.data];
    this.event('invoice.paid', { ...told, lines: { data: shown, has_more: true } }, { fetched: { lines } });
  }

  /** A period that was to be paid, or a change. */
  failed(subscription: Subscription, change?: { readonly name: string; readonly isProration: boolean }) {
    const { name = `in_${this.number()}`, isProration = false } = change ?? {};
    const told = { id: name, subscription: subscription.id, items: itemsOf(subscription), isProration };
    const reason = change === undefined ? 'subscription_cycle' : 'subscription_update';
    const period = { at: this.now, until: midnight(subscription.next), reason };
    this.event('invoice.payment_failed', { ...invoice({ ...told, ...period }), status: 'open' });
  }

  /** The invoice of a period that nobody pays. */
  voided(subscription: Subscription) {
    const told = { id: `in_${this.number()}`, subscription: subscription.id, items: itemsOf(subscription) };
    const period = { at: this.now, until: midnight(subscription.next), reason: 'subscription_cycle' };
    this.event('invoice.voided', { ...invoice({ ...told, ...period }), status: 'void', amount_paid: 0 });
  }

  state(
    name: string,
    subscription: Subscription,
    status: string,
    more: {
      readonly until?: Day;
      readonly cancels?: boolean;
      readonly ended?: boolean;
      readonly previous?: object;
    } = {},
  ) {
    const { until = subscription.next, cancels = false, ended = false, previous } = more;
    const trialEnd = status === 'trialing' ? midnight(subscription.next) : null;
    const told = {
      id: subscription.id,
      status,
      items: itemsOf(subscription),
      until: midnight(until),
      trialEnd,
      pause: this.uncollected.has(subscription) ? VOID : null,
    };
    const object = stateOf({ ...told, cancels, ended: ended ? this.now : null });
    this.event(`customer.subscription.${name}`, object, previous === undefined ? {} : { previous });
  }

  refunded(charge: Charge, before: number) {
    const told = chargeOf({ payment: charge.id, amount: amountOf(charge), refunded: backOf(charge) });
    const previous = { amount_refunded: before };
    this.event('charge.refunded', told, { previous, fetched: this.#whose(charge) });
  }

  /** The credit note of a refund that is for lines of an invoice; `before`: what was back of each. */
  credited(charge: Charge, before: readonly number[]) {
    if (!isInvoiced(charge)) return;
    const name = invoiceName(charge);
    const lines = charge.items.flatMap(({ quantity, netBack }, place) => {
      const amount = Math.round((netBack - (before[place] ?? 0)) * MINOR);
      return amount === 0 ? [] : [{ invoice_line_item: `il_${name}_${place}`, quantity, amount }];
    });
    this.event('credit_note.created', creditNote(`cn_${this.number()}`, name, lines));
  }

  refundFailed(charge: Charge) {
    this.event('refund.failed', refund(`re_${this.number()}`, charge.id, backOf(charge), 'failed'));
  }

  /** A dispute after one that was decided is another one. */
  disputed(type: string, charge: Charge, status: string) {
    const decided = this.#decided.get(charge.id) ?? 0;
    const told = dispute(`dp_${charge.id}_${decided}`, charge.id, amountOf(charge), status);
    if (type === 'closed') this.#decided.set(charge.id, decided + 1);
    this.event(`charge.dispute.${type}`, told, { fetched: this.#whose(charge) });
  }

  /** Whose payment it was, as the API says. */
  #whose(charge: Charge): object {
    const own = {
      payment_intent: charge.id,
      amount: amountOf(charge),
      amount_refunded: backOf(charge),
      currency: 'eur',
    };
    return isInvoiced(charge)
      ? { charge: own, invoices: [{ invoice: invoiceName(charge), payments: 1 }] }
      : { charge: own, invoices: [], session: charge.reference };
  }

  #sessionOf(charge: Charge, subscription: Subscription | undefined) {
    return {
      id: charge.reference,
      items: charge.items.map(soldItem),
      payment: subscription === undefined && charge.total > 0 ? charge.id : null,
      subscription: subscription?.id ?? null,
      invoice: subscription === undefined ? null : invoiceName(charge),
    };
  }

  #wholeSession(charge: Charge, subscription: Subscription | undefined): object {
    const told = this.#sessionOf(charge, subscription);
    if (subscription === undefined) return expanded(told);
    const { id, state, next } = subscription;
    const isTrial = state === 'trial';
    const status = isTrial ? 'trialing' : 'active';
    const own = { id, status, trial_end: isTrial ? midnight(next) / 1000 : null };
    return expanded(told, { subscription: own });
  }

  #invoiceOf(charge: Charge, subscription: Subscription, reason: string, until: Day, isProration: boolean) {
    const told = {
      id: invoiceName(charge),
      subscription: subscription.id,
      reason,
      at: this.now,
      isProration,
    };
    return invoice({ ...told, items: charge.items.map(soldItem), until: midnight(until) });
  }
}

/** As `pause_collection`. */
export const VOID = { behavior: 'void', resumes_at: null } as const;

function isInvoiced({ kind, items }: Charge): boolean {
  return kind !== 'first' || items.some(({ subscription }) => subscription !== undefined);
}

function invoiceName({ reference }: Charge): string {
  return reference.replace(/^cs_/, 'in_');
}

function itemsOf(subscription: Subscription): readonly SoldItem[] {
  return recurringOf(subscription).map(({ ware, quantity }) => ({
    price: stripePriceOf(ware),
    quantity,
    amount: ware.price * MINOR,
    isRecurring: true,
  }));
}

function soldItem({ ware, quantity, net, subscription }: Item): SoldItem {
  const amount = (net / quantity) * MINOR;
  return { price: stripePriceOf(ware), quantity, amount, isRecurring: subscription !== undefined };
}

function amountOf({ items }: Charge): number {
  return Math.round(items.reduce((sum, { net }) => sum + net, 0) * MINOR);
}

/** What of the charge is back. */
export function backOf({ items }: Charge): number {
  return Math.round(items.reduce((sum, { netBack }) => sum + netBack, 0) * MINOR);
}
