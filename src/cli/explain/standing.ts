/** The state of a license, the reason for it, and the code that its customer should have. */
import { replacementsOf } from '../../domain/desk/successor.ts';
import type { Ledger, LicenseStory } from '../../domain/ledger.ts';
import type { Day } from '../../domain/values/day.ts';
import { entitlementOf } from '../../keyring/minter.ts';
import { formatLicenseId } from '../../license-code/license-id.ts';
import { timeText } from '../license-text.ts';

export interface Standing {
  readonly license: LicenseStory;
  /** The license that replaced this license: its reissue, or that of the product which its subscription covers now. */
  readonly successor: LicenseStory | undefined;
  /** Sentences; the first states the state. */
  readonly why: readonly string[];
  /** null: no code of this license unlocks anything now. */
  readonly send: string | null;
}

export async function standingOf(
  license: LicenseStory,
  ledger: Pick<Ledger, 'find'>,
  today: Day,
): Promise<Standing> {
  const { reissue, follower } = await replacementsOf(license, ledger);
  const successor = follower ?? reissue;
  const now = successor ?? license;
  const why = [
    ...(reissue === undefined ? [] : [`It was reissued as ${formatLicenseId(reissue.id)}.`]),
    ...(follower === undefined
      ? []
      : [`Its subscription covers ${follower.product} now: ${formatLicenseId(follower.id)}.`]),
    stateText(now),
    ...validity(now, today),
  ];
  const { lastValid } = entitlementOf(now.code);
  const unlocks =
    (now.state === 'active' || now.state === 'ended') && (lastValid === null || lastValid >= today);
  return { license, successor, why, send: unlocks ? now.code : null };
}

/** The state with its cause: that of the last history row that changed to this state. */
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
  const paid = state === 'active' ? ' No later payment was reported.' : '';
  return [`Its newest code was valid to ${lastValid} and has expired.${paid}`];
}
