/** Alerts of a subscription's state, dates, plan and quantity. */
import type { FactBody } from '../../domain/facts/fact.ts';
import type { Day } from '../../domain/values/day.ts';
import { type Alert, flagged, note, subscriptionIn, type Told } from './alert.ts';
import { countIn, dayIn, timeIn } from './values.ts';

/** `subscription_created`: names no order; the alert of the first payment does. */
export function created(alert: Alert): Told[] {
  return toldOf(alert, [...knownStatus(alert), ...dated(alert), ...sized(alert, 'quantity')]);
}

/** `subscription_updated`: plan and quantity take effect at once; only the money can wait for the next bill. */
export function updated(alert: Alert): Told[] {
  const { field } = alert;
  const plan = field('subscription_plan_id');
  const isSameSize = field('new_quantity') === undefined && plan === field('old_subscription_plan_id');
  const size = isSameSize ? [] : sized(alert, 'new_quantity');
  return toldOf(alert, [...knownStatus(alert), ...stateOf(alert), ...dated(alert), ...size]);
}

/** `subscription_payment_failed`: the test sender says `active`; Paddle calls such a subscription past due. */
export function failed(alert: Alert): Told[] {
  const isActive = alert.field('status') === 'active';
  return toldOf(alert, [isActive ? note('a payment failed') : { kind: 'overdue' }]);
}

/** `subscription_cancelled`: no alert follows on the day itself. */
export function cancelled(alert: Alert): Told[] {
  const last = dayIn(alert.field('cancellation_effective_date'));
  return toldOf(alert, [
    last === undefined
      ? flagged('canceled without a readable cancellation_effective_date')
      : { kind: 'canceled', last },
  ]);
}

function toldOf(alert: Alert, bodies: readonly FactBody[]): Told[] {
  const subject = subscriptionIn(alert);
  return subject === undefined ? [] : bodies.map((body) => ({ subject, body }));
}

const STATUSES: readonly (string | undefined)[] = ['active', 'trialing', 'past_due', 'paused', 'deleted'];

function knownStatus({ field }: Alert): FactBody[] {
  return STATUSES.includes(field('status')) ? [] : [flagged('the subscription has an unknown status')];
}

/** The present access by status. A future pause has precedence: until then the customer keeps access. */
function stateOf(alert: Alert): FactBody[] {
  const { field } = alert;
  const last = dayIn(field('paused_from'));
  const pause: FactBody = { kind: 'paused', ...(last !== undefined && { last }) };
  const isAhead = last !== undefined && endOf(field('paused_from'), last) > alert.at;
  switch (field('status')) {
    case 'active':
      // Not both: a recovery in the same second would undo the pause.
      return isAhead ? [pause] : [{ kind: 'recovered' }];
    case 'trialing':
      return isAhead ? [pause] : [{ kind: 'resumed' }];
    case 'past_due':
      return [...pastDue(alert), ...(isAhead ? [pause] : [])];
    case 'paused':
      // After failed payments the period is not paid, whatever paused_from says.
      return field('paused_reason') === 'delinquent' ? [{ kind: 'overdue' }, { kind: 'paused' }] : [pause];
    case 'deleted':
      return [note('the subscription is deleted')];
    default:
      return isAhead ? [pause] : [];
  }
}

/** After a pause, this begins a recovery; the payment or `active` follows. It changes nothing by itself. */
function pastDue({ field }: Alert): FactBody[] {
  return [field('old_status') === 'paused' ? note('a charge is tried after a pause') : { kind: 'overdue' }];
}

/** Milliseconds since 1970-01-01; a day without a time counts to its end. */
function endOf(text: string | undefined, day: Day): number {
  return timeIn(text) ?? timeIn(`${day} 23:59:59`) ?? 0;
}

/** A date means access only while Paddle bills by it; in past due and paused it is the day of a retry, or nothing. */
function dated({ field }: Alert): FactBody[] {
  const until = dayIn(field('next_bill_date'));
  const status = field('status');
  if (until === undefined) return [];
  if (status === 'active') return [{ kind: 'dated', until, sequence: null, active: true }];
  return status === 'trialing' ? [{ kind: 'dated', until, sequence: null, trial: true }] : [];
}

/** Older pages send `new_quantity` only where quantity is enabled: without it the quantity is unchanged. */
function sized({ field, findProduct }: Alert, quantityField: 'quantity' | 'new_quantity'): FactBody[] {
  const line = field('subscription_plan_id');
  const text = field(quantityField);
  const quantity = countIn(text) ?? null;
  const fault =
    text !== undefined && quantity === null
      ? [flagged('the subscription has a quantity that is not a number of units', 'unmapped')]
      : [];
  if (line === undefined) {
    return quantity === null
      ? fault
      : [flagged(`the subscription is for ${quantity} of a plan that is not named`, 'unmapped')];
  }
  return [{ kind: 'resized', product: findProduct(line)?.id ?? null, quantity, line }, ...fault];
}
