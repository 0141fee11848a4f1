/** The digest of a version of a product's text. */
import { createHash } from 'node:crypto';
import type { Message } from '../domain/values/product.ts';

/**
 * SHA-256, lower-case hex, over the JSON of the other fields in alphabetical order: the same text has the same digest
 * everywhere and at any time. A field that is absent leaves no trace, so texts of older releases keep their digest.
 */
export function messageDigest(message: Omit<Message, 'digest'>): string {
  const { body, downloads, features, language, page, productId, productName, renewUrl, subject } = message;
  const canonical = JSON.stringify({
    body,
    downloads,
    features,
    language,
    page,
    productId,
    productName,
    renewUrl,
    subject,
  });
  return createHash('sha256').update(canonical).digest('hex');
}
