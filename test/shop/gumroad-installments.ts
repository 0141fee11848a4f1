/** Gumroad's installment plans: goods that are paid in parts. Each part is a sale, and the first one sells. */
import { type Charge, isWhollyBack, newItem, pick, TAX } from './books.ts';
import { addMonths, dayOf, HOUR, midnight } from './calendar.ts';
import type { GumroadDesk } from './gumroad-desk.ts';
import type { PlanAction } from './gumroad-story.ts';
import type { Flagged } from './truth.ts';
import { wareOf } from './wares.ts';

interface Plan {
  readonly id: string;
  /** The first sells; of the others nothing is held against the licenses. */
  readonly paid: Charge[];
  readonly parts: number;
  next: string;
  state: 'running' | 'paid off' | 'stopped';
}

export class GumroadInstallments {
  readonly #all: Plan[] = [];
  readonly #desk: GumroadDesk;

  constructor(desk: GumroadDesk) {
    this.#desk = desk;
  }

  buy({ ware: path, quantity, parts }: Extract<PlanAction, { do: 'buyByParts' }>) {
    const desk = this.#desk;
    const ware = wareOf(path);
    const names = desk.names('first');
    const next = addMonths(dayOf(desk.now), 1);
    const plan: Plan = { id: `I${desk.number()}==`, paid: [], parts, next, state: 'running' };
    const net = (ware.price * quantity) / parts;
    this.#all.push(plan);
    this.#pay(plan, desk.book(names, [newItem(ware, quantity, { net })]));
  }

  #pay(plan: Plan, charge: Charge) {
    const desk = this.#desk;
    plan.paid.push(charge);
    desk.more.set(charge, () => ({
      subscription_id: plan.id,
      is_recurring_billing: false,
      subscription_duration: 'monthly',
      recurring_charge: charge !== plan.paid[0],
      cancelled: plan.state === 'stopped',
      dead: plan.state !== 'running',
      ended: plan.state === 'paid off',
    }));
    desk.sold(charge);
    if (plan.paid.length < plan.parts) return;
    plan.state = 'paid off';
    this.#tell(plan, 'subscription_ended', { ended_reason: 'fixed_subscription_period_ended' });
  }

  #tell({ paid }: Plan, resource: string, more: Readonly<Record<string, string>>) {
    this.#desk.changedOf(resource, paid, more);
  }

  /** When the next part of any plan is due. */
  get dueAt(): number {
    const running = this.#all.filter(({ state }) => state === 'running');
    return Math.min(...running.map(({ next }) => midnight(next) + 7 * HOUR));
  }

  goOn() {
    const { dueAt } = this;
    const plan = this.#all.find(
      ({ state, next }) => state === 'running' && midnight(next) + 7 * HOUR === dueAt,
    );
    const [item] = plan?.paid[0]?.items ?? [];
    if (plan === undefined || item === undefined) return;
    const { ware, quantity } = item;
    plan.next = addMonths(plan.next, 1);
    const net = (ware.price * quantity) / plan.parts;
    this.#pay(plan, this.#desk.charge(this.#desk.names('rebill'), [newItem(ware, quantity, { net })]));
  }

  /** Canceled, or its money of a later part went back. */
  change({ do: what, plan: place, part }: Exclude<PlanAction, { do: 'buyByParts' }>) {
    const plan = pick(this.#all, place);
    if (plan === undefined) return;
    if (what === 'stopParts') return this.#stop(plan);
    const charge = pick(plan.paid.slice(1), part);
    const [item] = charge?.items ?? [];
    if (charge === undefined || item === undefined || isWhollyBack(charge)) return;
    const left = item.net - item.netBack;
    const net = what === 'refundPart' ? left : left / 4;
    item.netBack += net;
    charge.back += net * (1 + TAX);
    this.#desk.refunded(charge);
  }

  /** A dispute of a part ends the plan too. */
  stopOf(charge: Charge) {
    const plan = this.#all.find(({ paid }) => paid.includes(charge));
    if (plan !== undefined) this.#stop(plan);
  }

  #stop(plan: Plan) {
    if (plan.state !== 'running') return;
    plan.state = 'stopped';
    this.#tell(plan, 'cancellation', { cancelled_by_buyer: 'true' });
    this.#tell(plan, 'subscription_ended', { ended_reason: 'cancelled' });
  }

  get orders(): string[] {
    return this.#all.flatMap(({ paid }) => paid.map(({ reference }) => reference));
  }

  /** A person decides about a license that is not paid to the end, or of which a later part went back. */
  get flags(): Flagged[] {
    const ours = this.#all.filter(({ paid }) => paid[0]?.items[0]?.ware.product !== undefined);
    return ours.flatMap(({ id, paid, state }) => [
      ...(state === 'stopped' ? [{ kind: 'unclear' as const, about: [id] }] : []),
      ...paid
        .slice(1)
        .filter(({ back }) => back > 0)
        .map(({ reference }) => ({ kind: 'partial-refund' as const, about: [reference] })),
    ]);
  }
}
