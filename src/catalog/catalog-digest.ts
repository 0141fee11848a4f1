/** The digest of all product files, by what they mean for a sale: terms and texts. */
import { createHash } from 'node:crypto';
import type { Catalog } from './catalog.ts';
import { keptTermsOf } from './kept-terms.ts';

/** 64 hex digits. */
export function catalogDigest(catalog: Catalog): string {
  const lines = catalog.all().map((product) => {
    const { id, message, translations } = product;
    const texts = Object.entries(translations).map(([language, text]) => `${language} ${text.digest}`);
    return [id, keptTermsOf(product).digest, message.digest, ...texts.sort()].join('\n');
  });
  return createHash('sha256').update(lines.sort().join('\n\n')).digest('hex');
}
