/** Alerts of refunds: each concerns the one charge that it names, and nothing else of the order or subscription. */
import type { FactBody } from '../../domain/facts/fact.ts';
import { moneyText } from '../../domain/values/money-text.ts';
import { type Alert, flagged, orderIn, type Told } from './alert.ts';
import { tie } from './payments.ts';
import { amountIn, currencyIn, type Field } from './values.ts';

/** `payment_refunded`. */
export function refunded(alert: Alert): Told[] {
  const order = orderIn(alert);
  return order === undefined ? [] : [{ subject: order, body: repaid(alert.field) }];
}

/** `subscription_payment_refunded`: also says which charge of which subscription the order is. */
export function chargeRefunded(alert: Alert): Told[] {
  return [...tie(alert), ...refunded(alert)];
}

/**
 * `quantity` is the sold quantity, never the refunded one. Amounts count in the charge's own currency only: the
 * seller's balance uses the exchange rates of other days.
 */
function repaid(field: Field): FactBody {
  const type = field('refund_type');
  if (type === 'full') return { kind: 'refunded' };
  if (type !== 'partial' && type !== 'vat') {
    return flagged(`a refund of the type ${wordIn(type)}: nothing was revoked`);
  }
  const amount = amountIn(field('gross_refund'));
  if (amount === undefined) {
    return flagged(`a refund (${type}) without gross_refund${balanceOf(field)}: nothing was revoked`);
  }
  const currency = currencyIn(field('currency'));
  return { kind: 'repaid', amount, currency, ...(type === 'vat' && { tax: true as const }) };
}

function balanceOf(field: Field): string {
  const amount = amountIn(field('balance_gross_refund'));
  const currency = currencyIn(field('balance_currency'));
  return amount === undefined ? '' : `, of ${moneyText(amount, currency)} in the balance's currency`;
}

/** Only a plain word is repeated, since a flag shows it to people. */
function wordIn(text: string | undefined): string {
  return /^[a-z_]{1,20}$/.test(text ?? '') ? `"${text}"` : 'unknown';
}
