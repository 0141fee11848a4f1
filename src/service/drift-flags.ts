/** Flags about what was found when a marketplace's API was last read: somebody has to see it where everything open is seen. */
import type { Ledger } from '../domain/ledger.ts';
import { dayOf } from '../domain/values/day.ts';
import type { RaisedFlag } from '../domain/values/flag.ts';
import type { Marketplace, Mode } from '../domain/values/order.ts';
import type { ReconciledEntry } from './reconciled-note.ts';

/** An API that was not read to its end for so long needs somebody. */
export const UNREAD_MILLISECONDS = 86_400_000;

export interface Market {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
}

/** The flags, and whether each is so. `now` in milliseconds since 1970-01-01. */
export function driftFlags(
  market: Market,
  entry: ReconciledEntry,
  now: number,
): readonly { readonly flag: RaisedFlag; readonly isSo: boolean }[] {
  const { marketplace, mode } = market;
  const { lacking, open, stopped, from, wholeAt, gapFrom } = entry;
  const flagOf = (key: string, reason: string): RaisedFlag => ({
    ...market,
    key: `reconcile:${key}`,
    kind: 'drift',
    reason,
    order: null,
    product: null,
    event: null,
    at: now,
  });
  const test = mode === 'test' ? ' --test' : '';
  const command = `reconcile ${marketplace} --since DAY${test}`;
  const day = dayOf(now);
  const had = `On ${day} the API of ${marketplace} had ${open > 0 ? open : lacking} entries that the ledger lacked`;
  const lost = flagOf(
    'lacking',
    open > 0
      ? `${had}: run  ${command} --apply`
      : `${had}. What can be read was fed in: find out why its webhooks did not come`,
  );
  const gapOf = (first: string) =>
    flagOf(
      `gap:${first}`,
      `What ${marketplace} told after ${first} was not read while its API still had it: ${stopped}. Compare its orders with  orders list`,
    );
  const last = wholeAt === undefined ? Date.parse(from) : Date.parse(wholeAt);
  const unread = flagOf(
    'unread',
    `The API of ${marketplace} was not read to its end since ${dayOf(last)}: ${stopped ?? 'something was left open'}. Mend that, then run  ${command}`,
  );
  return [
    // A reading that stopped has not seen all, so it settles nothing.
    ...(lacking > 0 || stopped === undefined ? [{ flag: lost, isSo: lacking > 0 }] : []),
    {
      flag: unread,
      isSo: stopped !== undefined && gapFrom === undefined && now - last > UNREAD_MILLISECONDS,
    },
    // No later reading learns of that time, so a person settles it.
    ...(gapFrom === undefined ? [] : [{ flag: gapOf(gapFrom), isSo: true }]),
  ];
}

/** After all that is lacking was fed in by hand: nothing is open until the next reading. */
export async function settleDrift(
  ledger: Pick<Ledger, 'noteFlag'>,
  market: Market,
  now: number,
): Promise<void> {
  const entry = { from: dayOf(now), at: new Date(now).toISOString(), lacking: 0, open: 0 };
  await flagDrift(ledger, market, entry, now);
}

export async function flagDrift(
  ledger: Pick<Ledger, 'noteFlag'>,
  market: Market,
  entry: ReconciledEntry,
  now: number,
): Promise<void> {
  for (const { flag, isSo } of driftFlags(market, entry, now)) await ledger.noteFlag(flag, isSo);
}
