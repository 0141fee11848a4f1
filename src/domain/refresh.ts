/** Decides what whoever holds a genuine license code gets for it: the newest code of its license, or why not. */
import { type Day, dayOf } from './day.ts';
import type { HistoryEntry, Ledger } from './ledger.ts';
import type { Mode } from './order.ts';

/** A code from outside that was checked: only the service's own signing key can have made it. */
export interface Proof {
  /** 16 bytes: the license. */
  readonly id: Uint8Array;
  /** The product's id in Mintmark. */
  readonly product: string;
  readonly mode: Mode;
  readonly revision: number;
  readonly code: string;
}

export type Refreshed =
  | { readonly outcome: 'changed' | 'unchanged'; readonly code: string }
  | { readonly outcome: 'suspended'; readonly since: Day }
  | { readonly outcome: 'revoked' }
  | { readonly outcome: 'unknown' };

/**
 * The newest code is that of the higher revision, as for a reader, so that nobody loses by asking: a ledger that was
 * restored from a backup may hold an older one than the customer. A license that ended keeps the code of its last day.
 * Whether the code sent has expired makes no difference. One that was issued again for a leak is revoked.
 */
export async function refresh(proof: Proof, ledger: Pick<Ledger, 'find'>): Promise<Refreshed> {
  const [held] = await ledger.find({ by: 'license', id: proof.id });
  if (held === undefined || held.product !== proof.product || held.mode !== proof.mode) {
    return { outcome: 'unknown' };
  }
  if (held.state === 'revoked') return { outcome: 'revoked' };
  if (held.state === 'suspended') return { outcome: 'suspended', since: suspendedSince(held.history) };
  return held.revision > proof.revision
    ? { outcome: 'changed', code: held.code }
    : { outcome: 'unchanged', code: proof.code };
}

/** The day on which the ledger learned of it; a further reason for it does not move the day. */
function suspendedSince(history: readonly HistoryEntry[]): Day {
  const before = history.findLastIndex(({ to }) => to !== 'suspended');
  return dayOf(history[before + 1]?.at ?? 0);
}
