/** What flags of a subscription are about. */
import type { Evaluated } from '../life/evaluate.ts';
import { newestReissues } from '../subscriptions/units.ts';

/** The newest license of each unit: a former one is revoked by its reissue, whatever is told of the subscription. */
export function newestOf(evaluated: readonly Evaluated[]): readonly Evaluated[] {
  const newest = new Set(newestReissues(evaluated.map(({ license }) => license)));
  return evaluated.filter(({ license }) => newest.has(license));
}
