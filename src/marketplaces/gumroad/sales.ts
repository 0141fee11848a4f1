/** Reads a sale, as the API has it, into facts: what was sold, paid, and went back. */
import type { FactBody } from '../../domain/facts/fact.ts';
import type { FlagKind } from '../../domain/values/flag.ts';
import { orderSubject } from '../../domain/values/order-subject.ts';
import { booleanOf, type Loose, numberOf, textOf } from '../loose.ts';
import { mostUnits } from '../most-units.ts';
import { noted } from '../noted.ts';
import type { Told } from '../told.ts';
import { giverFacts } from './gifts.ts';
import { is, optionsOf } from './kept-sale.ts';
import { chargedFacts, moneyFacts, priceOf } from './money.ts';
import { chargeFacts, firstFacts, isMembership, subscriptionOf } from './periods.ts';
import { lineOf } from './product-keys.ts';
import type { Reading } from './told.ts';

/** A sale that is among what was paid, or whose giver's is. */
export function saleFacts(reading: Reading): Told[] {
  return [...factsOf(reading), ...unstatedFacts(reading)];
}

/** Stated of each sale: without one of them the facts may be others. */
const STATED = ['refunded', 'disputed', 'dispute_won', 'is_gift_sender_purchase'];

function unstatedFacts({ id, sale, soldAt: at }: Reading): Told[] {
  const missing = STATED.filter((name) => booleanOf(sale[name]) === undefined);
  if (isMembership(sale) && priceOf(sale) === undefined) missing.push('price');
  if (missing.length === 0) return [];
  const note = `Gumroad does not state ${missing.join(', ')} of sale ${id}: look at it there`;
  return [
    { subject: orderSubject(id), key: `unstated:${id}:${missing.join()}`, body: noted(note, 'unclear'), at },
  ];
}

function factsOf(reading: Reading): Told[] {
  const { sale } = reading;
  if (is(sale, 'is_gift_sender_purchase')) return giverFacts(reading);
  if (is(sale, 'is_bundle_purchase')) return bundleFacts(reading);
  if (is(sale, 'is_additional_contribution')) return contributionFacts(reading);
  if (isFurther(sale)) return furtherFacts(reading);
  return [...soldFacts(reading), ...moneyFacts(reading)];
}

/**
 * A later charge of a subscription: a period, an upgrade, an installment. The API calls each sale so that did not begin the
 * subscription, and a gift's receiver did not, but the giver.
 */
export function isFurther(sale: Loose): boolean {
  if (is(sale, 'is_gift_receiver_purchase')) return false;
  return is(sale, 'recurring_charge') || is(sale, 'is_upgrade_purchase');
}

/** Paid on top of an earlier purchase, of which Gumroad shows the buyer one. */
function contributionFacts(reading: Reading): Told[] {
  const { id, soldAt: at } = reading;
  const note = `sale ${id} is paid on top of an earlier purchase: nothing was issued`;
  return [
    {
      subject: orderSubject(id),
      key: `contribution:${id}`,
      body: { ...noted(note, 'unclear'), ...oursIf(reading) },
      at,
    },
  ];
}

/** Each of its products is sold by a sale of its own. */
function bundleFacts({ id, sale, soldAt, at }: Reading): Told[] {
  const subject = orderSubject(id);
  const facts: Told[] = [
    { subject, key: `bundle:${id}`, body: noted('a bundle: each of its products is an order'), at: soldAt },
  ];
  const back = ['refunded', 'partially_refunded', 'disputed', 'chargedback'].filter((name) => is(sale, name));
  const [first] = back;
  if (first === undefined || is(sale, 'dispute_won')) return facts;
  const note = `money of the bundle ${id} went back or is disputed (${first}): decide about the licenses of its products`;
  return [
    ...facts,
    // Whether its products are ours is not told with it.
    {
      subject,
      key: `bundle-back:${id}:${back.join()}`,
      body: { ...noted(note, 'partial-refund'), ours: true },
      at,
    },
  ];
}

