/** The decisions about a license: when each is offered, and what it will do, in words, before it is done. */
import type { LicenseStory } from '../../domain/ledger.ts';
import type { MailTopic } from '../../domain/values/announcement.ts';
import type { Entitlement } from '../../domain/values/license.ts';
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
    isDanger: act === 'revoke',
  }));
}

export function labelOf(act: Act): string {
  return LABELS[act];
}

const NEWER_IS_MAILED = 'The customer is mailed the newer code.';

/** The mail to the customer that an act brings about, where the product's file says so. Absent: none. */
export const MAILED_BY: Readonly<Partial<Record<Act, MailTopic>>> = {
  renew: 'renewed',
  extend: 'renewed',
  reissue: 'reissued',
  revoke: 'withdrawn',
};

/** What will happen to programs, to the customer and to the revocation list. `isMailed`: by the topic of the act. */
export function consequencesOf(
  act: Act,
  { lastValid, isMailed }: Pick<Entitlement, 'lastValid'> & { readonly isMailed: boolean },
): readonly string[] {
  const counts = lastValid === null ? 'counts for good' : `counts to ${longDay(lastValid)}`;
  switch (act) {
    case 'renew':
      return [
        'A newer code is minted with the day below as its last valid day, inclusive.',
        'Programs that ask for a renewal get it by themselves. The code of before stays genuine to its own last day.',
        isMailed ? NEWER_IS_MAILED : 'Nobody is written to: the customer gets it by a renewal or from you.',
      ];
    case 'extend':
      return [
        'A newer code is minted that includes versions up to the day below.',
        isMailed ? NEWER_IS_MAILED : 'Nobody is written to: the customer gets it by a renewal or from you.',
      ];
    case 'suspend':
      return [
        `Programs that fetch the list tell the customer that something is open. The code itself ${counts}.`,
        'Nobody gets a newer code meanwhile, and the customer is not written to.',
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
        isMailed
          ? 'The customer is mailed the new code.'
          : 'The customer needs the new code: it is on the order’s page afterwards, and nobody mails it.',
      ];
    case 'revoke':
      return [
        `It stands on the list for good. Programs that fetch the list refuse it; for others the code ${counts}.`,
        'The customer gets no code any more, and repeated requests of the marketplace are refused.',
        isMailed
          ? 'The customer is mailed that the license was withdrawn.'
          : 'The customer is not written to.',
      ];
  }
}
