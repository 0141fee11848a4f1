/**
 * The channel of customers' questions about lost codes: looks up what was typed, later than the request, and writes mails to
 * the address that the ledger holds. What became of a question is for the seller alone, and names nothing that was typed.
 */
import { languageAt, textIn } from '../../domain/announcements/language.ts';
import type { Ledger } from '../../domain/ledger.ts';
import { ASKED_BY_BUYER, ASKED_IN_VAIN, type Typed } from '../../domain/ports/self-service.ts';
import { newestReissues } from '../../domain/subscriptions/units.ts';
import { type NewAnnouncement, TO_CUSTOMER } from '../../domain/values/announcement.ts';
import type { Product } from '../../domain/values/product.ts';
import type { Channel, Tried } from '../channel.ts';
import { type FoundLicense, findAsked } from './find-asked.ts';

export interface InquirySources {
  readonly ledger: Pick<Ledger, 'find' | 'showOrder' | 'selfService'>;
  readonly findProduct: (id: string) => Product | undefined;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
}

/** When all customers together ask too much. */
const LATER_MILLISECONDS = 10 * 60_000;

export function createInquiryChannel(sources: InquirySources): Channel {
  const { ledger, now } = sources;
  return {
    name: 'inquiry',
    send: async ({ number, id }): Promise<Tried> => {
      const typed = await ledger.selfService.typed(number);
      if (typed === undefined)
        return { outcome: 'refused', answer: 'an hour went by, and what was typed is deleted' };
      const mails = await mailsFor(typed, id, sources);
      if (mails.length === 0) return { outcome: 'sent', answer: 'no order has this number and this address' };
      switch (await ledger.selfService.answer(number, mails, now())) {
        case 'answer':
          return { outcome: 'sent', answer: 'answered by mail' };
        case 'limited':
          return { outcome: 'sent', answer: 'not answered: this order or address was answered often enough' };
        case 'later': {
          const answer = 'waits: customers were sent as many answers within an hour as may be';
          return { outcome: 'failed', answer, notBefore: now() + LATER_MILLISECONDS };
        }
      }
    },
  };
}

/** One mail for each product of the order. */
async function mailsFor(
  typed: Typed,
  inquiry: string,
  { ledger, findProduct }: InquirySources,
): Promise<readonly NewAnnouncement[]> {
  const found = await findAsked(typed, ledger);
  const groups = Map.groupBy(found, ({ license: { marketplace, mode, order, product } }) =>
    JSON.stringify([marketplace, mode, order, product]),
  );
  const mails: NewAnnouncement[] = [];
  for (const group of groups.values()) {
    const mail = await mailAbout(group, inquiry, ledger, findProduct);
    if (mail !== undefined) mails.push(mail);
  }
  return mails;
}

async function mailAbout(
  group: readonly FoundLicense[],
  inquiry: string,
  ledger: InquirySources['ledger'],
  findProduct: InquirySources['findProduct'],
): Promise<NewAnnouncement | undefined> {
  const units = newestReissues(group.map(({ license }) => license));
  const unlocking = units.filter(({ state }) => state === 'active' || state === 'ended');
  const [first] = unlocking.length > 0 ? unlocking : units;
  const [person] = group;
  if (first === undefined || person === undefined) return undefined;
  const { marketplace, mode, order, revision, history } = first;
  const product = findProduct(first.product);
  const { facts } = await ledger.showOrder(order);
  const text = product === undefined ? null : textIn(product, languageAt(facts, first)).digest;
  const withCodes = unlocking.length > 0 ? 'asked' : ASKED_IN_VAIN;
  const topic = person.asks === 'buyer' ? ASKED_BY_BUYER : withCodes;
  const about = { marketplace, mode, order, product: first.product, license: first.id, revision, text };
  const key = `inquiry:${inquiry}`;
  const sequence = history.length;
  return { channel: 'mail', target: TO_CUSTOMER, topic, ...about, sequence, body: null, key };
}
