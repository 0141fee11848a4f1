/** Compares a subscription, as a marketplace's API lists it now, with the licenses that follow it. */
import type { Fact, FactKind } from '../facts/fact.ts';
import type { Ledger } from '../ledger.ts';
import type { Day } from '../values/day.ts';
import type { Marketplace, Mode } from '../values/order.ts';
import { subscriptionSubject } from '../values/order-subject.ts';

/**
 * It says what is so now: no paid day, and nothing of the time before. `payload`: the event that would have told it; of a running
 * one absent where no event tells that alone.
 */
export type ListedSubscription = {
  readonly subscription: string;
  /** When it changed, milliseconds since 1970-01-01. */
  readonly at: number;
  /** A product file names what it is for. */
  readonly isSold: boolean;
  /** The day of the next charge. */
  readonly until?: Day;
} & (
  | { readonly standing: 'running'; readonly payload?: string }
  /** Canceled, or over. */
  | { readonly standing: 'ending' | 'ended'; readonly payload: string }
);

/** `feed`: its event is lacking. A note: a person has to look. */
export type Compared = 'there' | { readonly feed: string } | { readonly note: string };

export interface Comparing {
  readonly ledger: Pick<Ledger, 'find' | 'showOrder'>;
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  /** The last day of a code; null: it has none. */
  readonly lastValidOf: (code: string) => Day | null;
}

export async function compareSubscription(listed: ListedSubscription, around: Comparing): Promise<Compared> {
  const { subscription, standing, until, isSold } = listed;
  const { ledger, marketplace, mode, lastValidOf } = around;
  const isHere = (row: { readonly marketplace: Marketplace; readonly mode: Mode }) =>
    row.marketplace === marketplace && row.mode === mode;
  const licenses = (await ledger.find({ by: 'subscription', subscription })).filter(isHere);
  const facts = (await ledger.showOrder(subscriptionSubject(subscription))).facts.filter(isHere);
  const lists = `${marketplace} lists subscription ${subscription}`;
  if (licenses.length === 0) {
    if (facts.length > 0 || !isSold || standing === 'ended') return 'there';
    return { note: `${lists}, and no license follows it: look at it there, and issue what was sold` };
  }
  if (standing === 'ended') return latest(facts, ['deactivated']) < 0 ? { feed: listed.payload } : 'there';
  const isStopped = latest(facts, ['canceled', 'deactivated']) > latest(facts, ['uncanceled']);
  if (standing === 'ending') return isStopped ? 'there' : { feed: listed.payload };
  if (listed.payload !== undefined && isStopped) return { feed: listed.payload };
  const isServed = licenses.some(({ state, code }) => {
    const lastValid = lastValidOf(code);
    return state === 'active' && (lastValid === null || until === undefined || lastValid >= until);
  });
  if (isServed) return 'there';
  return {
    note: `${lists} as running${until === undefined ? '' : ` to ${until}`}, and no license of it is: look at its charges there`,
  };
}

/** When a fact of these kinds was last told; -1: never. */
function latest(facts: readonly Fact[], kinds: readonly FactKind[]): number {
  return Math.max(-1, ...facts.flatMap(({ body, at }) => (kinds.includes(body.kind) ? [at] : [])));
}
