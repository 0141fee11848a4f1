/** How a license stands, why, and which code its customer should have. */
import type { Day } from '../../domain/day.ts';
import { successorOf } from '../../domain/desk/successor.ts';
import type { Ledger, LicenseStory } from '../../domain/ledger.ts';
import { entitlementOf } from '../../keyring/minter.ts';
import { formatLicenseId } from '../../license-code/license-id.ts';
import { timeText } from '../license-text.ts';

export interface Standing {
  readonly license: LicenseStory;
  /** The license that was issued in its place. */
  readonly successor: LicenseStory | undefined;
  /** Sentences, the state first. */
  readonly why: readonly string[];
  /** null: none unlocks anything now. */
  readonly send: string | null;
}

export async function standingOf(
  license: LicenseStory,
  ledger: Pick<Ledger, 'find'>,
  today: Day,
): Promise<Standing> {
  const successor = await successorOf(license, ledger);
  const now = successor ?? license;
  const why = [
    ...(successor === undefined
      ? []
      : [`It was issued again; in its place there is ${formatLicenseId(successor.id)}.`]),
    stateText(now),
    ...validity(now, today),
  ];
  const unlocks = now.state === 'active' || now.state === 'ended';
  return { license, successor, why, send: unlocks ? now.code : null };
}

/** The state with the cause that brought it about: the row of its history that came into it last. */
function stateText({ state, history }: LicenseStory): string {
  const change = history.findLast(({ from, to }) => to === state && from !== state);
  return change === undefined
    ? `It is ${state}.`
    : `It is ${state} since ${timeText(change.at)}: ${change.cause}.`;
}

function validity({ code, state }: LicenseStory, today: Day): readonly string[] {
  const { lastValid } = entitlementOf(code);
  if (lastValid === null || state === 'revoked') return [];
  if (lastValid >= today) return [`Its newest code is valid to ${lastValid}.`];
  const paid = state === 'active' ? ' No later payment has been told.' : '';
  return [`Its newest code was valid to ${lastValid}, which is over.${paid}`];
}
