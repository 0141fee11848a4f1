/** Settles flags: a person looked and states the result. */
import type { Flag } from '../values/flag.ts';
import type { Marketplace, Mode } from '../values/order.ts';
import type { Desk, Grounds } from './operator.ts';

export type Settled =
  | { readonly outcome: 'settled'; readonly flags: readonly Flag[] }
  /** All flags were settled before. */
  | { readonly outcome: 'unchanged'; readonly flags: readonly Flag[] }
  | { readonly outcome: 'unknown' };

/** More flags than one event, path or order raises. */
const MOST_FLAGS = 1000;

/**
 * Settles the flag with an id, all flags of an event, or the flag of a path by key; of every market unless one is given. `by`: the text stored
 * with the flag.
 */
export async function settleFlags(
  { ledger }: Pick<Desk, 'ledger'>,
  which:
    | { readonly id: number }
    | { readonly event: string; readonly marketplace?: Marketplace; readonly mode?: Mode }
    | { readonly key: string; readonly marketplace?: Marketplace },
  { actor, reason }: Grounds,
  now: number,
  by = `${actor}: ${reason}`,
): Promise<Settled> {
  const { marketplace, mode, ...query } = { marketplace: undefined, mode: undefined, ...which };
  const found = await ledger.findFlags({ ...query, limit: MOST_FLAGS });
  const flags = found.filter(
    (flag) =>
      (marketplace === undefined || flag.marketplace === marketplace) &&
      (mode === undefined || flag.mode === mode),
  );
  if (flags.length === 0) return { outcome: 'unknown' };
  const open = flags.filter(({ settledAt }) => settledAt === null);
  const ids = open.map(({ id }) => id);
  const settled = ids.length === 0 ? 0 : await ledger.settleFlags(ids, now, by);
  return settled === 0 ? { outcome: 'unchanged', flags } : { outcome: 'settled', flags: open };
}
