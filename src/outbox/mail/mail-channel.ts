/** The channel of mails: makes the mail of an announcement, and hands it to the relay. */
import type { Ledger } from '../../domain/ledger.ts';
import { CONFIRM_ADDRESS } from '../../domain/ports/self-service.ts';
import type { Announcement } from '../../domain/values/announcement.ts';
import { MAIL_REFUSED } from '../../domain/values/causes.ts';
import { orderSubject } from '../../domain/values/order-subject.ts';
import type { Channel, Tried } from '../channel.ts';
import { type Composed, composeMail, type MailSources } from './compose.ts';
import type { Relay, SmtpResult } from './relay.ts';
import { composeSellerMail, isToSeller, type SellerSources } from './seller-mail.ts';

export interface MailChannelSources extends MailSources, SellerSources {
  readonly ledger: Ledger;
  readonly relay: Pick<Relay, 'send'>;
  /** Mails of other rooms; undefined: the announcement is none of theirs. */
  readonly others?: ((announcement: Announcement) => Promise<Composed | undefined>) | undefined;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
}

export function createMailChannel(sources: MailChannelSources): Channel {
  return {
    name: 'mail',
    send: async (announcement, signal) => {
      const composed = isToSeller(announcement)
        ? await composeSellerMail(announcement, sources)
        : ((await sources.others?.(announcement)) ?? (await composeMail(announcement, sources)));
      if (composed.outcome === 'dropped') return composed;
      const tried: Tried =
        composed.outcome === 'composed'
          ? triedOf(await sources.relay.send(composed.mail, signal), sources.now())
          : { outcome: 'refused', answer: 'what the ledger holds is no e-mail address' };
      if (tried.outcome === 'refused') await flagRefused(announcement, sources);
      if (tried.outcome !== 'sent' || composed.outcome !== 'composed') return tried;
      return { ...tried, handed: composed.handed ?? [] };
    },
  };
}

function triedOf(result: SmtpResult, now: number): Tried {
  if (result.outcome !== 'failed') return result;
  const { pause, ...failed } = result;
  return { ...failed, ...(pause !== undefined && { notBefore: now + pause }) };
}

/** Flags a refused address: the customer gets no mail until the operator finds another address. */
async function flagRefused(
  { id, marketplace, mode, order, topic }: Announcement,
  { ledger, now }: MailChannelSources,
): Promise<void> {
  // What a customer typed as a new address is the customer's to correct.
  if (order === '' || topic === CONFIRM_ADDRESS) return;
  const note = `Order ${order}: the mail (${topic}) was refused for its address for good: correct it with  customer correct`;
  const body = { kind: 'noted', note, flag: true, why: 'mail-refused' } as const;
  const subject = orderSubject(order);
  await ledger.addFacts([
    { marketplace, mode, subject, key: `mail:${id}`, at: now(), cause: MAIL_REFUSED, body },
  ]);
}
