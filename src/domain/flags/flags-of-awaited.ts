/** Flags about sales whose lines are not fetched yet. */
import type { Market } from '../changes.ts';
import type { Rules } from '../rules.ts';
import type { MaybeAwaited } from '../sales/awaited-lines.ts';
import { DELIVERED_WITHIN_MILLISECONDS, type WantedFlag } from './wanted-flag.ts';

/** One flag for each order: at once where nothing can be fetched, else when the lines are late. */
export function awaitedFlags(
  lines: readonly MaybeAwaited[],
  market: Market,
  { canFetch }: Pick<Rules, 'canFetch'>,
): WantedFlag[] {
  return lines.flatMap(({ order, line, at, cause, awaits, awaitsRest }): WantedFlag[] => {
    if (awaits === undefined) return [];
    const reason =
      awaitsRest === true
        ? `Order ${order} seems to have further lines, which are not fetched yet and have no license. ${awaits}`
        : `Order ${order} is sold and has no license, because its lines are not fetched yet. ${awaits}`;
    const flag = {
      key: `owed:${order}:${line}`,
      kind: 'undelivered',
      reason,
      order,
      product: null,
      cause,
    } as const;
    return [canFetch?.(market) === true ? { ...flag, from: at + DELIVERED_WITHIN_MILLISECONDS } : flag];
  });
}
