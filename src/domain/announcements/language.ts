/**
 * The language that a marketplace states for a customer, as a fact of the order. It is no name and no address: a tag of
 * two letters that millions share, so it stays when a customer is erased.
 */
import type { Market } from '../changes.ts';
import type { Fact, FactBody } from '../facts/fact.ts';
import type { Message, Product } from '../values/product.ts';

/** The body of the fact; undefined where the product has no text in that language, so that nothing is kept in vain. */
export function languageNote(
  language: string | undefined,
  products: readonly Pick<Product, 'translations'>[],
): FactBody | undefined {
  if (language === undefined) return undefined;
  const isOffered = products.some(({ translations }) => Object.hasOwn(translations, language));
  return isOffered ? { kind: 'noted', note: `the customer reads ${language}`, language } : undefined;
}

/** The language that was stated first, by the marketplace's own time, so that later statements change no text. */
export function languageIn(facts: readonly Fact[]): string | undefined {
  let first: { readonly at: number; readonly key: string; readonly language: string } | undefined;
  for (const { at, key, body } of facts) {
    if (body.kind !== 'noted' || body.language === undefined) continue;
    if (first !== undefined && (first.at < at || (first.at === at && first.key <= key))) continue;
    first = { at, key, language: body.language };
  }
  return first?.language;
}

/** The same of one market: an order's number may name an order of another market too. */
export function languageAt(facts: readonly Fact[], { marketplace, mode }: Market): string | undefined {
  return languageIn(facts.filter((fact) => fact.marketplace === marketplace && fact.mode === mode));
}

/** The product's text in a language, else its own. */
export function textIn(
  { message, translations }: Pick<Product, 'message' | 'translations'>,
  language: string | undefined,
): Message {
  return (
    (language !== undefined && Object.hasOwn(translations, language) ? translations[language] : undefined) ??
    message
  );
}
