/** The rules with lost events: no paid license is revoked, every mailed code is stored, and the gap is noticed. */
import type { Event } from './call.ts';
import { changedAnswers, isLive, isOf, write } from './check.ts';
import type { Delivery } from './delivery.ts';
import type { Answered, Played, Standing } from './play.ts';
import type { Paid, Truth } from './truth.ts';

export function weakDifferences(truth: Truth, played: Played, deliveries: readonly Delivery[]): string[] {
  const { licenses, answers, faults } = played;
  const ids = new Set(licenses.map(({ id }) => id));
  return [
    ...faults,
    ...changedAnswers(played),
    ...answers
      .filter((answer) => answer.licenses.some((id) => !ids.has(id)))
      .map(({ request }) => `a code was mailed whose license is not in the ledger: ${request.name}`),
    ...truth.paid.filter(isSure).flatMap((paid) => lostOf(paid, truth, played)),
    ...truth.paid.filter(isSure).flatMap((paid) => lostOfSale(paid, truth, played, deliveries)),
    ...unnoticed(played, deliveries),
  ];
}

/** Paid in the end, and never refunded: no event can say otherwise. */
function isSure({ isClean, counts }: Paid): boolean {
  return isClean && !counts.includes(0);
}

/** The end or suspension of a subscription can arrive without its reversal: but no license is revoked. */
function lostOf(paid: Paid, truth: Truth, { licenses, answers }: Played): string[] {
  const own = licenses.filter((license) => isOfOrder(license, paid, truth));
  const isAsked = answers.some(
    ({ request: { item }, status }) =>
      status === 200 && item.named === item.quantity && paid.untouched.includes(item),
  );
  const isHeld = paid.subscription === null ? isLive : ({ state }: Standing) => state !== 'revoked';
  const held = own.filter(isHeld);
  if (!isAsked || held.length >= Math.min(...paid.counts)) return [];
  return [
    `${held.length} licenses are left of ${paid.counts.join(' or ')}: ${paid.what}; ${own.map(write).join('; ')}`,
  ];
}

/** A sale that its own event reported: at least one of its licenses stays, also without the changes of its subscription. */
function lostOfSale(
  paid: Paid,
  truth: Truth,
  { licenses }: Played,
  deliveries: readonly Delivery[],
): string[] {
  const heard = deliveries.flatMap((delivery) => ('events' in delivery ? delivery.events : []));
  const isSold = heard.some((event) => isSaleOf(event, paid));
  // The reversal of a refund can be lost.
  const isAdjusted = heard.some(
    ({ type, data }) =>
      // Stripe names the payment, and whose it was can be lost.
      type.startsWith('charge.') ||
      (type.startsWith('adjustment') && paid.orders.includes(String(data['transaction_id']))),
  );
  if (isAdjusted) return [];
  const own = licenses.filter((license) => isOfOrder(license, paid, truth) && license.state !== 'revoked');
  const least = paid.subscription === null ? Math.min(...paid.counts) : 1;
  return isSold && own.length < least ? [`${own.length} licenses are left: ${paid.what}`] : [];
}

/** Paddle Billing states its items; Stripe's and Gumroad's are fetched. */
function isSaleOf({ type, data }: Event, { orders, line, subscription }: Paid): boolean {
  // An end may be heard without the restart after it.
  if (type === 'sale' && subscription !== null) return false;
  if (type === 'transaction.completed') {
    return orders.includes(String(data['id'])) && JSON.stringify(data['items']).includes(`"${line}"`);
  }
  const isSale = type.startsWith('checkout.session.') || type === 'sale';
  if (!isSale || data['fetched'] === undefined) return false;
  const text = JSON.stringify(data['fetched']);
  return orders.some((order) => text.includes(`"${order}"`)) && text.includes(`"${line}"`);
}

/** The link between an order and its subscription can be lost too. */
function isOfOrder(license: Standing, paid: Paid, truth: Truth): boolean {
  const isSold = license.product === paid.product && paid.orders.includes(license.order);
  return isSold || isOf(license, paid, truth);
}

/** FastSpring: an answered order without any event must be flagged, as a charge or as a sale. */
function unnoticed({ answers, flags }: Played, deliveries: readonly Delivery[]): string[] {
  const heard = deliveries.flatMap((delivery) => ('events' in delivery ? delivery.events : []));
  const silent = answers.filter(
    (answer) => isFirst(answer) && !heard.some((event) => mentions(event, answer)),
  );
  const orders = new Set(silent.map(({ request }) => request.fields['reference'] ?? ''));
  return [...orders]
    .filter((order) => !flags.some(({ kind, text }) => UNCONFIRMED.has(kind) && text.includes(order)))
    .map((order) => `no flag unconfirmed-order about ${order}`);
}

/** The request of an add-on looks like a request for a further charge. */
const UNCONFIRMED: ReadonlySet<string> = new Set(['unconfirmed-order', 'assumed-unconfirmed']);

function isFirst({ request, status }: Answered): boolean {
  const { reference } = request.fields;
  return status === 200 && reference !== undefined && !reference.endsWith('B');
}

function mentions({ data }: Event, { request }: Answered): boolean {
  const { reference = '', subscription } = request.fields;
  const text = JSON.stringify(data);
  return text.includes(reference) || (subscription !== undefined && text.includes(subscription));
}
