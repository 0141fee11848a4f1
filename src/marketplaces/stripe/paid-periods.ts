/** The paid periods of a subscription's invoices: only a paid line says up to when a subscription is paid. */
import type { FactBody } from '../../domain/facts/fact.ts';
import type { Day } from '../../domain/values/day.ts';
import { orderSubject, subscriptionSubject } from '../../domain/values/order-subject.ts';
import { type Loose, listOf, numberOf, recordOf, textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import type { Told } from '../told.ts';
import { type Item, itemsIn } from './lines.ts';
import type { FindByPrice } from './product-keys.ts';
import { currencyIn, dayIn, idIn, momentIn, moneyIn } from './values.ts';

export function linesOf(data: Loose): Loose[] {
  return listOf(recordOf(data['lines'])['data']);
}

/** An event states the first lines, and a change leaves prorations before the line of the period. */
export function hasMoreLines(invoice: Loose): boolean {
  return recordOf(invoice['lines'])['has_more'] === true;
}

export function isRenewal(invoice: Loose): boolean {
  return textOf(invoice['billing_reason']) === 'subscription_cycle';
}

/** The payment of a subscription's first invoice. */
export function firstPaid(invoice: Loose, subscription: string, findProduct: FindByPrice): Told[] {
  return paid(invoice, subscription, findProduct, { part: 'first' });
}

export function paid(
  invoice: Loose,
  subscription: string,
  findProduct: FindByPrice,
  more: { readonly part?: 'first' } = {},
): Told[] {
  const id = idIn(invoice['id']);
  if (id === undefined) return [];
  const currency = currencyIn(invoice['currency']);
  const total = moneyIn(invoice['amount_paid'], currency);
  const { until, differ } = periodsIn(invoice, findProduct);
  const subject = subscriptionSubject(subscription);
  // A change bills its period at once; prorations alone date nothing, because they may be paid while a renewal is open.
  const isProration = more.part === undefined && until === undefined;
  const body: FactBody = {
    kind: 'paid',
    until: until ?? null,
    sequence: null,
    charge: orderSubject(id),
    ...(total !== undefined && { total, currency: currency ?? null }),
    ...(!isProration && isFree(invoice, findProduct) && { free: true }),
    ...(isProration && { part: 'proration' as const }),
    ...(!isProration && !isRenewal(invoice) && more.part === undefined && { atLeast: true }),
    ...more,
  };
  const later = isProration ? latestProration(invoice, findProduct) : undefined;
  const facts: Told[] = [
    { subject, key: `paid:${id}`, body },
    ...(later === undefined ? [] : [{ subject, key: `later:${id}`, body: onlyProrated(id, later) }]),
    ...(isRenewal(invoice) && isProration && later === undefined && !hasMoreLines(invoice)
      ? [undated(id, subject)]
      : []),
  ];
  if (!differ) return facts;
  const note = `the lines of invoice ${id} are paid to different days: all follow the latest, ${until}`;
  return [...facts, { subject, key: `differ:${id}`, body: noted(note, 'unclear') }];
}

/**
 * Nothing was to pay for the subscription's own lines: what is billed once beside a trial does not pay for it. What a
 * credit balance pays is paid too, and is not in the lines.
 */
function isFree(invoice: Loose, findProduct: FindByPrice): boolean {
  const isOwn = ({ isRecurring, isProration }: Item) => isRecurring && !isProration;
  const { items } = itemsIn(linesOf(invoice), findProduct, currencyIn(invoice['currency']), isOwn);
  return items.length > 0 && items.every(({ amount }) => amount === 0);
}

/** Usage is billed for the period that is over, so a subscription for usage alone is dated by no invoice. */
function undated(id: string, subject: Told['subject']): Told {
  const note = `invoice ${id} of a renewal is paid, and none of its lines says up to when: its licenses are not extended`;
  return { subject, key: `undated:${id}`, body: noted(note, 'unclear') };
}

/** A change of the interval may be billed by prorations alone: how it is marked is not documented. */
function onlyProrated(id: string, until: Day): FactBody {
  const note = `invoice ${id} bills up to ${until} by prorations alone, which date nothing`;
  return { ...noted(note), doubt: { until } };
}

function latestProration(invoice: Loose, findProduct: FindByPrice): Day | undefined {
  const days = linesOf(invoice).flatMap((line) => {
    const [item] = itemsIn([line], findProduct, undefined, ({ isProration }) => isProration).items;
    const until = dayIn(recordOf(line['period'])['end']);
    return item === undefined || until === undefined || (numberOf(line['amount']) ?? 0) <= 0 ? [] : [until];
  });
  return days.sort().at(-1);
}

/** The last paid day: of each product the latest period that its lines begin; `differ`: not the same for all. */
function periodsIn(
  invoice: Loose,
  findProduct: FindByPrice,
): { readonly until: Day | undefined; readonly differ: boolean } {
  const billedAt = momentIn(invoice['created']) ?? 0;
  const latest = new Map<string, Day>();
  for (const line of linesOf(invoice)) {
    const [item] = itemsIn([line], findProduct, undefined, () => true).items;
    const end = recordOf(line['period'])['end'];
    const until = dayIn(end);
    const isPeriod = item?.isRecurring === true && !item.isProration && !item.isMetered && item.quantity > 0;
    if (item === undefined || until === undefined || !isPeriod) continue;
    // A line of usage covers the period that is over. A credit has a negative amount.
    if ((numberOf(line['amount']) ?? 0) < 0 || (momentIn(end) ?? 0) <= billedAt) continue;
    const product = item.product?.id ?? '';
    const before = latest.get(product);
    if (before === undefined || before < until) latest.set(product, until);
  }
  const known = [...latest].filter(([product]) => product !== '').map(([, until]) => until);
  const days = (known.length > 0 ? known : [...latest.values()]).sort();
  return { until: days.at(-1), differ: days[0] !== days.at(-1) };
}
