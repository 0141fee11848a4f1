/** The facts of a ping together with what the API answered about it. */
import type { MarketplaceEvent } from '../../domain/facts/event.ts';
import type { Subject } from '../../domain/facts/fact.ts';
import type { Customer } from '../../domain/values/order.ts';
import { orderSubject, subscriptionSubject } from '../../domain/values/order-subject.ts';
import { booleanOf, type Loose, listOf, recordOf, textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import { customerOf } from '../person.ts';
import { momentIn } from '../rfc3339.ts';
import { demand, type Told } from '../told.ts';
import { giftFacts } from './gifts.ts';
import { is } from './kept-sale.ts';
import { subscriptionOf } from './periods.ts';
import { type Claim, claimKey, idIn } from './ping.ts';
import type { FindSold } from './product-keys.ts';
import { isFurther, saleFacts, unpaidFacts } from './sales.ts';
import { changeFacts, restartFacts, stateFacts } from './subscriptions.ts';
import type { Reading } from './told.ts';

/** Throws AppError `malformed_request` for a sale without an id or a time. */
export function readingOf(sale: Loose, at: number, findProduct: FindSold): Reading {
  const id = demand(idIn(sale['id']), 'sale.id');
  const soldAt = demand(momentIn(sale['created_at']), 'sale.created_at');
  return { id, sale, soldAt, at, findProduct };
}

/** The API's list has what was paid: neither tests nor what failed. A gift's receiver pays nothing. */
export function isPaid(claim: Claim, fetched: Loose): boolean {
  const isGift = is(recordOf(fetched['sale']), 'is_gift_receiver_purchase');
  return fetched['listed'] === true || (claim.about === 'subscription' && isGift);
}

export function confirmedFacts(claim: Claim, fetched: Loose, at: number, findProduct: FindSold): Told[] {
  if (claim.about === 'nothing') return [];
  demand(booleanOf(fetched['listed']), 'word of whether it was paid');
  const reading = readingOf(recordOf(fetched['sale']), at, findProduct);
  if (claim.about === 'subscription') return subscriptionFacts(claim, reading, fetched);
  if (!isPaid(claim, fetched) && !claim.isTest) return unpaidFacts(reading, claim.isPreorder);
  const isGift = is(reading.sale, 'is_gift_receiver_purchase');
  return [
    ...saleFacts(reading),
    ...(isGift ? giftFacts(reading, idIn(fetched['giver'])) : []),
    ...restartFacts(reading),
    ...(sellsNothing(reading.sale) ? [nothingAwaited(reading)] : []),
  ];
}

function sellsNothing(sale: Loose): boolean {
  const kinds = ['is_gift_sender_purchase', 'is_bundle_purchase', 'is_additional_contribution'];
  return kinds.some((name) => is(sale, name)) || isFurther(sale);
}

/** Takes the place of what the ping claimed, because it is earlier. */
function nothingAwaited({ id, soldAt }: Reading): Told {
  const body = noted('it is confirmed, and no sale of its own');
  return { subject: orderSubject(id), key: claimKey(id), body, at: soldAt - 1 };
}

type OfSubscription = Extract<Claim, { about: 'subscription' }>;

function subscriptionFacts({ change }: OfSubscription, reading: Reading, fetched: Loose): Told[] {
  const { at, findProduct } = reading;
  demand(subscriptionOf(reading.sale), 'sale.subscription_id');
  const charges = listOf(fetched['charges']).map((sale) => readingOf(sale, at, findProduct));
  const newest = charges.reduce((last, charge) => (charge.soldAt > last.soldAt ? charge : last), reading);
  return [
    ...charges.flatMap((charge) => saleFacts(charge)),
    ...stateFacts(reading, newest),
    ...(change === undefined ? [] : changeFacts(reading, change, newest.sale)),
  ];
}

/**
 * Whom the codes are mailed to: the address that was typed at the checkout, not that of an account. A later charge names the
 * customer of a membership that began before there was Mintmark.
 */
export function peopleOf(fetched: Loose): MarketplaceEvent['people'] {
  const sales = [recordOf(fetched['sale']), ...listOf(fetched['charges'])];
  const people = new Map(sales.flatMap((sale) => personOf(sale)));
  return [...people].map(([subject, customer]) => ({ subject, customer }));
}

function personOf(sale: Loose): (readonly [Subject, Customer])[] {
  const id = idIn(sale['id']);
  if (id === undefined || is(sale, 'is_gift_sender_purchase')) return [];
  const subscription = isFurther(sale) ? subscriptionOf(sale) : undefined;
  if (subscription === undefined && isFurther(sale)) return [];
  const subject = subscription === undefined ? orderSubject(id) : subscriptionSubject(subscription);
  const email = textOf(sale['purchase_email']) ?? textOf(sale['email']);
  const name = textOf(sale['full_name']);
  return name === undefined && email === undefined ? [] : [[subject, customerOf(name, email)]];
}
