/**
 * Charges that are told by ids alone (FastSpring without webhook expansion). The first one after an edit, well before the day of the
 * next charge, is the proration of that edit: it begins no period, and one of 0 is no free period.
 */
import type { Fact, FactBody } from '../facts/fact.ts';
import type { Names } from '../facts/names.ts';
import { changesFirst } from './changes-first.ts';
import { KnownDates } from './known-dates.ts';

type Ware = Pick<Extract<FactBody, { kind: 'announced' }>, 'line' | 'quantity'>;
type Paid = Fact & { readonly body: Extract<FactBody, { kind: 'paid' }> };

/** `facts` in the order of their times. Without announced edits: the same list. */
export function withUntoldProrations(facts: readonly Fact[], names: Names): readonly Fact[] {
  if (!facts.some(({ body }) => body.kind === 'announced')) return facts;
  const bySubject = Map.groupBy(facts, ({ subject }) => names.of(subject));
  const prorations = new Set([...bySubject.values()].flatMap(prorationsIn));
  return facts.map((fact) => (isUntold(fact) && prorations.has(fact) ? asProration(fact) : fact));
}

function prorationsIn(own: readonly Fact[]): readonly Fact[] {
  if (!own.some(isUntold)) return [];
  const dates = new KnownDates();
  let latest: Ware | undefined;
  let charged: Ware | undefined;
  return changesFirst(own).filter((fact) => {
    const { body, at } = fact;
    if (body.kind === 'announced') {
      latest = body;
      charged ??= body;
    }
    const isOfEdit = isUntold(fact) && !isSame(charged, latest) && dates.isWithinPeriod(at);
    if (body.kind === 'paid' && body.part !== 'extra') charged = latest;
    dates.read(fact);
    return isOfEdit;
  });
}

function isSame(a: Ware | undefined, b: Ware | undefined): boolean {
  return a?.line === b?.line && a?.quantity === b?.quantity;
}

/** Neither its kind, nor its lines, nor the day of the next charge. */
function isUntold(fact: Fact): fact is Paid {
  const { body } = fact;
  return body.kind === 'paid' && body.part === undefined && body.covers === undefined && body.until === null;
}

function asProration(fact: Paid): Fact {
  const { free: _, ...body } = fact.body;
  return { ...fact, body: { ...body, part: 'proration' } };
}
