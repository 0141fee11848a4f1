/** The mails of self-service that are no product's text: about a change of address, and to whoever gets no code. */
import { languageAt } from '../domain/announcements/language.ts';
import type { Ledger, LicenseStory } from '../domain/ledger.ts';
import {
  ADDRESS_CHANGED,
  ASKED_BY_BUYER,
  ASKED_IN_VAIN,
  CONFIRM_ADDRESS,
  changeIn,
  mayConfirm,
  mayUndo,
} from '../domain/ports/self-service.ts';
import { type Announcement, TO_CUSTOMER } from '../domain/values/announcement.ts';
import { cut } from '../domain/values/cut.ts';
import { subscriptionOf } from '../domain/values/order-subject.ts';
import type { Product } from '../domain/values/product.ts';
import type { LinkTokens } from '../keyring/link-token.ts';
import { escapeMarkdown } from '../message/escape.ts';
import { oneLine } from '../message/liquid.ts';
import { mailPage } from '../message/mail-page.ts';
import { assertSafeNotice } from '../message/proof.ts';
import { storiesOf, unitsOf } from './license-view.ts';
import { changeAddress, pageAddress } from './links.ts';
import type { Shop } from './shop.ts';
import { type Texts, textsIn } from './texts.ts';

export interface OwnMailSources {
  readonly ledger: Pick<Ledger, 'find' | 'showOrder' | 'selfService'>;
  readonly findProduct: (id: string) => Product | undefined;
  readonly tokens: LinkTokens;
  readonly shop: Shop;
  /** The public address. */
  readonly base: string;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
}

export interface OwnMail {
  readonly to: { readonly name: undefined; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly id: string;
  readonly date: number;
}

export type OwnComposed =
  | { readonly outcome: 'composed'; readonly mail: OwnMail }
  | { readonly outcome: 'dropped'; readonly reason: string };

interface Written {
  readonly to: string;
  readonly subject: string;
  /** Each is a paragraph of Markdown. */
  readonly paragraphs: readonly string[];
}

const TOPICS: readonly string[] = [CONFIRM_ADDRESS, ADDRESS_CHANGED, ASKED_BY_BUYER, ASKED_IN_VAIN];
const LONGEST_SUBJECT = 200;

/** Undefined: the announcement is none of these mails. */
export async function composeOwnMail(
  announcement: Announcement,
  sources: OwnMailSources,
): Promise<OwnComposed | undefined> {
  const { topic, target, license, id, at, firstTriedAt } = announcement;
  if (target !== TO_CUSTOMER || !TOPICS.includes(topic)) return undefined;
  const [story] = license === null ? [] : await sources.ledger.find({ by: 'license', id: license });
  if (story === undefined) return { outcome: 'dropped', reason: 'nothing is known of it' };
  const texts = await textsOf(story, sources);
  const written = await write(announcement, story, texts, sources);
  if (typeof written === 'string') return { outcome: 'dropped', reason: written };
  const test = story.mode === 'test' ? [texts.say('mail.test')] : [];
  const help = texts.say('mail.write', { help: `<${sources.shop.help}>` });
  const text = `${[...test, ...written.paragraphs, help].join('\n\n')}\n\n${escapeMarkdown(sources.shop.name)}\n`;
  assertSafeNotice(text);
  const subject = cut(oneLine(written.subject), LONGEST_SUBJECT);
  const html = mailPage(subject, text, texts.language);
  const to = { name: undefined, address: written.to };
  return { outcome: 'composed', mail: { to, subject, text, html, id, date: firstTriedAt ?? at } };
}

/** What a mail with codes says to somebody who asked for them: where the license page is. */
export async function pageAddition(
  announcement: Announcement,
  units: readonly LicenseStory[],
  language: string | undefined,
  sources: OwnMailSources,
): Promise<string> {
  const { shop, ledger } = sources;
  const [first] = units;
  if (!shop.licensePage || first === undefined) return '';
  const texts = textsIn(shop.texts, language);
  const { buyer } = await ledger.selfService.peopleOf(first.id);
  const { at } = announcement;
  const link = async (license: Uint8Array, purpose: 'buyer' | 'holder') =>
    `<${await pageAddress(sources.base, { license, purpose, at }, sources)}>`;
  const lines =
    buyer === undefined
      ? [texts.say('mail.page', { link: await link(first.id, 'buyer') })]
      : await Promise.all(
          units.map(async ({ id }, place) =>
            texts.say('mail.of_unit', { number: String(place + 1), link: await link(id, 'holder') }),
          ),
        );
  return `${[...lines, texts.say('mail.page_text')].join('\n\n')}\n`;
}

/** The mail, or why there is nothing to say any more. */
async function write(
  announcement: Announcement,
  story: LicenseStory,
  texts: Texts,
  sources: OwnMailSources,
): Promise<Written | string> {
  const { topic, at, order } = announcement;
  const { selfService } = sources.ledger;
  const product = sources.findProduct(story.product)?.name ?? story.product;
  const named = { product: escapeMarkdown(product), order: escapeMarkdown(subscriptionOf(order) ?? order) };
  const subjectOf = (name: string) => texts.say(`mail.${name}_subject`, { product });
  const { holder, buyer } = await selfService.peopleOf(story.id);
  switch (topic) {
    case ASKED_IN_VAIN: {
      if (holder === undefined) return 'erased';
      const units = unitsOf((await storiesOf(story.id, sources)).all);
      const state = units.some((unit) => unit.state === 'suspended') ? 'suspended' : 'revoked';
      return { to: holder, subject: subjectOf(state), paragraphs: [texts.say(`mail.${state}`, named)] };
    }
    case ASKED_BY_BUYER: {
      if (buyer === undefined) return 'erased';
      const about = { license: story.id, purpose: 'buyer', at } as const;
      const link = `<${await pageAddress(sources.base, about, sources)}>`;
      const paragraphs = [texts.say('mail.buyer', named), link, texts.say('mail.page_text')];
      return { to: buyer, subject: subjectOf('buyer'), paragraphs };
    }
    default:
      return writeAboutChange(announcement, { texts, named, subjectOf }, sources);
  }
}

async function writeAboutChange(
  announcement: Announcement,
  {
    texts,
    named,
    subjectOf,
  }: {
    readonly texts: Texts;
    readonly named: Readonly<Record<string, string>>;
    readonly subjectOf: (name: string) => string;
  },
  sources: OwnMailSources,
): Promise<Written | string> {
  const now = sources.now();
  const change = await sources.ledger.selfService.findChange(changeIn(announcement));
  const isConfirm = announcement.topic === CONFIRM_ADDRESS;
  const isOpen = change !== undefined && (isConfirm ? mayConfirm(change, now) : mayUndo(change, now));
  const to = isConfirm ? change?.newAddress : change?.oldAddress;
  if (!isOpen || to == null) return 'the change of address is over';
  const link = `<${changeAddress(sources.base, isConfirm ? 'confirm' : 'undo', change, sources)}>`;
  const name = isConfirm ? 'confirm' : 'changed';
  const last = texts.say(isConfirm ? 'mail.confirm_not' : 'mail.changed_ok');
  return { to, subject: subjectOf(name), paragraphs: [texts.say(`mail.${name}`, named), link, last] };
}

async function textsOf(story: LicenseStory, { ledger, shop }: OwnMailSources): Promise<Texts> {
  const { facts } = await ledger.showOrder(story.order);
  return textsIn(shop.texts, languageAt(facts, story));
}
