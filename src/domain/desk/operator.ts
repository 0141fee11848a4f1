/** What all of an operator's decisions share: who and why, and when they count. */
import type { Fact, FactBody, Subject } from '../fact.ts';
import type { Ledger } from '../ledger.ts';
import type { Marketplace, Mode } from '../order.ts';
import type { Rules } from '../rules.ts';

/** What a decision is made with. */
export interface Desk {
  readonly ledger: Ledger;
  readonly rules: Pick<Rules, 'minter' | 'currentTerms'>;
}

/** Who decided and why. Both stay in the history for good, so neither may hold personal data. */
export interface Grounds {
  readonly actor: string;
  readonly reason: string;
}

/** Characters of actor and reason together. */
export const LONGEST_GROUNDS = 200;

/** False for a reason or an actor that is empty, or for a text too long for the history. */
export function isFit({ actor, reason }: Grounds): boolean {
  return actor.trim() !== '' && reason.trim() !== '' && `${actor}${reason}`.length <= LONGEST_GROUNDS;
}

/** The cause of a decision, as the history shows it: `suspend by operator: ticket 17`. */
export function causeOf(act: string, { actor, reason }: Grounds): string {
  return `${act} by ${actor}: ${reason}`;
}

/** An order in its marketplace and mode. */
export interface OrderName {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly order: string;
}

/** A fact that an operator adds. `act` and time are part of its key, so a decision that is repeated counts again. */
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
 * When a decision on an order counts: now, or just after the newest that is known of it where a marketplace's clock is
 * ahead of ours; else the decision would be taken before what it answers. Milliseconds since 1970-01-01.
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
