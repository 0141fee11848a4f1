/** Failed fulfillments that a rerun has made good. */
import type { OwedLine } from './changes.ts';
import type { Evaluated } from './evaluate.ts';
import type { Fact } from './fact.ts';
import { licenseSubject } from './license-subject.ts';
import { orderOf } from './order-subject.ts';
import type { View } from './view.ts';
import { notedFlagKey } from './wanted-flag.ts';

/**
 * The keys of flags that a fulfillment failed, where all units of its line were handed out after it. A unit that was answered
 * before does not count: that answer may be the one that did not arrive.
 */
export function answeredFailures(
  view: View,
  evaluated: readonly Evaluated[],
  owed: readonly OwedLine[],
): ReadonlySet<string> {
  const { facts, names } = view;
  const failures = facts.filter(({ body }) => body.kind === 'sold' && body.failed === true);
  const keys = facts.flatMap((note) => {
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
    const isAnswered = units.length > 0 && units.every((unit) => isHandedAfter(unit, note.at, view));
    return isAnswered && !isMissing ? [notedFlagKey(note.key)] : [];
  });
  return new Set(keys);
}

function isHandedAfter({ license }: Evaluated, at: Fact['at'], { factsOf }: View): boolean {
  if (license.answer !== null && license.answer.at >= at) return true;
  return factsOf(licenseSubject(license.id)).some((fact) => fact.body.kind === 'handed' && fact.at >= at);
}
