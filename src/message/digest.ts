/** The digest of a version of a product's text. */
import { createHash } from 'node:crypto';
import type { Message } from '../domain/product.ts';

/**
 * SHA-256, lower-case hex, over the JSON of the other fields in alphabetical order: the same text has the same digest
 * everywhere and at any time.
 */
export function messageDigest({ body, features, productId, productName }: Omit<Message, 'digest'>): string {
  const canonical = JSON.stringify({ body, features, productId, productName });
  return createHash('sha256').update(canonical).digest('hex');
}
