/** Refused license requests that a later one has made good. */
import type { OwedLine } from '../changes.ts';
import type { Fact } from '../facts/fact.ts';
import type { Evaluated } from '../life/evaluate.ts';
import { orderOf } from '../values/order-subject.ts';
import type { View } from '../view.ts';
import { answeredAsRebill } from './answered-rebills.ts';
import { notedFlagKey } from './wanted-flag.ts';

/** The key of the note that a request was refused. `product`: '' where no product file has the name. */
export function refusalKey(order: string, product: string, code: string): string {
  return `refused:${order}:${product}:${code}`;
}

export function isRefusal({ body }: Fact): boolean {
  return body.kind === 'noted' && body.why === 'refused';
}

/**
 * The keys of flags that a request was refused, where a later one of its order was answered: one for the same product, or one after which
 * all that is stated of the order was handed out. A request that was answered in the same millisecond may have come before.
 */
export function answeredRefusals(
  view: Pick<View, 'facts' | 'factsOf' | 'lines' | 'names'>,
  evaluated: readonly Evaluated[],
  owed: readonly OwedLine[],
): readonly string[] {
  return view.facts.flatMap((note) => {
    const { subject, key, at } = note;
    const order = orderOf(view.names.of(subject));
    if (!isRefusal(note) || order === undefined) return [];
    const product = key.split(':').at(-2) ?? '';
    const isAnswered = ({ license: { answer } }: Evaluated) => answer !== null && answer.at > at;
    const own = evaluated.filter(({ license }) => license.order === order && license.product === product);
    const isSame = own.some(isAnswered) || answeredAsRebill(order, product, view) > at;
    const stated = view.lines.filter((line) => line.order === order && line.quantity !== undefined);
    const units = evaluated.filter(({ line }) => line !== undefined && stated.includes(line));
    const isOwed = owed.some((line) => line.order === order && line.missing > 0);
    const isWhole =
      units.some(isAnswered) && units.every(({ license }) => license.handed !== null) && !isOwed;
    return isSame || isWhole ? [notedFlagKey(key)] : [];
  });
}
