/** Gumroad's pings, and what its API has of the sales at that moment. Nobody is asked for a license. */
import { saleOf, salePing, subscriptionPing } from '../../src/marketplaces/gumroad/shapes.ts';
import type { Loose } from '../../src/marketplaces/loose.ts';
import { type Charge, isWhollyBack, type Subscription } from './books.ts';
import { midnight } from './calendar.ts';
import type { GumroadSetup } from './gumroad-story.ts';
import { Till } from './till.ts';
import { gumroadProductOf, type Ware } from './wares.ts';

const CENTS = 100;

export class GumroadDesk extends Till {
  readonly #setup: GumroadSetup;
  /** Disputes that the seller won. */
  readonly won = new Set<Charge>();
  readonly upgrades = new Set<Charge>();
  /** The sales that paid for gifts, by the receiver's. */
  readonly givers = new Map<Charge, string>();

  /** What the API has of a sale beside, at that moment. */
  readonly more = new Map<Charge, () => Loose>();

  constructor(setup: GumroadSetup) {
    super();
    this.#setup = setup;
  }

  names(kind: Charge['kind']): Pick<Charge, 'reference' | 'id' | 'kind' | 'at'> {
    const id = `S${this.number()}==`;
    return { reference: id, id, kind, at: this.tick() };
  }

  sold(charge: Charge) {
    this.#tell('sale', charge);
    if (this.#setup.tellsTwice) this.#tell('sale', charge);
  }

  refunded(charge: Charge) {
    this.#tell('refund', charge);
  }

  /** Of a gift it names the giver's sale. */
  disputed(charge: Charge, resource: 'dispute' | 'dispute_won') {
    const sale = this.#giverOf(charge);
    if (sale === undefined) return this.#tell(resource, charge);
    this.#event(resource, salePing(resource, sale), { sale, listed: true }, [sale]);
  }

  #giverOf(charge: Charge): Loose | undefined {
    const giver = this.givers.get(charge);
    if (giver === undefined) return undefined;
    return {
      ...this.#saleOf(charge),
      id: giver,
      is_gift_sender_purchase: true,
      is_gift_receiver_purchase: false,
    };
  }

  changed(resource: string, subscription: Subscription, more: Loose = {}) {
    const own = this.charges.filter(({ items }) => items.some((item) => item.subscription === subscription));
    this.changedOf(resource, own, more);
  }

  /** `own`: the charges of a subscription, the oldest first. */
  changedOf(resource: string, own: readonly Charge[], more: Loose = {}) {
    const charges = own.map((charge) => this.#saleOf(charge)).reverse();
    const fetched = { sale: charges.at(-1), listed: true, charges };
    this.#event(resource, subscriptionPing(resource, charges, more), fetched, charges);
  }

  /** Nothing changed. */
  noise(subscription: Subscription) {
    if (this.#setup.noise) this.changed('subscription_updated', subscription, { type: 'downgrade' });
  }

  #tell(resource: string, charge: Charge) {
    const sale = this.#saleOf(charge);
    const giver = this.#giverOf(charge);
    const fetched = { sale, listed: true, ...(giver !== undefined && { giver: giver['id'] }) };
    this.#event(resource, salePing(resource, sale), fetched, [giver ?? sale]);
  }

  /** `listed`: what the API lists now of what it is about. */
  #event(type: string, ping: Loose, fetched: object, listed: readonly Loose[]) {
    const at = this.tick();
    const id = `ping-${this.number()}`;
    this.calls.push({ kind: 'event', at, id, type, data: { ping, listed } });
    this.calls.push({ kind: 'event', at, id: `${id}-completed`, type, data: { ping, fetched } });
  }

  /** As the API has it now. */
  #saleOf(charge: Charge): Loose {
    const [item] = charge.items;
    if (item === undefined) throw new Error('a sale is of one product');
    const { ware, quantity, net, subscription } = item;
    const isGift = this.givers.has(charge);
    const isBack = isWhollyBack(charge);
    const isDisputed = charge.disputedAt !== undefined;
    const isTrial = subscription !== undefined && net === 0;
    return saleOf({
      id: charge.reference,
      product: gumroadProductOf(ware),
      quantity,
      // What a trial will cost is stated as its price.
      price: Math.round((isGift ? 0 : isTrial ? ware.price : net) * CENTS),
      at: charge.at,
      ...(subscription !== undefined && { subscription: subscription.id, every: everyOf(ware) }),
      more: {
        refunded: isBack,
        partially_refunded: charge.back > 0 && !isBack,
        disputed: isDisputed || this.won.has(charge),
        chargedback: isDisputed,
        dispute_won: this.won.has(charge),
        is_gift_receiver_purchase: isGift,
        ...(isTrial && { free_trial_ends_on: item.until, free_trial_ended: subscription.state !== 'trial' }),
        ...(charge.kind !== 'first' && { recurring_charge: true }),
        ...(this.upgrades.has(charge) && { is_upgrade_purchase: true }),
        ...(subscription !== undefined && stateOf(subscription)),
        ...this.more.get(charge)?.(),
      },
    });
  }
}

function stateOf({ state, last }: Subscription): Loose {
  const isOver = state === 'ended';
  return { cancelled: isOver || last !== undefined, dead: isOver };
}

function everyOf({ every }: Ware): string {
  return every === 12 ? 'yearly' : 'monthly';
}

/** A time on a day, as a ping states it. */
export function momentOf(day: string): string {
  return new Date(midnight(day)).toISOString();
}
