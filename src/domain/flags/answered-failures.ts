/** Failed fulfillments that a rerun has made good, and refused requests that were answered later. */
import type { OwedLine } from '../changes.ts';
import type { Fact } from '../facts/fact.ts';
import { licenseSubject } from '../facts/license-subject.ts';
import type { Evaluated } from '../life/evaluate.ts';
import { orderOf, orderSubject } from '../values/order-subject.ts';
import type { View } from '../view.ts';
import { notedFlagKey } from './wanted-flag.ts';

/**
 * The keys of flags that a fulfillment failed, where all units of its line were handed out after it; of a rebill, where its
 * request was answered after it. What was answered before does not count: that answer may be the one that did not arrive.
 * And of flags that a request was refused, where one for the same product and order was answered after it: one that was answered in the same
 * millisecond may have come before.
 */
export function answeredFailures(
  view: View,
  evaluated: readonly Evaluated[],
  owed: readonly OwedLine[],
): ReadonlySet<string> {
  const { facts, names } = view;
  const refusals = facts.filter((note) => isRefusal(note) && isAskedAgain(note, view, evaluated));
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
    const isAnswered =
      units.length > 0
        ? units.every((unit) => isHandedAfter(unit, note.at, view))
        : answeredAsRebill(line.order, line.product, view) >= note.at;
    return isAnswered && !isMissing ? [notedFlagKey(note.key)] : [];
  });
  return new Set([...refusals.map(({ key }) => notedFlagKey(key)), ...keys]);
}

/** The key of the note that a request was refused. `product`: '' where no product file has the name. */
export function refusalKey(order: string, product: string, code: string): string {
  return `refused:${order}:${product}:${code}`;
}

/** Whether a fulfillment of the order failed, or a request for it was refused. */
export function hasFailed(order: string, { factsOf }: Pick<View, 'factsOf'>): boolean {
  return factsOf(orderSubject(order)).some(
    (fact) => isRefusal(fact) || (fact.body.kind === 'sold' && fact.body.failed === true),
  );
}

/** The key of the note that a request was answered which took its order for a charge. `at` in milliseconds since 1970-01-01. */
export function rebillKey(order: string, product: string, at: number | ''): string {
  return `answered:${order}:${product}:${at}`;
}

/** When a request was last answered that took its order for a charge, milliseconds since 1970-01-01; -1: never. */
export function answeredAsRebill(
  order: string,
  product: string | null,
  { factsOf }: Pick<View, 'factsOf'>,
): number {
  if (product === null) return -1;
  const times = factsOf(orderSubject(order)).flatMap(({ key, at }) =>
    key.startsWith(rebillKey(order, product, '')) ? [at] : [],
  );
  return Math.max(-1, ...times);
}

function isRefusal({ body }: Fact): boolean {
  return body.kind === 'noted' && body.why === 'refused';
}

function isAskedAgain(
  { subject, key, at: refusedAt }: Fact,
  view: Pick<View, 'names' | 'factsOf'>,
  evaluated: readonly Evaluated[],
): boolean {
  const order = orderOf(view.names.of(subject));
  const product = key.split(':').at(-2);
  if (order === undefined || product === undefined) return false;
  const own = evaluated.some(
    ({ license: { answer, ...license } }) =>
      license.order === order && license.product === product && answer !== null && answer.at > refusedAt,
  );
  return own || answeredAsRebill(order, product, view) > refusedAt;
}

function isHandedAfter({ license }: Evaluated, at: Fact['at'], { factsOf }: View): boolean {
  if (license.answer !== null && license.answer.at >= at) return true;
  return factsOf(licenseSubject(license.id)).some((fact) => fact.body.kind === 'handed' && fact.at >= at);
}
