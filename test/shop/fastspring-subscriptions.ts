/** FastSpring's subscriptions: their beginning, and their schedule. */
import { type Charge, type Item, newItem, newSubscription, type Subscription } from './books.ts';
import { addDays, addMonths, type Day, dayOf, HOUR, midnight } from './calendar.ts';
import type { FastSpringDesk } from './fastspring-desk.ts';
import type { Setup } from './fastspring-setup.ts';
import { chargeData, type Data, returnData, type Shown, subscriptionData } from './fastspring-shapes.ts';
import { takeAmount } from './returns.ts';
import type { Ware } from './wares.ts';

const TRIAL_DAYS = 14;

/** Days from the failed charge to each notice, and to the end. */
const NOTICES = [1, 8];
const DUNNING_ENDS = 15;

/** `managed`: charged only on the seller's request. `manual`: paid by the buyer, period by period. */
export type HowBegun = 'paid' | 'trial' | 'managed' | 'manual';

export class Subscriptions {
  readonly all: Subscription[] = [];
  readonly desk: FastSpringDesk;
  readonly setup: Setup;

  constructor(desk: FastSpringDesk, setup: Setup) {
    this.desk = desk;
    this.setup = setup;
  }

  /** An unexpanded charge has no day, so the product's term counts as the period. */
  isSold({ every, rules, product }: Ware): boolean {
    return this.setup.expands || every === undefined || product === undefined || rules.term === every;
  }

  /** Of what is paid by hand no day counts, so neither an unexpanded charge nor a term that is no period says what it pays for. */
  isManualFit({ every, rules, product }: Ware): boolean {
    return this.setup.expands && product !== undefined && rules.term === every;
  }

  /** The line of a first order. The caller sends its `subscription.activated`, with the order. */
  begin(
    { reference, id }: Pick<Charge, 'reference' | 'id'>,
    ware: Ware,
    quantity: number,
    how: HowBegun,
    coupon: 'none' | 'one' | 'all',
  ): Item {
    const isTrial = how === 'trial';
    const today = dayOf(this.desk.now);
    const next = isTrial ? addDays(today, TRIAL_DAYS) : addMonths(today, ware.every ?? 1);
    const subscription = newSubscription({
      id: `sub-${this.desk.number()}`,
      reference,
      orderId: id,
      ware,
      quantity,
      next,
      state: isTrial ? 'trial' : 'active',
    });
    if (how === 'managed') Object.assign(subscription, { managed: true });
    if (how === 'manual') Object.assign(subscription, { isManual: true });
    this.all.push(subscription);
    const free = { net: 0, discount: ware.price * quantity };
    return newItem(ware, quantity, {
      subscription,
      until: next,
      ...(isTrial ? { net: 0 } : coupon === 'all' && free),
    });
  }

  /** Migrated from elsewhere, where it is paid until `next`: no call names an order of it. */
  bringIn(ware: Ware, quantity: number, days: number) {
    const { desk } = this;
    const next = addDays(dayOf(desk.now), days);
    const id = `sub-${desk.number()}`;
    const given = { id, reference: null, orderId: null, ware, quantity, next, state: 'active' } as const;
    const subscription = Object.assign(newSubscription(given), { imported: true, movedTo: next });
    this.all.push(subscription);
    this.tell('activated', subscription);
  }

  /** The time of its next scheduled event. */
  dueAt({ state, managed, next, notices, overdueSince, pause, ware }: Subscription): number {
    if (state === 'ended' || managed) return Number.POSITIVE_INFINITY;
    if (state === 'overdue' && overdueSince !== undefined) {
      return midnight(addDays(overdueSince, NOTICES[notices] ?? DUNNING_ENDS)) + 9 * HOUR;
    }
    if (state === 'paused' && pause !== undefined) {
      return midnight(addMonths(pause.from, pause.cycles * (ware.every ?? 1))) + 6 * HOUR;
    }
    return midnight(next) + 6 * HOUR;
  }

  /** Does everything that is due. */
  goOn(subscription: Subscription) {
    const { state, last, next, pause, cardWorks, notices, isManual } = subscription;
    if (state === 'overdue') {
      if (notices >= NOTICES.length) return this.endNow(subscription);
      subscription.notices += 1;
      return this.tell('payment.overdue', subscription);
    }
    if (last !== undefined) return this.#end(subscription, last, { deactivationDate: last });
    if (state === 'paused') return this.resume(subscription, this.setup.tellsPauseEnds);
    if (pause?.from === next) return this.#beginPause(subscription);
    if (this.setup.noise) this.tell(state === 'trial' ? 'trial.reminder' : 'payment.reminder', subscription);
    if (cardWorks && !isManual) return this.rebill(subscription, next);
    if (state === 'trial') return this.endNow(subscription);
    subscription.state = 'overdue';
    subscription.overdueSince = dayOf(this.desk.now);
    // Nothing was charged that could have failed.
    if (isManual) return;
    this.desk.event('subscription.charge.failed', {
      reason: 'DECLINED_SOFT',
      account: 'account-1',
      quote: null,
      subscription: this.setup.expands ? this.write(subscription, this.desk.now) : subscription.id,
    });
  }

