/** Notes whose flags are over. */

import type { OwedLine } from '../changes.ts';
import type { FactKind } from '../facts/fact.ts';
import type { Evaluated } from '../life/evaluate.ts';
import { orderOf } from '../values/order-subject.ts';
import type { View } from '../view.ts';
import { answeredFailures } from './answered-failures.ts';
import { notedFlagKey } from './wanted-flag.ts';

/** The keys of flags that notes ask for and whose cause is gone, each with what happened. */
export function settledNotes(
  view: View,
  evaluated: readonly Evaluated[],
  owed: readonly OwedLine[],
): ReadonlyMap<string, string> {
  const answered = [...answeredFailures(view, evaluated, owed)];
  return new Map([
    ...answered.map((key) => [key, 'the units were handed out'] as const),
    ...decidedDisputes(view).map((key) => [key, 'the dispute was decided'] as const),
    ...wholeReturns(view).map((key) => [key, 'all money of the charge came back'] as const),
    ...answeredRefusals(view, evaluated, owed).map(
      (key) => [key, 'all of the order was handed out'] as const,
    ),
  ]);
}

/** Of refused requests of an order, whatever product they named, if a later one was answered and all stated units were handed out. */
function answeredRefusals(
  { facts, lines, names }: View,
  evaluated: readonly Evaluated[],
  owed: readonly OwedLine[],
): readonly string[] {
  return facts.flatMap(({ subject, body, key, at }) => {
    if (body.kind !== 'noted' || body.why !== 'refused') return [];
    const order = orderOf(names.of(subject));
    const stated = lines.filter((line) => line.order === order && line.quantity !== undefined);
    const isOwed = owed.some((line) => line.order === order && line.missing > 0);
    const units = evaluated.filter(({ line }) => line !== undefined && stated.includes(line));
    const isDone = units.every(({ license }) => license.handed !== null);
    const isLater = units.some(({ license: { answer } }) => answer !== null && answer.at > at);
    return isLater && isDone && !isOwed ? [notedFlagKey(key)] : [];
  });
}

const DECIDED: ReadonlySet<FactKind> = new Set(['dispute-won', 'dispute-lost', 'charged-back']);

/** Of disputes that are told with a note, such as a bank's warning, and were decided since. */
function decidedDisputes({ facts, factsOf, money, names }: View): readonly string[] {
  return facts.flatMap(({ subject, body, key, cause, at }) => {
    if (body.kind !== 'noted' || body.why !== 'unclear') return [];
    const own = factsOf(subject);
    if (!own.some((fact) => fact.body.kind === 'disputed' && fact.cause === cause)) return [];
    const isBack = money.get(names.of(subject))?.fullAt !== undefined;
    const isDecided = own.some((fact) => DECIDED.has(fact.body.kind) && fact.at >= at);
    return isBack || isDecided ? [notedFlagKey(key)] : [];
  });
}

/** Of notes that a part of a charge came back, where all of it has by now. */
function wholeReturns({ facts, money, names }: View): readonly string[] {
  return facts.flatMap(({ subject, body, key }) => {
    if (body.kind !== 'noted' || body.why !== 'partial-refund') return [];
    const fullAt = money.get(names.of(body.charge ?? subject))?.fullAt;
    return fullAt === undefined ? [] : [notedFlagKey(key)];
  });
}
