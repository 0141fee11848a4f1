/**
 * A sale whose event does not state its lines: the order is kept and counts as undelivered, and nothing is issued until the
 * lines are fetched (outbox/complete-channel.ts).
 */
import type { FactBody } from '../facts/fact.ts';

/** Stands for the line and the product of the order in lists, until its lines are known. */
export const AWAITED_LINES = 'lines not yet fetched';

/** A sale without its lines. `remedy`: what a person does where they are not fetched, a sentence. No personal data. */
export function awaitedSale(remedy: string, subscription?: string): FactBody & { readonly kind: 'sold' } {
  return {
    kind: 'sold',
    product: null,
    line: AWAITED_LINES,
    quantity: 1,
    awaits: remedy,
    ...(subscription !== undefined && { subscription }),
  };
}

/** The same beside lines that the event states: there seem to be more. A fact with its key takes its place. */
export function awaitedRest(remedy: string): FactBody {
  return { ...awaitedSale(remedy), awaitsRest: true };
}

export interface MaybeAwaited {
  readonly order: string;
  readonly line: string;
  readonly at: number;
  readonly cause: string;
  /** The remedy: a placeholder. */
  readonly awaits?: string;
  /** It stands beside stated lines. */
  readonly awaitsRest?: true;
}

/** Drops the placeholder of each order whose lines are known. */
export function withoutFetched<T extends MaybeAwaited>(lines: readonly T[]): readonly T[] {
  if (lines.every(({ awaits }) => awaits === undefined)) return lines;
  const known = new Set(lines.filter(({ awaits }) => awaits === undefined).map(({ order }) => order));
  return lines.filter(
    ({ awaits, awaitsRest, order }) => awaits === undefined || awaitsRest === true || !known.has(order),
  );
}
