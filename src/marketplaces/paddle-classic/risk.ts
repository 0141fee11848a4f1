/** Alerts of disputes and of reviews (high risk transactions). */
import type { FactBody } from '../../domain/facts/fact.ts';
import { type Alert, flagged, orderIn, type Told } from './alert.ts';

/** `payment_dispute_created`, for card payments; the order is the payment's own. */
export function disputed(alert: Alert): Told[] {
  return ofOrder(alert, { kind: 'disputed' });
}

/** `payment_dispute_closed`: contested and won. Paddle reports no lost dispute. */
export function won(alert: Alert): Told[] {
  return ofOrder(alert, { kind: 'dispute-won' });
}

/** `high_risk_transaction_created`: there is no order yet. */
export function reviewed(alert: Alert): Told[] {
  const subject = caseIn(alert);
  return subject === undefined ? [] : [{ subject, body: { kind: 'reviewed' } }];
}

/** `high_risk_transaction_updated`: the verdict, and the order of the review. */
export function verdict(alert: Alert): Told[] {
  const review = caseIn(alert);
  const order = orderIn(alert);
  const body = bodyOf(alert.field('status'));
  if (order === undefined) {
    // A rejected review can end without an order; an accepted review without its order cannot be cleared.
    const unclear = body.kind === 'cleared' ? flagged('a review accepts an order that is not named') : body;
    return review === undefined ? [] : [{ subject: review, body: unclear }];
  }
  const tie: Told[] = review === undefined ? [] : [{ subject: review, body: { kind: 'alias', of: order } }];
  return [...tie, { subject: order, body }];
}

function bodyOf(status: string | undefined): FactBody {
  if (status === 'accepted') return { kind: 'cleared' };
  // The order stays under review, also where no alert told that the review began.
  return status === 'rejected' ? { kind: 'reviewed' } : flagged('a review ended with an unknown verdict');
}

function ofOrder(alert: Alert, body: FactBody): Told[] {
  const subject = orderIn(alert);
  return subject === undefined ? [] : [{ subject, body }];
}

function caseIn({ field }: Alert): `case:${string}` | undefined {
  const id = field('case_id');
  return id === undefined ? undefined : `case:${id}`;
}
