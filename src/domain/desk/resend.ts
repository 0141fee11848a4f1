/** Mails the codes of a license's order again, because somebody asked for them. */
import type { Mailing } from '../announcements/announcing.ts';
import { languageAt } from '../announcements/language.ts';
import { licenseSubject } from '../facts/license-subject.ts';
import type { Ledger, LicenseStory } from '../ledger.ts';
import { planSuccessorOf } from '../requests/plan-successor.ts';
import { TO_CUSTOMER } from '../values/announcement.ts';
import type { LicenseState } from '../values/license.ts';
import { decisionTime, type Grounds, operatorFact } from './operator.ts';
import { successorOf } from './successor.ts';

export type Resent =
  /** The outbox sends the mail. */
  | { readonly outcome: 'announced'; readonly license: LicenseStory }
  | { readonly outcome: 'unknown' }
  /** The license was reissued; its successor can be sent. */
  | { readonly outcome: 'replaced'; readonly by: LicenseStory }
  /** The subscription covers another product now; that product's license can be sent. */
  | { readonly outcome: 'other product'; readonly by: LicenseStory }
  /** A revoked or suspended license has no code to send. */
  | { readonly outcome: 'no code'; readonly state: LicenseState }
  /** The ledger has no address of the customer: erased, or never known. */
  | { readonly outcome: 'no address' };

/** `now` in milliseconds since 1970-01-01. Each call sends a mail of its own. */
export async function resendLicense(
  { ledger, mailing }: { readonly ledger: Ledger; readonly mailing: Pick<Mailing, 'mail'> },
  id: Uint8Array,
  grounds: Grounds,
  now: number,
): Promise<Resent> {
  const [license] = await ledger.find({ by: 'license', id });
  if (license === undefined) return { outcome: 'unknown' };
  const by = await successorOf(license, ledger);
  if (by !== undefined) return { outcome: 'replaced', by };
  const follower = await planSuccessorOf(license, ledger);
  if (follower !== undefined) return { outcome: 'other product', by: follower };
  const { marketplace, mode, order, product, state, revision, customer } = license;
  if (state === 'revoked' || state === 'suspended') return { outcome: 'no code', state };
  if (customer.email === undefined) return { outcome: 'no address' };
  const { facts } = await ledger.showOrder(order);
  const sale = { product, marketplace, mode, language: languageAt(facts, license) };
  const at = await decisionTime(ledger, license, now);
  const body = { kind: 'noted', note: 'the codes are mailed again' } as const;
  await ledger.addFacts([operatorFact(license, licenseSubject(id), body, { act: 'resend', at, grounds })]);
  const [after = license] = await ledger.find({ by: 'license', id });
  await ledger.outbox.announce(
    [
      {
        ...{ channel: 'mail', target: TO_CUSTOMER, topic: 'asked', marketplace, mode, order, product },
        ...{ license: id, sequence: after.history.length, revision, body: null, key: `at:${at}` },
        text: mailing.mail('asked', sale)?.text ?? null,
      },
    ],
    now,
  );
  return { outcome: 'announced', license: after };
}
