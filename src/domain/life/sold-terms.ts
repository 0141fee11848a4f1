/** Compares the terms of sold licenses with today's product files. */
import type { Ledger } from '../ledger.ts';
import type { KeptTerms, Terms } from '../values/terms.ts';

/** The number of a product's licenses with the same terms. */
export interface SoldTerms {
  readonly product: string;
  /** null: no terms were stored, so the product file's terms apply. */
  readonly digest: string | null;
  readonly terms: Terms | undefined;
  readonly licenses: number;
}

/** A rule that differs in the product file now. */
export interface TermDifference {
  /** The key in the product file. */
  readonly key: string;
  readonly sold: string;
  readonly now: string;
  /** The service must not start: sold codes would change their meaning. */
  readonly isFault: boolean;
}

export type TermsFinding =
  /** The product file is missing; `isKept`: the stored terms still apply to the licenses. */
  | {
      readonly kind: 'no file';
      readonly product: string;
      readonly licenses: number;
      readonly isKept: boolean;
    }
  | {
      readonly kind: 'differs';
      readonly product: string;
      readonly licenses: number;
      readonly differences: readonly TermDifference[];
    };

export async function loadSoldTerms(
  ledger: Pick<Ledger, 'countTerms' | 'findTerms'>,
): Promise<readonly SoldTerms[]> {
  const counts = await ledger.countTerms();
  return Promise.all(
    counts.map(async ({ product, digest, licenses }) => ({
      product,
      digest,
      licenses,
      terms: digest === null ? undefined : await ledger.findTerms(digest),
    })),
  );
}

/**
 * Checks sold products at the start: products without a file, and faults that prevent the start. Reads all
 * licenses only if there may be a fault.
 */
export async function checkSoldAtStart(
  ledger: Pick<Ledger, 'soldTerms' | 'countTerms' | 'findTerms'>,
  currentTerms: (product: string) => KeptTerms | undefined,
): Promise<{ readonly orphans: readonly string[]; readonly faults: readonly string[] }> {
  const sold = await ledger.soldTerms();
  const orphans = sold.map(({ product }) => product).filter((id) => currentTerms(id) === undefined);
  let isSuspect = false;
  for (const { product, digest } of sold) {
    const current = currentTerms(product);
    const terms = digest === null ? undefined : await ledger.findTerms(digest);
    if (current === undefined || terms === undefined) continue;
    isSuspect ||= compareTerms(terms, current.terms).some(({ isFault }) => isFault);
  }
  const faults = isSuspect ? soldTermsFaults(checkSoldTerms(await loadSoldTerms(ledger), currentTerms)) : [];
  return { orphans: [...new Set(orphans)], faults };
}

/** Finds sold licenses whose product file is missing or has other terms now. */
export function checkSoldTerms(
  sold: readonly SoldTerms[],
  currentTerms: (product: string) => KeptTerms | undefined,
): readonly TermsFinding[] {
  return sold.flatMap(({ product, terms, licenses }): TermsFinding[] => {
    const current = currentTerms(product);
    if (current === undefined) return [{ kind: 'no file', product, licenses, isKept: terms !== undefined }];
    if (terms === undefined) return [];
    const differences = compareTerms(terms, current.terms);
    return differences.length === 0 ? [] : [{ kind: 'differs', product, licenses, differences }];
  });
}

/** The faults that prevent the start, one line each. */
export function soldTermsFaults(findings: readonly TermsFinding[]): readonly string[] {
  return findings.flatMap((finding) =>
    finding.kind === 'no file'
      ? []
      : finding.differences
          .filter(({ isFault }) => isFault)
          .map(
            ({ sold, now }) =>
              `${finding.product}.md: features: ${finding.licenses} sold licenses know them as ${sold}, and the file has ${now}: their order may only grow at the end, since a code holds a feature's place and not its name`,
          ),
  );
}

/** Product file keys in the file's order; `id` and `features` are compared separately. */
const KEYS = [
  ['term', 'term'],
  ['grace', 'grace'],
  ['updates', 'updates'],
  ['quantity', 'quantity'],
  ['seats', 'seats'],
  ['multibuy', 'multibuy'],
  ['grants', 'grants'],
  ['trial', 'trial'],
  ['trialTerm', 'trial_term'],
  ['overdue', 'overdue'],
  ['ended', 'ended'],
  ['refund', 'refund'],
] as const satisfies readonly (readonly [keyof Terms, string])[];

export function compareTerms(sold: Terms, now: Terms): readonly TermDifference[] {
  const differences = KEYS.flatMap(([name, key]) => differenceOf(key, sold[name], now[name], false));
  const isPrefix = sold.features.every((feature, bit) => now.features[bit] === feature);
  return [...differences, ...differenceOf('features', sold.features, now.features, !isPrefix)];
}

function differenceOf(key: string, sold: unknown, now: unknown, isFault: boolean): TermDifference[] {
  const [before, after] = [textOf(sold), textOf(now)];
  return before === after ? [] : [{ key, sold: before, now: after, isFault }];
}

function textOf(value: unknown): string {
  if (value === undefined) return 'none';
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}
