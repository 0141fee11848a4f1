/** The reply that becomes the order's license: the codes, one per line, or the whole text if the product says so. */
import type { AnsweredLicense } from '../../domain/requests/fulfill.ts';
import type { Customer, Order } from '../../domain/values/order.ts';
import type { Product } from '../../domain/values/product.ts';
import { type ReplySources, writeMessage } from '../../message/reply.ts';

export async function writeReply(
  licenses: readonly [AnsweredLicense, ...AnsweredLicense[]],
  order: Order,
  product: Product,
  customer: Customer,
  parts: ReplySources,
): Promise<string> {
  if (product.marketplaces['fastspring']?.reply === 'markdown') {
    return writeMessage(licenses, order, customer, parts);
  }
  // No line end after the last code: an empty line would be one more license.
  return licenses.map(({ answer }) => answer.code).join('\n');
}
