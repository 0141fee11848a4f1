/** Who is told of changes: what the settings, product files and endpoints switch on. */
import type { MailTopic, WebhookTopic } from '../values/announcement.ts';
import type { Period } from '../values/day.ts';
import type { Marketplace, Mode } from '../values/order.ts';

/** A sale, as settings choose whether it is mailed. */
export interface MailedSale {
  readonly product: string;
  readonly marketplace: Marketplace;
  readonly mode: Mode;
}

/** What is switched on. Asked inside the ledger's acts, so each answer is a look-up. */
export interface Announcing {
  /** Whether the customer is mailed on this occasion, and the digest of the text's version. undefined: no. */
  readonly mail: (
    topic: MailTopic,
    sale: MailedSale & { readonly language?: string | undefined },
  ) => { readonly text: string | null } | undefined;
  /** How long before the last valid day the customer is reminded; undefined: never. */
  readonly remindBefore: (sale: MailedSale) => Period | undefined;
  /** The names of the endpoints that want a topic. */
  readonly endpoints: (topic: WebhookTopic, mode: Mode) => readonly string[];
}

/** What mail switches on, and what webhooks switch on: each part of the outbox makes its own. */
export type Mailing = Pick<Announcing, 'mail' | 'remindBefore'>;
export type Telling = Pick<Announcing, 'endpoints'>;

/** undefined: nobody is told of anything. */
export function announcingOf({
  mailing,
  telling,
}: {
  readonly mailing?: Mailing | undefined;
  readonly telling?: Telling | undefined;
}): Announcing | undefined {
  if (mailing === undefined && telling === undefined) return undefined;
  return {
    mail: (topic, sale) => mailing?.mail(topic, sale),
    remindBefore: (sale) => mailing?.remindBefore(sale),
    endpoints: (topic, mode) => telling?.endpoints(topic, mode) ?? [],
  };
}
