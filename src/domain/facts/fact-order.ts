/** The order of facts, which of two versions of a fact counts, and which subjects a fact joins. */
import { subscriptionSubject } from '../values/order-subject.ts';
import type { Fact, FactBody, FactKind, Subject } from './fact.ts';

/** The order of facts with equal times: of two opposing states the one with the higher rank wins. */
const RANK: Record<FactKind, number> = {
  alias: 0,
  linked: 0,
  mapped: 0,
  termed: 0,
  sold: 0,
  charged: 0,
  confirmed: 0,
  stored: 0,
  claimable: 0,
  moved: 0,
  noted: 0,
  learned: 0,
  handed: 0,
  announced: 1,
  resized: 1,
  covered: 1,
  dated: 1,
  asked: 1,
  overdue: 2,
  paused: 2,
  reviewed: 2,
  paid: 3,
  resumed: 4,
  recovered: 4,
  canceled: 5,
  uncanceled: 6,
  cleared: 6,
  deactivated: 7,
  disputed: 7,
  returned: 8,
  refunded: 8,
  repaid: 8,
  'return-undone': 9,
  voided: 8,
  'charged-back': 8,
  'dispute-won': 9,
  'dispute-lost': 9,
  'set-until': 10,
  'set-updates': 10,
  stopped: 10,
  withdrawn: 10,
  reinstated: 11,
};

/** Sorts by the marketplace's time, then rank, key and subject: a total order, whatever the order of arrival. */
export function byTime(a: Fact, b: Fact): number {
  return (
    a.at - b.at ||
    RANK[a.body.kind] - RANK[b.body.kind] ||
    compare(a.key, b.key) ||
    compare(a.subject, b.subject)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Whether `a` counts instead of `b`, two versions of one fact: the earlier, or at equal times the smaller
 * JSON text. A date sorts before null, so a charge keeps its date if one of the versions states it.
 */
export function countsBefore(a: Pick<Fact, 'at' | 'body'>, b: Pick<Fact, 'at' | 'body'>): boolean {
  if (a.at !== b.at) return a.at < b.at;
  return JSON.stringify(a.body) < JSON.stringify(b.body);
}

/** The subject that a fact joins with its own; null: none. */
export function refersTo(body: FactBody): Subject | null {
  if (body.kind === 'alias') return body.of;
  if (body.kind === 'linked') return subscriptionSubject(body.subscription);
  return body.kind === 'sold' && body.subscription !== undefined
    ? subscriptionSubject(body.subscription)
    : null;
}

/** The subjects of facts, and the subjects that they join with these. */
export function subjectsIn(facts: readonly Fact[]): Subject[] {
  return facts.flatMap(({ subject, body }) => {
    const other = refersTo(body);
    return other === null ? [subject] : [subject, other];
  });
}
