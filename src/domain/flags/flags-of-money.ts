/** Flags about partial refunds. */

import type { Fact, FactBody, Subject } from '../facts/fact.ts';
import type { Evaluated } from '../life/evaluate.ts';
import { chargedLine } from '../money/charged-lines.ts';
import type { ChargeMoney } from '../money/money.ts';
import { isLineReturned, takesUnits } from '../money/returned-lines.ts';
import type { SaleLine } from '../sales/sale-lines.ts';
import { decimalsOf, moneyText } from '../values/money-text.ts';
import { orderSubject, subscriptionOf } from '../values/order-subject.ts';
import type { View } from '../view.ts';
import { DELIVERED_WITHIN_MILLISECONDS, DOUBT, type WantedFlag } from './wanted-flag.ts';

/** Flags a partial refund that covers no whole charge, line or unit, because it revokes nothing. */
export function moneyFlags(view: View, evaluated: readonly Evaluated[]): WantedFlag[] {
  return [...view.money].flatMap(([charge, money]) => {
    if (money.fullAt !== undefined || payerUnheard(charge, view) !== undefined) return [];
    const known = knownOrder(charge, view, evaluated);
    if (known === undefined) return [];
    return money.parts.flatMap((fact) => {
      if (
        fact.body.kind !== 'repaid' ||
        fact.body.tax === true ||
        isAccounted(fact, charge, money, view, evaluated)
      )
        return [];
      const reason = `${amountOf(fact.body)}${totalOf(money, fact.body)} of order ${known.order} was returned: nothing was revoked`;
      return [
        { key: `part:${fact.key}`, kind: 'partial-refund' as const, reason, ...known, cause: fact.cause },
      ];
    });
  });
}

/**
 * Returned money of a charge that no event reports: what it had paid for may be known by a date alone, so the return may
 * have taken nothing. From an hour after the return, because the charge may be told later.
 */
export function unheardFlags(view: View, evaluated: readonly Evaluated[]): WantedFlag[] {
  return [...view.money].flatMap(([charge, { parts, lastAt, total, currency }]) => {
    const subscription = payerUnheard(charge, view);
    const license = evaluated.find((one) => one.subscription?.id === subscription)?.license;
    const back = parts.flatMap(({ body }) =>
      body.kind === 'repaid' && body.tax !== true ? [amountOf(body)] : [],
    );
    const cause = parts[0]?.cause;
    const known = knownOrder(charge, view, evaluated);
    if (subscription === undefined || license === undefined || known === undefined || back.length === 0)
      return [];
    const { order } = known;
    const of = total === undefined ? '' : ` of ${moneyText(total, currency)}`;
    const reason = `Order ${order} of subscription ${subscription}: ${back.join(' and ')}${of} was returned, and no event reports the charge, so see until when its licenses are paid`;
    const from = lastAt + DELIVERED_WITHIN_MILLISECONDS;
    const key = `${DOUBT}unheard:${subscription}:${order}`;
    const flag = { key, kind: 'unclear' as const, reason, ...known, from, license };
    return [{ ...flag, ...(cause !== undefined && { cause }) }];
  });
}

/** The subscription of a charge that a return alone names. */
function payerUnheard(charge: Subject, { names, factsOf, subscriptions }: View): string | undefined {
  if (!factsOf(charge).some(({ body }) => body.kind === 'alias' && body.unsold === true)) return undefined;
  const payers = [...names.chargedTo(charge)];
  const isTold = payers.some((id) =>
    subscriptions
      .get(id)
      ?.facts.some(
        ({ body }) => body.kind === 'paid' && body.charge !== undefined && names.of(body.charge) === charge,
      ),
  );
  return isTold ? undefined : payers[0];
}

type Repaid = Extract<FactBody, { kind: 'repaid' }>;

/** The refund was applied: it took a line, its period or units of it. */
function isAccounted(
  fact: Fact,
  charge: Subject,
  money: ChargeMoney,
  view: View,
  evaluated: readonly Evaluated[],
): boolean {
  const { lines, names } = view;
  const repaidLines = fact.body.kind === 'repaid' ? (fact.body.lines ?? []) : [];
  if (repaidLines.length === 0) return false;
  const ofCharge = lines.filter(({ order }) => names.of(orderSubject(order)) === charge);
  return repaidLines.every(({ line, subscription }) => {
    const sale = ofCharge.find(({ path }) => path === line);
    const ours = evaluated.filter((one) => (one.line?.path || one.license.line) === line);
    const charged = chargedLine(charge, line, subscription, view);
    if (isLineReturned(money, charged)) {
      if (sale?.product !== null) return sale !== undefined || ours.length > 0;
      // A bundle: nothing says which lines without a price were part of it.
      return !ofCharge.some(({ product, price }) => product !== null && price === 0);
    }
    if (sale === undefined || !takesUnits(fact, money, charged)) return false;
    const held = ours.filter((one) => one.line === sale);
    return held.length === 0 || held.some((one) => one.unitsBack > 0 || coversFewer(one, sale));
  });
}

/** The units that were stated later leave out some that were sold: the returned ones. */
function coversFewer({ coverage }: Evaluated, { units }: SaleLine): boolean {
  return coverage?.covered === false || (coverage?.units ?? units) < units;
}

/** Only known orders are flagged: the account may sell other programs too. */
export function knownOrder(
  charge: Subject,
  { lines, names, subscriptions }: View,
  evaluated: readonly Evaluated[],
): { order: string; product: string | null } | undefined {
  const own = lines.find(
    ({ order, product }) => product !== null && names.of(orderSubject(order)) === charge,
  );
  if (own !== undefined) return { order: own.order, product: own.product };
  const [subscription] = names.chargedTo(charge);
  if (subscription === undefined) return undefined;
  const of = evaluated.find((one) => one.subscription?.id === subscription);
  const product = of?.license.product ?? subscriptions.get(subscription)?.ownLines[0]?.product ?? null;
  if (product === null) return undefined;
  const name = charge.slice(charge.indexOf(':') + 1);
  return { order: subscriptionOf(charge) === undefined ? name : charge, product };
}

function amountOf({ amount, currency }: Repaid): string {
  return amount === null ? 'An unstated amount' : moneyText(amount, currency);
}

/** Names the charge's currency where the amount is in another one: the two cannot be compared. */
function totalOf({ total, currency }: ChargeMoney, repaid: Repaid): string {
  if (total === undefined) return '';
  const isOther = repaid.currency !== null && currency !== null && repaid.currency !== currency;
  if (isOther) return ` of ${moneyText(total, currency)} (another currency: they cannot be compared)`;
  return ` of ${total.toFixed(decimalsOf(currency ?? repaid.currency))}`;
}
