/** FastSpring's returns: what of an order, or of a rebill of its subscription, was paid back. */
import type { FactBody, Subject } from '../../domain/fact.ts';
import { orderSubject, type Reading, type Told } from './events.ts';
import { idOf, isRecord, type Loose, listOf, numberOf, textOf } from './loose.ts';

/** Half of the smallest coin: amounts are decimal fractions in floating point. */
const HALF_A_CENT = 0.005;

/**
 * Full: everything goes. Partial: the units returned. Real partial returns carry quantity 0, so amounts decide, and
 * what is not clear is kept, flagged and shown: a customer with a dead code is worse.
 */
export function returnFacts({ data, findProduct }: Reading): Told[] {
  const original = isRecord(data['original']) ? data['original'] : {};
  const items = listOf(data['items']);
  const id = textOf(data['return']) ?? textOf(data['id']) ?? textOf(data['reference']) ?? '';
  const subjects = subjectsOf(original, items);
  const tell = (key: string, body: FactBody): Told[] =>
    subjects.map((subject) => ({ subject, key: `return:${id}:${key}`, body }));

  const kind = textOf(data['type'])?.toUpperCase();
  if (kind === 'CHARGEBACK' || kind === 'ALERT') return tell('chargeback', { kind: 'charged-back' });
  if (isFull(data, original)) return tell('full', { kind: 'refunded' });
  return items.flatMap((item, place) => {
    const quantity = numberOf(item['quantity']) ?? 0;
    const product = findProduct(idOf(item['product']) ?? '');
    const partly = /partial/i.test(textOf(item['refundType']) ?? '');
    if (quantity >= 1 && product !== undefined && !partly) {
      return tell(`${place}`, { kind: 'returned', product: product.id, quantity: Math.trunc(quantity) });
    }
    const note = `partial return of ${numberOf(data['totalReturn']) ?? 'an unknown amount'}: not clear of which units, nothing was revoked`;
    return tell(`${place}`, { kind: 'noted', note, flag: true });
  });
}

function isFull(data: Loose, original: Loose): boolean {
  const back = numberOf(data['totalReturn']);
  const paid = numberOf(original['total']);
  if (back === undefined || paid === undefined || paid <= 0) return false;
  return back >= paid - HALF_A_CENT;
}

/** By reference, by internal id (a rebill is known by that alone) and by the subscriptions named. */
function subjectsOf(original: Loose, items: readonly Loose[]): Subject[] {
  const id = idOf(original);
  const named = Array.isArray(original['subscriptions']) ? original['subscriptions'] : [];
  const subscriptions = [...named, ...items.map((item) => item['subscription'])].map(idOf);
  return [
    ...new Set<Subject>([
      orderSubject(original),
      ...(id === undefined ? [] : [`order-id:${id}` as const]),
      ...subscriptions.flatMap((name) => (name === undefined ? [] : [`subscription:${name}` as const])),
    ]),
  ];
}