  endNow(subscription: Subscription) {
    if (subscription.state === 'ended') return;
    const today = dayOf(this.desk.now);
    this.#end(subscription, today, { end: today });
  }

  /** `from`: the first day of the paid period. */
  rebill(subscription: Subscription, from: Day) {
    const {
      pending,
      companion,
      state,
      ware: wareBefore,
      quantity: quantityBefore,
      isNextFree,
    } = subscription;
    const isPlain = state !== 'paused' && this.isUntouched(subscription);
    const { ware, quantity } = pending ?? subscription;
    const next = addMonths(from, ware.every ?? 1);
    const sequence = state === 'paused' && this.setup.restartsSequence ? 1 : subscription.sequence + 1;
    const clear = {
      state: 'active',
      pending: undefined,
      pause: undefined,
      overdueSince: undefined,
      isNextFree: false,
    } as const;
    const restarts = from < subscription.next;
    const isVague = subscription.isVague || (!this.setup.expands && state === 'overdue');
    Object.assign(subscription, { ware, quantity, sequence, notices: 0, isVague, ...clear });
    this.moveTo(subscription, next);
    const free = (price: number) => (isNextFree ? { net: 0, discount: price } : {});
    const items = [
      newItem(ware, quantity, { subscription, until: next, restarts, ...free(ware.price * quantity) }),
    ];
    if (companion !== undefined) {
      const { ware: addOn, quantity: units } = companion;
      const more = { subscription, role: 'companion', until: next, restarts } as const;
      items.push(newItem(addOn, units, { ...more, ...free(addOn.price * units) }));
    }
    const charge = this.desk.book(this.desk.names('rebill'), items);
    const isSame = ware === wareBefore && quantity === quantityBefore;
    if (this.setup.asksAtRebills && !subscription.imported) {
      for (const item of items) this.desk.ask(charge, item, isPlain && isSame ? 'in order' : 'never');
    }
    if (!isSame && this.setup.tellsEditAgain) this.tell('updated', subscription);
    this.tellCharge(charge, subscription);
  }

  /** Of a cycle that begins before the day of the next charge, given days are over. */
  moveTo(subscription: Subscription, next: Day) {
    const isGivenUp = subscription.movedTo !== undefined && next < subscription.next;
    Object.assign(subscription, { next, ...(isGivenUp && { movedTo: next }) });
  }

  tellCharge(charge: Charge, subscription: Subscription, shown: Shown = {}) {
    const told = this.setup.expands ? this.write(subscription, charge.at, shown) : subscription.id;
    this.desk.event(
      'subscription.charge.completed',
      chargeData(charge, subscription, told, this.setup.tellsCodes),
    );
  }

  /** None of its money was ever refunded. */
  isUntouched(subscription: Subscription): boolean {
    return this.desk.charges
      .filter(({ items }) => items.some((item) => item.subscription === subscription))
      .every(({ back, disputedAt }) => back === 0 && disputedAt === undefined);
  }

  /** Some money of the newest period goes back. */
  giveBack(subscription: Subscription, net: number) {
    const { desk } = this;
    const ofPeriod = (item: Item) =>
      item.subscription === subscription && item.role === 'main' && item.until !== undefined;
    const charge = desk.charges.findLast(({ items }) => items.some(ofPeriod));
    const item = charge?.items.find(ofPeriod);
    if (charge === undefined || item === undefined) return;
    const returned = takeAmount(charge, item, net);
    if (returned.length === 0) return;
    const name = `return-${desk.number()}`;
    desk.event('return.created', returnData(charge, name, returned, this.setup.unitReturnIs));
  }

  #beginPause(subscription: Subscription) {
    subscription.state = 'paused';
    if (this.setup.tellsPauseBegins) this.tell('paused', subscription);
  }

  /** Charges at once, and restarts the cycle. */
  resume(subscription: Subscription, isTold: boolean) {
    if (!subscription.cardWorks) return this.endNow(subscription);
    const { ware, quantity, state } = subscription;
    const today = dayOf(this.desk.now);
    if (isTold) {
      const next = addMonths(today, (subscription.pending?.ware ?? ware).every ?? 1);
      const shown = { ...subscription, next, state: 'active', pause: undefined } as const;
      this.desk.event('subscription.resumed', this.write(shown, this.desk.now, { ware, quantity }));
    }
    this.rebill(Object.assign(subscription, { state }), today);
  }

  #end(subscription: Subscription, on: Day, shown: Shown) {
    Object.assign(subscription, { state: 'ended', endedOn: on });
    this.tell('deactivated', subscription, shown);
  }

  /** Whether a scheduled edit is visible. */
  tell(type: string, subscription: Subscription, shown: Shown = {}) {
    const edit = this.setup.editShows === 'new' ? subscription.pending : undefined;
    const data = this.write(subscription, this.desk.now, { ...edit, ...shown });
    this.desk.event(`subscription.${type}`, data);
  }

  write(subscription: Subscription, at: number, shown: Shown = {}): Data {
    const { expands, nests } = this.setup;
    return subscriptionData(subscription, at, { ...shown, nests: expands && nests });
  }
}
