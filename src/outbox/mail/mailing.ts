/** What product files switch on: which mails go to customers, in which version of the text. */
import type { Mailing } from '../../domain/announcements/announcing.ts';
import { textIn } from '../../domain/announcements/language.ts';
import type { Product } from '../../domain/values/product.ts';
import type { IsMailed } from './topics.ts';

/** A product without a file: the text that its order was answered with counts. */
export function mailingOf(findProduct: (id: string) => Product | undefined, isMailed: IsMailed): Mailing {
  return {
    mail: (topic, { product: id, marketplace, language }) => {
      const product = findProduct(id);
      if (!isMailed(product ?? WITHOUT_FILE, marketplace, topic)) return undefined;
      return { text: product === undefined ? null : textIn(product, language).digest };
    },
    remindBefore: ({ product }) => {
      const days = findProduct(product)?.mail.reminder;
      return days === undefined ? undefined : `P${days}D`;
    },
  };
}

const WITHOUT_FILE: Pick<Product, 'mail'> = { mail: { topics: {}, reminder: undefined } };
