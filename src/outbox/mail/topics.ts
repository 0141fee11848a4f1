/** Which mails Mintmark sends for a product: what its file says, else what the marketplace does not mail by itself. */
import type { MailTopic } from '../../domain/values/announcement.ts';
import type { Marketplace } from '../../domain/values/order.ts';
import type { Product } from '../../domain/values/product.ts';
import type { MarketplaceDefinition } from '../../marketplaces/marketplace.ts';

export type IsMailed = (
  product: Pick<Product, 'mail'>,
  marketplace: Marketplace,
  topic: MailTopic,
) => boolean;

/** An own sale is of no marketplace in the list: nobody else mails it. */
export function mailTopics(marketplaces: readonly Pick<MarketplaceDefinition, 'name' | 'mails'>[]): IsMailed {
  const mails = new Map(marketplaces.map((each) => [each.name, each.mails]));
  return ({ mail }, marketplace, topic) => {
    switch (topic) {
      case 'asked':
        return true;
      case 'reminder':
        return mail.reminder !== undefined;
      case 'withdrawn':
        return mail.topics.withdrawn ?? false;
      case 'sold':
      case 'renewed':
        return mail.topics[topic] ?? !(mails.get(marketplace)?.[topic] ?? false);
      default:
        return mail.topics[topic] ?? true;
    }
  };
}
