/** Reads the state of a subscription, which each of its sales shows as it is now, into facts. */
import type { FactBody } from '../../domain/facts/fact.ts';
import { type Day, dayOf } from '../../domain/values/day.ts';
import { orderSubject, subscriptionSubject } from '../../domain/values/order-subject.ts';
import { booleanOf, type Loose, numberOf } from '../loose.ts';
import { noted } from '../noted.ts';
import type { Told } from '../told.ts';
import { is, optionsOf } from './kept-sale.ts';
import { endOf, isMembership, subscriptionOf } from './periods.ts';
import type { PlanChange } from './ping.ts';
import { oursIf } from './sales.ts';
import type { Reading } from './told.ts';

/** `newest`: the newest charge of the subscription, whose period is the last one that is paid. */
export function stateFacts({ sale, at }: Reading, newest: Reading): Told[] {
  const subscription = subscriptionOf(sale);
  if (subscription === undefined) return [];
  if (!isMembership(sale)) return installmentState(sale, newest, at);
  const subject = subscriptionSubject(subscription);
  const bodies = bodiesOf(sale, endOf(newest), at);
  return bodies.map((body) => ({ subject, key: `${body.kind}:${subscription}:${at}`, body, at }));
}

/** What ended can be restarted, so an end is a cancellation too: its last day is over. */
function bodiesOf(sale: Loose, paidTo: Day | undefined, at: number): readonly FactBody[] {
  const [dead, cancelled] = [booleanOf(sale['dead']), booleanOf(sale['cancelled'])];
  if (dead === undefined || cancelled === undefined) {
    return [noted('Gumroad does not say whether the subscription goes on', 'unclear')];
  }
  if (!dead && !cancelled) return [{ kind: 'uncanceled' }];
  // No day of the end is shown. What is over before its paid day was ended by a dispute or a refund.
  const last = dead && (paidTo === undefined || paidTo > dayOf(at)) ? dayOf(at - DAY) : paidTo;
  return [
    last === undefined
      ? noted('the subscription is cancelled, and no end is known', 'unclear')
      : { kind: 'canceled', last },
  ];
}

/** A won dispute restarts the membership that the dispute ended. The sale shows that it runs, and the ping of the restart may be lost. */
export function restartFacts(reading: Reading): Told[] {
  const { sale } = reading;
  const isRunning = booleanOf(sale['dead']) === false && booleanOf(sale['cancelled']) === false;
  return is(sale, 'dispute_won') && isMembership(sale) && isRunning ? stateFacts(reading, reading) : [];
}

const DAY = 86_400_000;

/** Paid off, its buyer keeps the product; what stopped before is for a person to decide. */
function installmentState(sale: Loose, newest: Reading, at: number): Told[] {
  const { id } = newest;
  const subject = orderSubject(id);
  if (is(sale, 'ended')) {
    return [{ subject, key: `paid-off:${id}`, body: noted('all installments are paid'), at }];
  }
  if (booleanOf(sale['dead']) !== true && booleanOf(sale['cancelled']) !== true) return [];
  const note = `the installments of subscription ${subscriptionOf(sale)} stopped before all were paid: decide about its license`;
  return [{ subject, key: `stopped:${id}`, body: { ...noted(note, 'unclear'), ...oursIf(newest) }, at }];
}

/** What a ping says of a changed plan is a claim: the charge that pays for it states it. */
export function changeFacts(
  { sale, at }: Reading,
  { isUpgrade, tier, quantity }: PlanChange,
  newest: Loose,
): Told[] {
  const subscription = subscriptionOf(sale);
  if (subscription === undefined) return [];
  const isThere =
    (tier === undefined || optionsOf(newest).includes(tier)) &&
    (quantity === undefined || numberOf(newest['quantity']) === quantity);
  if (isThere) return [];
  // What the ping calls the plan is anybody's text, and stays out of the note.
  const wanted = quantity === undefined ? '' : ` to ${quantity} units`;
  const note = `the plan of subscription ${subscription} changes${wanted} with its next charge`;
  const subject = subscriptionSubject(subscription);
  // An upgrade counts at once, and one that costs nothing now has no charge.
  const body = isUpgrade ? noted(`${note}: if it is meant now, change the license`, 'unclear') : noted(note);
  return [{ subject, key: `change:${subscription}:${wanted}:${isUpgrade}`, body, at }];
}
