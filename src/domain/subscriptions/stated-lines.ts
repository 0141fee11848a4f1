/** The lines of a subscription as the marketplace states them, beside what its charges name. */
import type { CoveredLine, FactBody } from '../facts/fact.ts';

/** A line that a subscription covers. */
export interface Covered {
  readonly line: string;
  readonly product: string;
  readonly quantity: number;
  readonly features: readonly string[] | undefined;
  /** At least the sold quantity; `of product`: of the same product alone, not of the product that it replaced. */
  readonly atLeastSold?: true | 'of product';
  /** A charge named it beside the sold lines, which stay as sold. */
  readonly besideSold?: true;
}

/** Stands for the sold quantity. */
export const AS_SOLD = -1;

type Resized = Extract<FactBody, { kind: 'resized' }>;

/** `isLeast`: the quantity is a lower bound. undefined: no product is known, and the coverage stays unchanged. */
export function resizedLines(
  { product, features, quantity }: Resized,
  now: readonly Covered[] | null,
  isLeast: boolean,
): readonly Covered[] | undefined {
  if (product === null) return undefined;
  const known = now?.find((covered) => covered.product === product) ?? now?.[0];
  // The sold quantity is not known here; AS_SOLD stands for it (units.ts).
  const { quantity: before = AS_SOLD, atLeastSold } = known ?? {};
  const line = { line: NO_LINE, product, features };
  if (quantity !== null && !isLeast) return [{ ...line, quantity }];
  const isAtLeastSold = atLeastSold !== undefined || (quantity !== null && before === AS_SOLD);
  const most = Math.max(quantity ?? AS_SOLD, before);
  return [{ ...line, quantity: most, ...(isAtLeastSold && { atLeastSold: true }) }];
}

/** Of what is stated, not charged: a license must not depend on which of a product's prices was heard of first. */
export const NO_LINE = '';

/**
 * The units of each product. While a line has no product file, it may be the successor of a line that is no longer stated, so no line ends.
 * undefined: no product is known, and the coverage stays unchanged.
 */
export function statedLines(
  lines: readonly CoveredLine[],
  now: readonly Covered[] | null,
): readonly Covered[] | undefined {
  const units = new Map<string, number>();
  for (const { product, quantity } of lines) {
    if (product !== null && quantity >= 1) units.set(product, (units.get(product) ?? 0) + quantity);
  }
  if (units.size === 0) return undefined;
  const known = [...units].map(([product, quantity]) => ({
    line: NO_LINE,
    product,
    quantity,
    features: undefined,
  }));
  const isWhole = lines.every(({ product }) => product !== null);
  return isWhole ? known : withOtherLines(known, now, new Set());
}

/**
 * Adds the other lines: a proration names only the line that it changes. Where it names another product than those covered, that takes
 * the place of each product that an edit named; of covered products it changes the quantity, and no other line ends.
 */
export function withOtherLines(
  lines: readonly Covered[],
  now: readonly Covered[] | null,
  announced: ReadonlySet<string | null>,
): readonly Covered[] {
  const named = new Set(lines.map(({ product }) => product));
  const isOther = lines.some(({ product }) => !now?.some((covered) => covered.product === product));
  const others = (now ?? []).filter(
    ({ product }) => !named.has(product) && !(isOther && announced.has(product)),
  );
  // What the charge names are lines of the subscription itself, so the sold ones no longer stand for them.
  return [...lines, ...others.map(({ besideSold: _, ...line }) => line)];
}
