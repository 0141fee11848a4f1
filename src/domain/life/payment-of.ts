/** What a paid charge of a subscription pays for, as one license sees it. */
import type { Fact, Subject } from '../facts/fact.ts';
import type { ChangePaid } from '../subscriptions/change-payments.ts';
import { isBeyond } from '../subscriptions/charge-days.ts';
import { isForOthers } from '../subscriptions/paid-lines.ts';
import { type Day, dayOf } from '../values/day.ts';
import type { Life, LifeContext } from './life-state.ts';
import type { Payment } from './period.ts';

type Paid = Extract<Fact['body'], { kind: 'paid' }>;

export function paymentOf(
  periods: Life['periods'],
  body: Paid,
  { at, key }: Pick<Fact, 'at' | 'key'>,
  context: LifeContext,
): Payment {
  const { names, terms, beside } = context;
  const { part, until } = body;
  const isProration = part === 'proration';
  const isExtra = beside?.has(key) === true;
  const isOfOthers = isExtra && isForOthers(body, terms.id);
  const change = context.changesPaid?.get(key);
  const isBrought = (change?.at ?? at) === context.broughtAt;
  const isBeside =
    change?.adds === 'product' || (!isBrought && !isOfOthers && isOfSeats(body, change, terms));
  // Of an overdue subscription no period is left, so an add-on has a term of its own.
  const isWithin = isExtra && (until ?? periods.until ?? '') > dayOf(at);
  return {
    charge: body.charge === undefined ? '' : names.of(body.charge),
    at,
    until,
    free: body.free === true,
    beginsPeriod: !isProration && part !== 'extra' && !isOfOthers,
    isOwn: isBrought && !isBeside && (isProration || isWithin),
    isBeside,
    isForOthers: isOfOthers,
    atLeast: body.atLeast === true,
    byHand: body.byHand === true,
    isAhead: body.ahead === true,
  };
}

/** One code carries the seats of all units, so it stays while the period or added units are paid. */
function isOfSeats(
  body: Paid,
  change: ChangePaid | undefined,
  { id, quantity }: LifeContext['terms'],
): boolean {
  if (quantity !== 'seats' || body.part !== 'proration' || body.total === 0) return false;
  // A proration that names its lines, or is tied to a change, is for units.
  return change?.adds === 'units' || body.covers?.some(({ product }) => product === id) === true;
}

/** What pays for the period so far. The first order pays for it to the only day that was told; the charge of a later day may not have been told. */
export function payersOf(
  { payers, periods }: Pick<Life, 'payers' | 'periods'>,
  to: Day | null,
  first: Subject | undefined,
): readonly string[] {
  const { charge, until = null, movedOn } = periods.current ?? {};
  const isOfFirst = payers.length === 0 && charge === '' && movedOn === undefined;
  if (first === undefined || !isOfFirst || until === null) return payers;
  return isBeyond(to ?? until, until) ? [] : [first];
}
