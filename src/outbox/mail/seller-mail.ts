/** The mails to the seller: numbers and the commands that show more. No personal data, no codes. */
import type { Ledger } from '../../domain/ledger.ts';
import type { Announcement } from '../../domain/values/announcement.ts';
import { mailPage } from '../../message/mail-page.ts';
import type { Composed } from './compose.ts';
import { EXPIRING_DAYS, kindsOfNeeds, MOST_EXPIRING, readNeeds, type SellerNeeds } from './seller-needs.ts';

export const TO_SELLER = 'seller';

/** The body of an announcement whose news are in another mail of the same moment. */
export const SAID = new TextEncoder().encode('said in another mail');

/** A digest a day: what is older than that is in a newer one. */
const NEWS_FOR = 24 * 3_600_000;

/** At once for the first thing of a kind; once a day for all of them. */
export type SellerTopic = 'alert' | 'digest' | AccessTopic;

/** Somebody new can enter the console. */
export type AccessTopic = 'access-person' | 'access-passkey';

export interface SellerSources {
  readonly ledger: Ledger;
  readonly seller: {
    /** Undefined: nobody is told. */
    readonly address: string | undefined;
    /** The public address, for people with several services. */
    readonly url: string | undefined;
  };
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
}

export function isToSeller({ target }: Pick<Announcement, 'target'>): boolean {
  return target === TO_SELLER;
}

export async function composeSellerMail(
  announcement: Announcement,
  { ledger, seller, now }: SellerSources,
): Promise<Composed> {
  if (seller.address === undefined) return { outcome: 'dropped', reason: 'SELLER_EMAIL is not set' };
  const { id, topic, at, firstTriedAt, body } = announcement;
  const to = { name: undefined, address: seller.address };
  const access = accessText(topic, at, seller.url);
  if (access !== undefined) {
    const { subject, text } = access;
    const mail = { to, subject, text, html: mailPage(subject, text), id, date: firstTriedAt ?? at };
    return { outcome: 'composed', mail };
  }
  if (body !== null) return { outcome: 'dropped', reason: 'another mail of the same moment says it' };
  if (now() - at > NEWS_FOR) return { outcome: 'dropped', reason: 'a newer mail says it' };
  const needs = await readNeeds(ledger, now());
  const kinds = kindsOfNeeds(needs);
  if (kinds.length === 0) return { outcome: 'dropped', reason: 'nothing needs somebody any more' };
  const subject =
    topic === 'alert'
      ? 'Mintmark: something new needs you'
      : `Mintmark: ${kinds.length} ${kinds.length === 1 ? 'thing needs' : 'things need'} you`;
  const text = sellerText(needs, topic === 'alert', seller.url);
  const mail = { to, subject, text, html: mailPage(subject, text), id, date: firstTriedAt ?? at };
  return { outcome: 'composed', mail };
}

/** Undefined for another topic. */
function accessText(
  topic: string,
  at: number,
  url: string | undefined,
): { readonly subject: string; readonly text: string } | undefined {
  if (topic !== 'access-person' && topic !== 'access-passkey') return undefined;
  const where = url === undefined ? 'Mintmark' : `Mintmark at ${url}`;
  const what =
    topic === 'access-person' ? 'A new person entered the console' : 'A new passkey was added to the console';
  const time = `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const text = `${what} of ${where}, ${time}.

If that was you or one of you, there is nothing to do. If not, end all sessions with \`mintmark console sign-out --all\` and look at the settings of the console: who gets in, and what they did.
`;
  return { subject: `Mintmark: ${what.charAt(0).toLowerCase()}${what.slice(1)}`, text };
}

export function sellerText(needs: SellerNeeds, isAlert: boolean, url: string | undefined): string {
  const { flags, undelivered, unmailed, givenUp, held, broken, expiring } = needs;
  const flagged = Object.entries(flags).filter(([, count]) => (count ?? 0) > 0);
  const lines = [
    flagged.length > 0 &&
      `Flags to settle: ${flagged.map(([kind, count]) => `${count} ${kind}`).join(', ')}. See \`mintmark flags list\`.`,
    undelivered > 0 &&
      `Paid units whose code was not delivered: ${undelivered}. See \`mintmark orders list --undelivered\`.`,
    unmailed > 0 &&
      `Licenses whose newest code reached nobody: ${unmailed}. See \`mintmark orders list --unmailed\`.`,
    givenUp > 0 &&
      `Mails and webhooks that were given up: ${givenUp}. See \`mintmark outbox list --state given-up\`.`,
    held > 0 &&
      `Mails and webhooks that wait for your decision: ${held}. See \`mintmark outbox list --state held\`.`,
    broken > 0 &&
      `Endpoints and relays that do not work: ${broken}. What they are to get waits. See \`mintmark doctor\`.`,
    expiring > 0 &&
      `Orders with a license that ends within ${EXPIRING_DAYS} days: ${expiring >= MOST_EXPIRING ? `${MOST_EXPIRING} or more` : expiring}.`,
  ];
  const where = url === undefined ? 'Mintmark' : `Mintmark at ${url}`;
  const opening = isAlert ? 'has something new that needs you. All that is open:' : 'has work for you:';
  return `${where} ${opening}\n\n${lines.flatMap((line) => (line === false ? [] : [`- ${line}\n`])).join('')}`;
}
