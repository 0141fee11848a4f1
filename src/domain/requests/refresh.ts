/** Decides the answer to a genuine license code: the newest code of its license, or the reason for none. */
import type { Fact } from '../facts/fact.ts';
import { licenseSubject } from '../facts/license-subject.ts';
import type { HistoryEntry, Ledger, LicenseStory } from '../ledger.ts';
import { type Day, dayOf } from '../values/day.ts';
import type { Mode } from '../values/order.ts';
import { planSuccessorOf } from './plan-successor.ts';

/** A code from outside whose signature was checked: only the service's own signing key can have made it. */
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
  /** `product`: the code is of another product, which the subscription covers now. */
  | {
      readonly outcome: 'changed' | 'unchanged';
      readonly code: string;
      readonly product?: string;
      /** The subscription has ended or covers another product; the code stays valid to its last day. */
      readonly ended?: true;
    }
  | { readonly outcome: 'suspended'; readonly since: Day }
  | { readonly outcome: 'revoked' }
  | { readonly outcome: 'unknown' };

/**
 * Resolves to the newest code of the license; an expired code is answered too. `now`: milliseconds since
 * 1970-01-01.
 * - A genuine code of a higher revision than the ledger's is from before a restore: the ledger learns the
 *   revision, so that the next code is above it.
 * - A license whose subscription changed to another product leads to its successor. A license that ended
 *   otherwise keeps the code of its last day. A license that was reissued after a leak is revoked.
 */
export async function refresh(
  proof: Proof,
  ledger: Pick<Ledger, 'find' | 'addFacts'>,
  now: number,
): Promise<Refreshed> {
  const held = await findHeld(proof, ledger);
  if (held === undefined) return { outcome: 'unknown' };
  if (held.revision < proof.revision) {
    await ledger.addFacts([learned(proof, held, now)]);
    return answer(proof, (await findHeld(proof, ledger)) ?? held, ledger);
  }
  return answer(proof, held, ledger);
}

async function findHeld(
  { id, product, mode }: Proof,
  ledger: Pick<Ledger, 'find'>,
): Promise<LicenseStory | undefined> {
  const [held] = await ledger.find({ by: 'license', id });
  return held?.product === product && held.mode === mode ? held : undefined;
}

async function answer(proof: Proof, held: LicenseStory, ledger: Pick<Ledger, 'find'>): Promise<Refreshed> {
  const { state, revision, code, history } = held;
  const successor = await planSuccessorOf(held, ledger);
  if (successor !== undefined)
    return { outcome: 'changed', code: successor.code, product: successor.product };
  if (state === 'revoked') return { outcome: 'revoked' };
  if (state === 'suspended') return { outcome: 'suspended', since: suspendedSince(history) };
  const ended = state === 'ended' && { ended: true as const };
  return revision > proof.revision
    ? { outcome: 'changed', code, ...ended }
    : { outcome: 'unchanged', code: proof.code, ...ended };
}

function learned({ id, revision }: Proof, { marketplace, mode }: LicenseStory, now: number): Fact {
  return {
    marketplace,
    mode,
    subject: licenseSubject(id),
    key: `learned:${revision}`,
    at: now,
    cause: `a genuine code of revision ${revision} was seen`,
    body: { kind: 'learned', revision },
  };
}

/** The first day of the current suspension; a further reason does not move it. */
function suspendedSince(history: readonly HistoryEntry[]): Day {
  const before = history.findLastIndex(({ to }) => to !== 'suspended');
  return dayOf(history[before + 1]?.at ?? 0);
}
