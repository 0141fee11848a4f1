/** Which facts of a license count once an operator reinstated it. */
import type { Fact, FactKind } from './fact.ts';

/** Facts that an operator's word undoes: whatever was told against the license before it. */
const ADVERSE: ReadonlySet<FactKind> = new Set([
  'overdue',
  'paused',
  'canceled',
  'deactivated',
  'refunded',
  'repaid',
  'returned',
  'charged-back',
  'disputed',
  'dispute-lost',
  'voided',
  'reviewed',
  'stopped',
  'withdrawn',
  'confirmed',
]);

/** The facts that count: what was told against a license counts no more once an operator reinstated it. */
export function countingFacts(facts: readonly Fact[]): readonly Fact[] {
  const reinstatedAt = Math.max(...facts.map(({ body, at }) => (body.kind === 'reinstated' ? at : -1)), -1);
  if (reinstatedAt < 0) return facts;
  return facts.filter(({ body, at }) => at > reinstatedAt || !ADVERSE.has(body.kind));
}
