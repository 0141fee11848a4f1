/** Notes whose flags are over. */
import { answeredFailures } from './answered-failures.ts';
import type { OwedLine } from './changes.ts';
import type { Evaluated } from './evaluate.ts';
import type { View } from './view.ts';
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
    ...wholeReturns(view).map((key) => [key, 'all money of the charge came back'] as const),
  ]);
}

/** Of notes that a part of a charge came back, where all of it has by now. */
function wholeReturns({ facts, money, names }: View): readonly string[] {
  return facts.flatMap(({ subject, body, key }) => {
    if (body.kind !== 'noted' || body.why !== 'partial-refund') return [];
    const fullAt = money.get(names.of(body.charge ?? subject))?.fullAt;
    return fullAt === undefined ? [] : [notedFlagKey(key)];
  });
}
