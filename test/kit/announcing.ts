/** Who is told, for tests: everything is switched on unless a test says otherwise. */
import type { Announcing } from '../../src/domain/announcements/announcing.ts';
import type { KeptAnnouncement } from '../../src/domain/ports/outbox-ledger.ts';
import {
  MAIL_TOPICS,
  type MailTopic,
  WEBHOOK_TOPICS,
  type WebhookTopic,
} from '../../src/domain/values/announcement.ts';
import type { Period } from '../../src/domain/values/day.ts';

interface Wanted {
  readonly mails?: readonly MailTopic[];
  readonly webhooks?: readonly WebhookTopic[];
  /** The names of endpoints. */
  readonly endpoints?: readonly string[];
  readonly remindBefore?: Period;
}

export function announcing({
  mails = MAIL_TOPICS,
  webhooks = WEBHOOK_TOPICS,
  endpoints = ['crm'],
  remindBefore,
}: Wanted = {}): Announcing {
  return {
    mail: (topic) => (mails.includes(topic) ? { text: null } : undefined),
    remindBefore: () => remindBefore,
    endpoints: (topic) => (webhooks.includes(topic) ? endpoints : []),
  };
}

export const MAILS_ONLY = announcing({ webhooks: [] });
export const WEBHOOKS_ONLY = announcing({ mails: [] });

/** `topic sequence`, oldest first. */
export function topicsOf(announcements: readonly KeptAnnouncement[]): readonly string[] {
  return announcements.map(({ topic, sequence }) => `${topic} ${sequence}`).reverse();
}
