/** Whether the service mails a code on an occasion. Otherwise the seller has to send it. */

import type { LicenseStory } from '../domain/ledger.ts';
import type { MailTopic } from '../domain/values/announcement.ts';
import type { Opened } from '../service/open.ts';
import { announceRules } from '../service/outbox.ts';
import type { CliContext } from './context.ts';

export type IsMailed = (
  license: Pick<LicenseStory, 'product' | 'marketplace' | 'mode' | 'customer'>,
) => boolean;

/** As the settings and the product files say now. */
export async function readIsMailed(
  context: CliContext,
  { catalog }: Pick<Opened, 'catalog'>,
  topic: MailTopic,
): Promise<IsMailed> {
  const announcing = await announceRules(context.config(), catalog);
  return ({ product, marketplace, mode, customer }) =>
    customer.email !== undefined && announcing?.mail(topic, { product, marketplace, mode }) !== undefined;
}
