/** Sales whose money went back before they were delivered: nothing is owed of them. */
import type { Subject } from '../facts/fact.ts';
import { isTaken } from '../money/returned-lines.ts';
import type { Rules } from '../rules.ts';
import type { SaleLine } from '../sales/sale-lines.ts';
import { orderSubject } from '../values/order-subject.ts';
import type { View } from '../view.ts';

/** Whether all that paid for the line went back: its order, and each paid charge of its subscription. */
export function isMoneyBack(
  { order, product, path, quantity, price, trial, subscription }: SaleLine,
  { money, names, subscriptions }: Pick<View, 'money' | 'names' | 'subscriptions'>,
  { currentTerms }: Pick<Rules, 'currentTerms'>,
): boolean {
  const terms = product === null ? undefined : currentTerms(product)?.terms;
  const isBack = (charge: Subject) =>
    isTaken(money.get(names.of(charge)), terms ?? { refund: 'revoke' }, {
      line: path,
      quantity,
      price,
      trial,
    });
  if (!isBack(orderSubject(order))) return false;
  const facts = subscription === null ? [] : (subscriptions.get(subscription)?.facts ?? []);
  return facts.every(
    ({ body }) =>
      body.kind !== 'paid' || body.free === true || (body.charge !== undefined && isBack(body.charge)),
  );
}
