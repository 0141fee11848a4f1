/** Notes whose flags are over. */
import type { OwedLine } from '../changes.ts';
import type { FactKind } from '../facts/fact.ts';
import type { Evaluated } from '../life/evaluate.ts';
import type { View } from '../view.ts';
import { answeredFailures } from './answered-failures.ts';
import { answeredRefusals } from './answered-refusals.ts';
import { notedFlagKey } from './wanted-flag.ts';

/** The keys of flags that notes ask for and whose cause is gone, each with what happened. */
export function settledNotes(
  view: View,
  evaluated: readonly Evaluated[],
  owed: readonly OwedLine[],
): ReadonlyMap<string, string> {
  return new Map([
    ...answeredFailures(view, evaluated, owed).map((key) => [key, 'the units were handed out'] as const),
    ...decidedDisputes(view).map((key) => [key, 'the dispute was decided'] as const),
    ...wholeReturns(view).map((key) => [key, 'all money of the charge came back'] as const),
    ...answeredRefusals(view, evaluated, owed).map((key) => [key, 'a later request was answered'] as const),
  ]);
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
