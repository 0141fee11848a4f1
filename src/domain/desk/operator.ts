/** Shared by all decisions of an operator: who decided, why, and when the decision counts. */
import type { Market } from '../changes.ts';
import type { Fact, FactBody, Subject } from '../facts/fact.ts';
import type { Ledger } from '../ledger.ts';
import type { Rules } from '../rules.ts';
import type { OrderName } from '../values/order.ts';

/** The dependencies of a decision. */
export interface Desk {
  readonly ledger: Ledger;
  readonly rules: Pick<Rules, 'minter' | 'currentTerms'>;
}

/** Who decided and why. Both stay in the history for good and must not contain personal data. */
export interface Grounds {
  readonly actor: string;
  readonly reason: string;
}

/** The longest actor and reason together, in characters. */
export const LONGEST_GROUNDS = 200;

/** False: actor or reason is empty, or both are too long for the history. */
export function isFit({ actor, reason }: Grounds): boolean {
  return actor.trim() !== '' && reason.trim() !== '' && `${actor}${reason}`.length <= LONGEST_GROUNDS;
}

/** The cause of a decision in the history: `suspend by operator: ticket 17`. */
export function causeOf(act: string, { actor, reason }: Grounds): string {
  return `${act} by ${actor}: ${reason}`;
}

/** Whether a row is of this market. */
export function isInMarket(row: Market, { marketplace, mode }: Market): boolean {
  return row.marketplace === marketplace && row.mode === mode;
}

/** Whether a row is of this order in its market. */
export function isOfOrder(row: OrderName, name: OrderName): boolean {
  return row.order === name.order && isInMarket(row, name);
}

/** Makes an operator's fact. `act` and time are part of its key, so a repeated decision counts again. */
export function operatorFact(
  { marketplace, mode }: OrderName,
  subject: Subject,
  body: FactBody,
  { act, at, grounds }: { readonly act: string; readonly at: number; readonly grounds: Grounds },
): Fact {
  const key = `operator:${act}:${subject}:${at}`;
  return { marketplace, mode, subject, key, at, cause: causeOf(act, grounds), body };
}

/**
 * When a decision counts, milliseconds since 1970-01-01: now, or just after the newest fact of the order if a
 * marketplace's clock is ahead; otherwise the decision would come before the facts that it answers.
 */
export async function decisionTime(
  ledger: Pick<Ledger, 'showOrder'>,
  { marketplace, mode, order }: OrderName,
  now: number,
): Promise<number> {
  const { facts, licenses } = await ledger.showOrder(order);
  const isIts = (of: Pick<OrderName, 'marketplace' | 'mode'>) =>
    of.marketplace === marketplace && of.mode === mode;
  const factTimes = facts.filter(isIts).map(({ at }) => at);
  const changeTimes = licenses.filter(isIts).flatMap(({ history }) => history.map(({ at }) => at));
  return [...factTimes, ...changeTimes].reduce((latest, at) => Math.max(latest, at + 1), now);
}
