/** Reads adjustments into facts: refunds once they are approved, and disputes. An adjustment is of one charge. */
import type { FactBody } from '../../domain/facts/fact.ts';
import type { RepaidLine } from '../../domain/facts/repaid-line.ts';
import { orderSubject } from '../../domain/values/order-subject.ts';
import { type Loose, listOf, recordOf, textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import { demand, type Told } from '../told.ts';
import type { Reading } from './told.ts';
import { moneyIn } from './values.ts';

export function adjustmentFacts({ data, at }: Reading): Told[] {
  const id = demand(textOf(data['id']), 'data.id');
  const charge = demand(textOf(data['transaction_id']), 'data.transaction_id');
  const action = textOf(data['action']) ?? 'none';
  const status = textOf(data['status']) ?? 'none';
  const subject = orderSubject(charge);
  return bodiesOf(action, status, id, data).map((body) => ({
    subject,
    key: `${action}:${id}:${status}:${body.kind}${status === 'reversed' ? `:${at}` : ''}`,
    body,
  }));
}

function bodiesOf(action: string, status: string, id: string, data: Loose): readonly FactBody[] {
  if (status === 'pending_approval' || status === 'rejected') return [noted(`a ${action} is ${status}`)];
  if (status !== 'approved' && status !== 'reversed') {
    return [noted(`a ${action} has a status that is not known: ${status}`, 'unclear')];
  }
  const isReversed = status === 'reversed';
  switch (action) {
    case 'refund':
      return isReversed ? [{ kind: 'return-undone', name: id }] : refundOf(id, data);
    case 'chargeback':
      return isReversed ? DISPUTE_WON : chargebackOf(data);
    case 'chargeback_reverse':
      return isReversed ? [noted('a chargeback_reverse was reversed', 'unclear')] : DISPUTE_WON;
    case 'chargeback_warning':
      return isReversed ? [{ kind: 'dispute-won' }] : WARNED;
    case 'chargeback_warning_reverse':
      return [{ kind: 'dispute-won' }];
    // The buyer owes less: no money went back.
    case 'credit':
    case 'credit_reverse':
      return [noted(`a ${action} of the charge`)];
    default:
      return [noted(`an adjustment has an action that is not known: ${action}`, 'unclear')];
  }
}

/** All chargebacks of one charge are reversed together, because a reversal does not name its chargeback. */
const CHARGEBACK = 'chargeback';

const DISPUTE_WON: readonly FactBody[] = [
  { kind: 'dispute-won' },
  { kind: 'return-undone', name: CHARGEBACK },
];

/** A warning may stay without an answer for good, so a person has to see it. */
const WARNED: readonly FactBody[] = [
  { kind: 'disputed' },
  noted('the bank warns of a chargeback: the license is suspended until you or Paddle decide', 'unclear'),
];

function refundOf(name: string, data: Loose): readonly FactBody[] {
  return isWhole(data) ? [{ kind: 'refunded', name }] : partOf(name, data);
}

function chargebackOf(data: Loose): readonly FactBody[] {
  return isWhole(data) ? [{ kind: 'charged-back' }] : partOf(CHARGEBACK, data);
}

/** Without `type` (2024), the items of all adjustments of the charge have to be all of its items. */
function isWhole(data: Loose): boolean {
  return textOf(data['type']) === 'full';
}

/** What changes of the subscription give back is no refund. */
const NO_REFUND = 'proration';
const TAX = 'tax';

function partOf(name: string, data: Loose): readonly FactBody[] {
  const currency = textOf(data['currency_code']);
  const all = listOf(data['items']);
  const items = all.filter((item) => textOf(item['type']) !== NO_REFUND);
  if (all.length > 0 && items.length === 0) return [noted('money of a change of the subscription went back')];
  const sums = items.map((item) => moneyIn(item['amount'], currency));
  const total = moneyIn(recordOf(data['totals'])['total'], currency);
  const isStated = items.length > 0 && sums.every((sum) => sum !== undefined);
  const amount = isStated ? sums.reduce<number>((all, sum) => all + (sum ?? 0), 0) : (total ?? null);
  const isTax = items.length > 0 && items.every((item) => textOf(item['type']) === TAX);
  const lines = items.flatMap((item): RepaidLine[] => {
    const line = textOf(item['item_id']);
    if (line === undefined || textOf(item['type']) === TAX) return [];
    const net = moneyIn(recordOf(item['totals'])['subtotal'], currency) ?? null;
    // No adjustment says how many units it is about.
    return [{ line, amount: net, quantity: 0, full: textOf(item['type']) === 'full' }];
  });
  return [
    {
      kind: 'repaid',
      amount,
      currency: currency ?? null,
      name,
      ...(isTax && { tax: true }),
      ...(lines.length > 0 && { lines }),
    },
  ];
}
