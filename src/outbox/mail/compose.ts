/**
 * Makes the mail of an announcement from what the ledger holds when it is sent: the newest codes of the order, and the
 * version of the text that was announced. So tries of one announcement differ only where a code was renewed meanwhile.
 */
import type { Ledger, LicenseStory } from '../../domain/ledger.ts';
import type { Minter } from '../../domain/minter.ts';
import type { HandedCode } from '../../domain/ports/outbox-ledger.ts';
import { newestReissues } from '../../domain/subscriptions/units.ts';
import { isAddress } from '../../domain/values/address.ts';
import {
  type Announcement,
  deliversCodes,
  MAIL_TOPICS,
  type MailTopic,
} from '../../domain/values/announcement.ts';
import { subscriptionOf } from '../../domain/values/order-subject.ts';
import { oneLine } from '../../message/liquid.ts';
import { mailPage } from '../../message/mail-page.ts';
import { assertSafeReply } from '../../message/proof.ts';
import { writeText } from '../../message/reply.ts';
import { writeSubject } from '../../message/subject.ts';
import type { MessageValues } from '../../message/template.ts';
import type { Templates } from '../../message/templates.ts';
import type { Mail } from './mail.ts';

export interface MailSources {
  readonly ledger: Pick<Ledger, 'find'>;
  readonly templates: Pick<Templates, 'get' | 'addressesOf'>;
  readonly minter: Pick<Minter, 'entitlementOf'>;
  /** What else a mail to somebody who asked says, such as where the license page is; it ends with \n. */
  readonly addition?: ((asked: Asked) => Promise<string>) | undefined;
}

export interface Asked {
  readonly announcement: Announcement;
  readonly units: readonly LicenseStory[];
  /** Of the text. */
  readonly language: string | undefined;
  /** The text itself names the page. */
  readonly namesPage: boolean;
}

export type Composed =
  /** `handed`: the codes that it delivers. */
  | { readonly outcome: 'composed'; readonly mail: Mail; readonly handed?: readonly HandedCode[] }
  /** The mail is obsolete. */
  | { readonly outcome: 'dropped'; readonly reason: string }
  /** The address in the ledger is invalid: the operator has to correct it. */
  | { readonly outcome: 'no address' };

/** Whatever the text says: nobody takes the code of a test order for one that works. */
const TEST_MARK = '[Test] ';

/** Throws AppError `internal` where the text is not safe to send, and what the ledger throws. */
export async function composeMail(announcement: Announcement, sources: MailSources): Promise<Composed> {
  const topic = MAIL_TOPICS.find((known) => known === announcement.topic);
  const story = topic === undefined ? undefined : await findStory(announcement, sources);
  if (topic === undefined || story === undefined) return dropped('nothing is known of it');
  const { customer, order, mode } = story;
  if (customer.email === undefined) return dropped('no address: the customer was erased, or never known');
  const address = customer.email.trim();
  if (!isAddress(address)) return { outcome: 'no address' };
  const units = unitsFor(topic, story, await sources.ledger.find({ by: 'order', order }), sources.minter);
  const [first = story] = units;
  const outdated = whyOutdated(topic, announcement, first, units.length);
  if (outdated !== undefined) return dropped(outdated);
  const digest = announcement.text ?? story.answer?.message;
  if (digest === undefined) return dropped('no text is known of it');
  const template = await sources.templates.get(digest);
  const values: MessageValues = {
    codes: topic === 'withdrawn' ? [] : units.map(({ code }) => code),
    license: {
      ...sources.minter.entitlementOf(first.code),
      ...(await sources.templates.addressesOf(template.message, first.id, announcement.at)),
    },
    order: {
      id: subscriptionOf(order) ?? order,
      quantity: first.answer?.quantity ?? Math.max(units.length, 1),
      test: mode === 'test',
    },
    customer,
    reason: topic,
  };
  const written = writeText(template, values);
  const { language, page } = template.message;
  const asked = { announcement, units, language, namesPage: page !== undefined };
  const added = topic === 'asked' ? await sources.addition?.(asked) : undefined;
  const text = added === undefined || added === '' ? written : `${written}\n${added}`;
  if (text !== written) assertSafeReply(text, values.codes);
  const subject = `${mode === 'test' ? TEST_MARK : ''}${writeSubject(template.message, values)}`;
  const html = mailPage(subject, text, template.message.language);
  const name = oneLine(customer.name ?? '') || undefined;
  const { id, firstTriedAt, at } = announcement;
  const mail = { to: { name, address }, subject, text, html, id, date: firstTriedAt ?? at };
  const handed = units.map((unit) => ({ license: unit.id, revision: unit.revision }));
  return { outcome: 'composed', mail, ...(deliversCodes(announcement) && { handed }) };
}

function dropped(reason: string): Composed {
  return { outcome: 'dropped', reason };
}

async function findStory(
  { license, marketplace, mode }: Announcement,
  { ledger }: MailSources,
): Promise<LicenseStory | undefined> {
  if (license === null) return undefined;
  const [story] = await ledger.find({ by: 'license', id: license });
  return story?.marketplace === marketplace && story.mode === mode ? story : undefined;
}

/** Topics that hand out the code of an ended license too, where no other is left: the customer had it before. */
const OF_ENDED: ReadonlySet<MailTopic> = new Set(['asked', 'corrected', 'reissued']);

/**
 * The licenses whose codes the mail hands out: those of the order and product that unlock the program. A unit that its subscription
 * has left, or whose subscription is over, is none of them, unless its code is good for ever (`ended: fallback`).
 */
function unitsFor(
  topic: MailTopic,
  story: LicenseStory,
  ofOrder: readonly LicenseStory[],
  minter: MailSources['minter'],
): readonly LicenseStory[] {
  if (topic === 'withdrawn') return [story];
  const { marketplace, mode, order, product } = story;
  const its = ofOrder.filter(
    (other) =>
      other.marketplace === marketplace &&
      other.mode === mode &&
      other.order === order &&
      other.product === product,
  );
  const units = newestReissues(its)
    .filter(({ state }) => state === 'active' || state === 'ended')
    .sort((a, b) => (a.line === b.line ? a.unit - b.unit : a.line < b.line ? -1 : 1));
  // A reissue concerns one unit: the codes of the others stay as the customer has them.
  const meant =
    topic === 'reissued'
      ? units.filter(({ line, unit }) => line === story.line && unit === story.unit)
      : units;
  const good = meant.filter(
    ({ state, code }) => state === 'active' || minter.entitlementOf(code).lastValid === null,
  );
  return good.length === 0 && OF_ENDED.has(topic) ? meant : good;
}

/** Why there is nothing to say any more; undefined: there is. */
function whyOutdated(
  topic: MailTopic,
  { revision }: Announcement,
  license: LicenseStory,
  units: number,
): string | undefined {
  if (topic === 'withdrawn')
    return license.state === 'revoked' ? undefined : `the license is ${license.state} again`;
  if (units === 0) return 'no license of it is active any more';
  if (topic !== 'reminder') return undefined;
  if (license.state !== 'active') return `the license is ${license.state}`;
  return license.revision > revision ? 'the license was renewed meanwhile' : undefined;
}
