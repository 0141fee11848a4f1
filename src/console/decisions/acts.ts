/** The decisions about a license: when each is offered, and what it will do, in words, before it is done. */
import type { LicenseStory } from '../../domain/ledger.ts';
import type { Entitlement } from '../../domain/license.ts';
import { longDay } from '../text.ts';

export const ACTS = ['renew', 'extend', 'suspend', 'reinstate', 'reissue', 'revoke'] as const;
export type Act = (typeof ACTS)[number];

export interface OfferedAct {
  readonly act: Act;
  readonly label: string;
  readonly isDanger: boolean;
}

const LABELS: Readonly<Record<Act, string>> = {
  renew: 'Renew',
  extend: 'Extend updates',
  suspend: 'Suspend',
  reinstate: 'Reinstate',
  reissue: 'Reissue',
  revoke: 'Revoke',
};

/** True for a decision that requires a passkey or a link of the last 15 minutes. */
export function isGraveAct(act: string): boolean {
  return act === 'revoke' || act === 'reissue';
}

export function actsFor(
  { state }: Pick<LicenseStory, 'state'>,
  { lastValid, updatesUntil }: Pick<Entitlement, 'lastValid' | 'updatesUntil'>,
): readonly OfferedAct[] {
  const fits: Readonly<Record<Act, boolean>> = {
    renew: state !== 'revoked' && lastValid !== null,
    extend: state !== 'revoked' && updatesUntil !== null,
    suspend: state === 'active',
    reinstate: state !== 'active',
    reissue: state === 'active',
    revoke: state !== 'revoked',
  };
  return ACTS.filter((act) => fits[act]).map((act) => ({
    act,
    label: LABELS[act],
    isDanger: act === 'revoke' || act === 'suspend' || act === 'reissue',
  }));
}

export function labelOf(act: Act): string {
  return LABELS[act];
}

/** What will happen to programs, to the customer and to the revocation list. */
export function consequencesOf(act: Act, { lastValid }: Pick<Entitlement, 'lastValid'>): readonly string[] {
  const counts = lastValid === null ? 'counts for good' : `counts to ${longDay(lastValid)}`;
  switch (act) {
    case 'renew':
      return [
        'A newer code is minted with the day below as its last valid day, inclusive.',
        'Programs that ask for a renewal get it by themselves. The code of before stays genuine to its own last day.',
        'Nobody is written to by the console: the customer gets it by a renewal or from you.',
      ];
    case 'extend':
      return ['A newer code is minted that includes versions up to the day below.'];
    case 'suspend':
      return [
        `Programs that fetch the list tell the customer that something is open. The code itself ${counts}.`,
        'Nobody gets a newer code meanwhile.',
        'You can reinstate it at any time.',
      ];
    case 'reinstate':
      return [
        'Every suspension, end and revocation is undone, and it leaves the list.',
        'The customer gets newer codes again.',
      ];
    case 'reissue':
      return [
        'The unit gets a new license with a new code, and the old one is revoked.',
        `Programs that fetch the list refuse the old code; for others it ${counts}.`,
        'The customer needs the new code: it is on the order’s page afterwards.',
      ];
    case 'revoke':
      return [
        `It stands on the list for good. Programs that fetch the list refuse it; for others the code ${counts}.`,
        'The customer gets no code any more, and repeated requests of the marketplace are refused.',
      ];
  }
}
