/** Failed fulfillments that a rerun has made good. */
import type { OwedLine } from '../changes.ts';
import type { Fact } from '../facts/fact.ts';
import { licenseSubject } from '../facts/license-subject.ts';
import type { Evaluated } from '../life/evaluate.ts';
import { orderOf, orderSubject } from '../values/order-subject.ts';
import type { View } from '../view.ts';
import { answeredAsRebill } from './answered-rebills.ts';
import { isRefusal } from './answered-refusals.ts';
import { notedFlagKey } from './wanted-flag.ts';

/**
 * The keys of flags that a fulfillment failed, where all units of its line were handed out after it; of a rebill, where its
 * request was answered after it. What was answered before does not count: that answer may be the one that did not arrive.
 */
export function answeredFailures(
  view: View,
  evaluated: readonly Evaluated[],
  owed: readonly OwedLine[],
): readonly string[] {
  const { facts, names } = view;
  const failures = facts.filter(({ body }) => body.kind === 'sold' && body.failed === true);
  return facts.flatMap((note) => {
    if (note.body.kind !== 'noted' || note.body.why !== 'undelivered') return [];
    const failed = failures.find(({ subject, cause }) => subject === note.subject && cause === note.cause);
    const order = orderOf(names.of(note.subject));
    if (failed?.body.kind !== 'sold') return [];
    const path = failed.body.line ?? '';
    const line = view.lines.find((each) => each.order === order && each.path === path);
    if (line === undefined) return [];
    const isMissing = owed.some(
      (each) => each.order === line.order && each.line === line.line && each.missing > 0,
    );
    const units = evaluated.filter((each) => each.line === line);
    const isAnswered =
      units.length > 0
        ? units.every((unit) => isHandedAfter(unit, note.at, view))
        : answeredAsRebill(line.order, line.product, view) >= note.at;
    return isAnswered && !isMissing ? [notedFlagKey(note.key)] : [];
  });
}

/** Whether a fulfillment of the order failed, or a request for it was refused. */
export function hasFailed(order: string, { factsOf }: Pick<View, 'factsOf'>): boolean {
  return factsOf(orderSubject(order)).some(
    (fact) => isRefusal(fact) || (fact.body.kind === 'sold' && fact.body.failed === true),
  );
}

function isHandedAfter({ license }: Evaluated, at: Fact['at'], { factsOf }: View): boolean {
  if (license.answer !== null && license.answer.at >= at) return true;
  return factsOf(licenseSubject(license.id)).some((fact) => fact.body.kind === 'handed' && fact.at >= at);
}
