/** Sales of which nothing but a note is known: their message could not be read, or a marketplace's list alone names them. */
import type { LedgerLicense, OwedLine } from '../changes.ts';
import { orderIdOf, orderOf, subscriptionOf } from '../values/order-subject.ts';
import type { View } from '../view.ts';

/** One unit for each order without a line and without a license. Undelivered until its flag is settled; the note raises it. */
export function unreadSales(
  { facts, names, lines }: View,
  licenses: readonly LedgerLicense[],
  owed: readonly OwedLine[],
): readonly OwedLine[] {
  const known = new Set([...lines, ...licenses, ...owed].map(({ order }) => order));
  const subscriptions = new Set([...lines, ...licenses].map(({ subscription }) => subscription));
  const unread = new Map<string, OwedLine>();
  for (const { subject, body, at } of facts) {
    if (body.kind !== 'noted' || body.flag !== true || body.why !== 'undelivered') continue;
    const name = names.of(subject);
    const order = orderOf(name) ?? orderIdOf(name) ?? name;
    const isCharge = names.chargedTo(name).size > 0 || subscriptions.has(subscriptionOf(name) ?? '');
    if (isCharge || known.has(order) || unread.has(order)) continue;
    unread.set(order, { order, line: '', product: null, quantity: 1, missing: 1, since: at, due: null });
  }
  return [...unread.values()];
}
