/** Decides which facts of a license count after an operator reinstated it. */
import type { LedgerLicense } from '../changes.ts';
import type { Fact, FactKind, Subject } from '../facts/fact.ts';
import { type ChargeMoney, readMoney } from '../money/money.ts';
import { unitsReturned } from '../money/returned-lines.ts';
import type { SaleLine } from '../sales/sale-lines.ts';
import type { Terms } from '../values/terms.ts';
import type { View } from '../view.ts';

/** Adverse facts, which a later reinstatement undoes. */
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

/** What holds a license also where its end is a fallback (outcome.ts), and the ends. */
const HOLDS: ReadonlySet<FactKind> = new Set(['stopped', 'reviewed', 'disputed', 'charged-back']);
const ENDS: ReadonlySet<FactKind> = new Set(['canceled', 'deactivated']);

/**
 * The facts that count: adverse facts before the latest reinstatement do not. With `ended: fallback` one that lifts a hold leaves
 * the end, which made the license good for ever; a second one undoes the end.
 */
export function countingFacts(facts: readonly Fact[], ended: Terms['ended'] = 'expire'): readonly Fact[] {
  const times = facts
    .flatMap(({ body, at }) => (body.kind === 'reinstated' ? [at] : []))
    .sort((a, b) => b - a);
  const [reinstatedAt, before = -1] = times;
  if (reinstatedAt === undefined) return facts;
  const isLifted = facts.some(({ body, at }) => HOLDS.has(body.kind) && at > before && at <= reinstatedAt);
  const leavesEnd = ended === 'fallback' && isLifted;
  return facts.filter(
    ({ body, at }) => at > reinstatedAt || !ADVERSE.has(body.kind) || (leavesEnd && ENDS.has(body.kind)),
  );
}

/**
 * The returned money of each charge, without returns that the reinstatement undid. A return that had revoked
 * nothing by then still adds up with later returns.
 */
export function countingMoney(
  counting: readonly Fact[],
  reinstatedAt: number,
  { view, line, licenses }: { view: View; line: SaleLine | undefined; licenses: readonly LedgerLicense[] },
): (charge: Subject) => ChargeMoney | undefined {
  const charges = view.facts.filter(isCharge);
  const since = readMoney([...charges, ...counting], view.names, licenses);
  const until = view.facts.filter(({ at }) => at <= reinstatedAt);
  const before = readMoney([...charges, ...until], view.names, licenses);
  return (charge) => (hasTaken(before.get(charge), line) ? since : view.money).get(charge);
}

function hasTaken(money: ChargeMoney | undefined, line: SaleLine | undefined): boolean {
  if (money?.fullAt !== undefined) return true;
  const { path = '', price, per, units: quantity = 1 } = line ?? {};
  return unitsReturned(money, { line: path, quantity, price, per }) > 0;
}

function isCharge({ body }: Fact): boolean {
  return body.kind === 'charged' || body.kind === 'confirmed' || body.kind === 'paid';
}
