/** Reads what of a sale's money went back or is disputed. The API states it without amounts and without times. */
import type { FactBody, Subject } from '../../domain/facts/fact.ts';
import { orderSubject } from '../../domain/values/order-subject.ts';
import { amountOf, type Loose } from '../loose.ts';
import { mainUnits } from '../minor-units.ts';
import { noted } from '../noted.ts';
import type { Told } from '../told.ts';
import { is } from './kept-sale.ts';
import type { Reading } from './told.ts';

const CURRENCY = 'USD';

/** Whatever the currency of the product, amounts are US cents. Undefined: not stated. */
export function priceOf({ price }: Loose): number | undefined {
  const cents = amountOf(price);
  return cents === undefined ? undefined : mainUnits(cents, CURRENCY);
}

/** The total of a charge, for facts that state one. */
export function totalOf(sale: Loose): { readonly total?: number; readonly currency?: string } {
  const total = priceOf(sale);
  return total === undefined ? {} : { total, currency: CURRENCY };
}

/** What a sale that nothing follows was sold for; a gift's receiver pays nothing. */
export function chargedFacts({ id, sale, soldAt: at }: Reading): Told[] {
  const total = priceOf(sale);
  if (total === undefined || is(sale, 'is_gift_receiver_purchase')) return [];
  const body = { kind: 'charged', total, currency: CURRENCY } as const;
  return [{ subject: orderSubject(id), key: `charged:${id}`, body, at }];
}

export function moneyFacts({ id, sale, soldAt, at }: Reading, subject: Subject = orderSubject(id)): Told[] {
  const fact = (name: string, body: FactBody, later = 0): Told => ({
    subject,
    key: `${name}:${id}`,
    body,
    at: Math.max(at, soldAt) + later,
  });
  const isWon = is(sale, 'dispute_won');
  const isDisputed = is(sale, 'disputed') || is(sale, 'chargedback') || isWon;
  const note = `part of the money of ${id} came back: how much is not told, and nothing was revoked`;
  return [
    ...(is(sale, 'refunded') ? [fact('refunded', { kind: 'refunded' })] : []),
    ...(!is(sale, 'refunded') && is(sale, 'partially_refunded')
      ? [fact('part', noted(note, 'partial-refund'))]
      : []),
    ...(isDisputed ? [fact('disputed', { kind: 'disputed' })] : []),
    ...(isWon ? [fact('won', { kind: 'dispute-won' }, 1)] : []),
  ];
}
