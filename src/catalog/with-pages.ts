/** Gives the texts that name a license page its public address, so that a version of a text keeps it. */
import type { Message, Product } from '../domain/product.ts';
import { messageDigest } from '../message/digest.ts';
import type { Catalog } from './catalog.ts';

const NAMES_PAGE = /\blicense\.page\b/;

/** `base`: `https://licenses.example.com`; undefined: pages are off. */
export function withPages(catalog: Catalog, base: string | undefined): Catalog {
  if (base === undefined) return catalog;
  const products = catalog.all().map((product) => withPage(product, base));
  const byId = new Map(products.map((product) => [product.id, product]));
  return { get: (id) => byId.get(id), all: () => products };
}

function withPage(product: Product, base: string): Product {
  const located = (message: Message): Message => {
    if (!NAMES_PAGE.test(message.body)) return message;
    const { digest: _, ...content } = { ...message, page: base };
    return { digest: messageDigest(content), ...content };
  };
  const translations = Object.entries(product.translations).map(([tag, text]) => [tag, located(text)]);
  return { ...product, message: located(product.message), translations: Object.fromEntries(translations) };
}
