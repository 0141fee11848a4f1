/** Flags about orders whose event has a license code of another order. */
import { codeAliases } from '../facts/code-aliases.ts';
import { orderOf } from '../values/order-subject.ts';
import type { View } from '../view.ts';
import type { WantedFlag } from './wanted-flag.ts';

/** The code of a subscription's first order in the order of its charge is no foreign one. */
export function codeFlags({ facts, names, lines }: View): WantedFlag[] {
  return codeAliases(facts).flatMap(({ sale, other }): WantedFlag[] => {
    const [order, of] = [names.of(sale), names.of(other)].map(orderOf);
    if (order === undefined || of === undefined || order === of || names.chargedTo(sale).size > 0) return [];
    const product = lines.find((line) => line.order === order)?.product ?? null;
    return [{ key: `code:${order}:${of}`, kind: 'differs', reason: foreignCode(order, of), order, product }];
  });
}

export function foreignCode(order: string, other: string): string {
  return `The event of order ${order} has a license code of order ${other}, another sale: each has licenses of its own, so see which codes its customer got`;
}
