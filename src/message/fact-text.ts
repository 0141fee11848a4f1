/** Facts in words, for the history of an order. */
import type { CoveredLine, FactBody } from '../domain/facts/fact.ts';
import { counted } from '../domain/values/counted.ts';
import { moneyText } from '../domain/values/money-text.ts';

/** A fact in a few words. */
export function factText(body: FactBody): string {
  switch (body.kind) {
    case 'sold':
      if (body.awaits !== undefined) return 'sold: the lines are fetched later';
      return [
        `sold: ${body.quantity} of ${productText(body.product, body.line)}`,
        body.subscription !== undefined && `subscription ${body.subscription}`,
        body.trial && 'a trial',
        body.failed && "the marketplace's license fulfillment failed",
      ]
        .filter(Boolean)
        .join(', ');
    case 'charged':
      return `charged: ${moneyText(body.total, body.currency)}`;
    case 'confirmed':
      return `paid: ${counted(body.quantity, 'unit')}${body.total === undefined ? '' : `, ${moneyText(body.total, body.currency)}`}`;
    case 'stored':
      return `the marketplace stored ${counted(body.licenses.length, 'code')}`;
    case 'linked':
      return `follows subscription ${body.subscription}`;
    case 'alias':
      return `${body.unsold ? 'is a charge, unless it is the sale, of' : 'is another name of'} ${subjectText(body.of)}`;
    case 'paid':
      return [
        `${body.free ? 'nothing to pay' : 'paid'}${body.part === undefined ? '' : ` (${body.part})`}`,
        body.total !== undefined && moneyText(body.total, body.currency),
        body.until !== null && `next charge ${body.until}`,
        body.covers !== undefined && `for ${body.covers.map(coverText).join(', ')}`,
      ]
        .filter(Boolean)
        .join(', ');
    case 'asked':
      return `a license was asked for under order ${body.order}: ${body.quantity} of ${body.product}`;
    case 'dated':
      return `${body.trial ? 'the trial ends' : 'next charge'} ${body.until}`;
    case 'resized':
      return `is now for ${body.quantity ?? 'as many'} of ${productText(body.product, body.line)}`;
    case 'covered':
      return `is now for ${body.lines.map(coverText).join(', ')}`;
    case 'announced':
      return `will be for ${body.quantity} of ${productText(body.product, body.line)}`;
    case 'paused':
      return body.last === undefined ? 'paused' : `paused after ${body.last}`;
    case 'canceled':
      return `canceled, paid to ${body.last}`;
    case 'deactivated':
      return `ended on ${body.on}`;
    case 'repaid':
      return `${body.tax ? 'tax went back' : 'money went back'}: ${body.amount === null ? 'amount unknown' : moneyText(body.amount, body.currency)}${body.total === undefined ? '' : ` of ${moneyText(body.total, body.currency)}`}`;
    case 'return-undone':
      return 'a return came to nothing: the money stayed';
    case 'returned':
      return `${counted(body.quantity, 'unit')} returned`;
    case 'voided':
      return body.test ? 'was a test order' : 'the order was not completed';
    case 'learned':
      return `a code of revision ${body.revision} was seen outside`;
    case 'handed':
      if (body.by === 'page')
        return `the page after the checkout showed the code of revision ${body.revision}`;
      return `you: mailed the code of revision ${body.revision}`;
    case 'set-until':
      return `you: valid to ${body.until}`;
    case 'set-updates':
      return `you: versions of up to ${body.until}`;
    case 'termed':
      return `you: moved to the terms of today's ${body.product}.md`;
    case 'mapped':
      return `you: ${body.line} is ${body.product}`;
    case 'moved':
      return `goes on from subscription ${body.subscription} of ${body.from}`;
    case 'claimable':
      return `the page after the checkout finds ${body.order}`;
    case 'noted':
      return body.note;
    default:
      return WORDS[body.kind];
  }
}

type Plain = Extract<
  FactBody['kind'],
  | 'overdue'
  | 'recovered'
  | 'resumed'
  | 'uncanceled'
  | 'refunded'
  | 'charged-back'
  | 'disputed'
  | 'dispute-won'
  | 'dispute-lost'
  | 'reviewed'
  | 'cleared'
  | 'stopped'
  | 'reinstated'
  | 'withdrawn'
>;

/** Facts that have a kind and nothing else. */
const WORDS: Readonly<Record<Plain, string>> = {
  overdue: 'a payment is overdue',
  recovered: 'active: no payment is overdue',
  resumed: 'resumed',
  uncanceled: 'the cancellation was withdrawn',
  refunded: 'all money went back',
  'charged-back': 'the bank took the money back',
  disputed: 'a dispute was opened',
  'dispute-won': 'the dispute was won',
  'dispute-lost': 'the dispute was lost',
  reviewed: 'under review',
  cleared: 'the review accepted it',
  stopped: 'you: suspended',
  reinstated: 'you: reinstated',
  withdrawn: 'you: revoked',
};

/** `order A`, `order id X`, `subscription S`. */
function subjectText(subject: string): string {
  const [kind = '', ...name] = subject.split(':');
  return `${kind.replace('-', ' ')} ${name.join(':')}`;
}

function productText(product: string | null, line: string | undefined): string {
  if (product === null) return `${line ?? 'something'} (no product file)`;
  return line === undefined || line === '' || line === product ? product : `${product} (${line})`;
}

function coverText({ line, product, quantity }: CoveredLine): string {
  return `${quantity} of ${productText(product, line)}`;
}
