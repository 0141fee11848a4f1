/** Whether the service mails the new code of a reissued license. Otherwise the seller has to send it. */
import type { LicenseStory } from '../domain/ledger.ts';
import type { Opened } from '../service/open.ts';
import { announceRules } from '../service/outbox.ts';
import type { CliContext } from './context.ts';

export type IsMailed = (license: LicenseStory) => boolean;

/** As the settings and the product files say now. */
export async function readIsMailed(
  context: CliContext,
  { catalog }: Pick<Opened, 'catalog'>,
): Promise<IsMailed> {
  const announcing = await announceRules(context.config(), catalog);
  return ({ product, marketplace, mode, customer }) =>
    customer.email !== undefined &&
    announcing?.mail('reissued', { product, marketplace, mode }) !== undefined;
}
