/** The language that a customer of a sale chose at Paddle. */
import { languageNote } from '../../domain/announcements/language.ts';
import { orderSubject } from '../../domain/values/order-subject.ts';
import { languageOfTag } from '../country-language.ts';
import { type Loose, recordOf, textOf } from '../loose.ts';
import type { Told } from '../told.ts';
import type { FindByPrice } from './product-keys.ts';
import { soldProducts } from './transactions.ts';

/** `data`: a transaction; `customer`: of the transaction, or fetched. */
export function languageFacts(data: Loose, customer: unknown, findProduct: FindByPrice): readonly Told[] {
  const id = textOf(data['id']);
  const language = languageOfTag(textOf(recordOf(customer)['locale']));
  const body = languageNote(language, soldProducts(data, findProduct));
  return id === undefined || body === undefined
    ? []
    : [{ subject: orderSubject(id), key: `language:${id}`, body }];
}