function furtherFacts(reading: Reading): Told[] {
  const { id, sale, soldAt } = reading;
  if (subscriptionOf(sale) === undefined) {
    const note = `charge ${id} is of a subscription, and does not say of which: nothing was extended`;
    return [
      { subject: orderSubject(id), key: `unnamed:${id}`, body: noted(note, 'undelivered'), at: soldAt },
      ...moneyFacts(reading),
    ];
  }
  if (!isMembership(sale)) return installmentFacts(reading);
  const { line, product, quantity, faults } = lineIn(reading);
  return [
    ...chargeFacts(reading, faults.length > 0 ? undefined : { line, product: product?.id ?? null, quantity }),
    ...faults,
    ...moneyFacts(reading),
  ];
}

/** The license is good from the first one on; nothing ties the later ones to its order. */
function installmentFacts(reading: Reading): Told[] {
  const { id, sale, soldAt, at } = reading;
  const subject = orderSubject(id);
  const paid = { subject, key: `part:${id}`, body: noted('a later installment'), at: soldAt };
  const back = ['refunded', 'partially_refunded', 'disputed', 'chargedback'].find((name) => is(sale, name));
  if (back === undefined || is(sale, 'dispute_won')) return [paid];
  const note = `money of installment ${id} of subscription ${subscriptionOf(sale)} went back or is disputed: decide about the license`;
  const body = { ...noted(note, 'partial-refund'), ...oursIf(reading) };
  return [paid, { subject, key: `part-back:${id}:${back}`, body, at }];
}

/** Nothing ties such a sale to the order that has the license. */
export function oursIf(reading: Reading): { readonly ours?: true } {
  return lineIn(reading).product === undefined ? {} : { ours: true };
}

function soldFacts(reading: Reading): Told[] {
  const { id, sale, soldAt: at } = reading;
  const subject = orderSubject(id);
  const { line, product, quantity, faults } = lineIn(reading);
  if (quantity < 1) return faults;
  const { isTrial, facts } = firstFacts(reading, { line, product: product?.id ?? null, quantity });
  const body: FactBody = {
    kind: 'sold',
    product: product?.id ?? null,
    line,
    quantity,
    ...(isTrial && { trial: true }),
  };
  const isPart = is(sale, 'is_bundle_product_purchase');
  return [
    { subject, key: `sold:${id}`, body, at },
    ...facts,
    ...(isMembership(sale) ? [] : chargedFacts(reading)),
    ...faults,
    ...(isPart ? [{ subject, key: `part-of:${id}`, body: noted('sold in a bundle'), at }] : []),
  ];
}

/** `quantity` 0: nothing can be sold of it, and `faults` say why. */
function lineIn({ id, sale, soldAt: at, findProduct }: Reading) {
  const subject = orderSubject(id);
  const fault = (why: FlagKind, note: string): Told => ({
    subject,
    key: `${why}:${id}`,
    body: noted(note, why),
    at,
  });
  const [own, permalink] = [textOf(sale['product_id']), textOf(sale['product_permalink'])];
  const options = optionsOf(sale);
  const product = findProduct({ id: own, permalink, options });
  const line = lineOf(own ?? permalink ?? 'unnamed', options);
  const stated = numberOf(sale['quantity']);
  const units = Math.trunc(stated ?? 0);
  const most = mostUnits(product);
  const faults: Told[] = [];
  if (own === undefined) faults.push(fault('unclear', `sale ${id} does not name its product by its id`));
  if (units < 1)
    faults.push(fault('undelivered', `sale ${id} is of ${stated ?? 'no stated number of'} units`));
  if (units > most) {
    faults.push(fault('too-many-units', `${line} has ${units} units, of at most ${most}: none was read`));
  }
  if (is(sale, 'has_variants') && options.length === 0) {
    faults.push(fault('unmapped', `sale ${id} does not say which variant was chosen`));
  }
  return { line, product, quantity: units < 1 || units > most ? 0 : units, faults };
}

/** A purchase that Gumroad's list of what was paid does not have. */
export function unpaidFacts({ id, at }: Reading, isPreorder: boolean): Told[] {
  const subject = orderSubject(id);
  if (isPreorder) {
    return [{ subject, key: `preorder:${id}`, body: noted('a pre-order: nothing is paid yet') }];
  }
  const note = `Gumroad has sale ${id}, and not among what was paid: nothing was issued. If it was paid, say  reconcile gumroad`;
  return [{ subject, key: `unpaid:${id}`, body: noted(note, 'undelivered'), at }];
}
