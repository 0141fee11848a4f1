/** Gives the texts that name a page or a download its public address, so that a version of a text keeps it. */
import type { Message, Product } from '../domain/values/product.ts';
import { messageDigest } from '../message/digest.ts';
import type { Catalog } from './catalog.ts';

const NAMES_PAGE = /\blicense\.page\b/;
const NAMES_DOWNLOAD = /\bdownload\.latest\b/;

/** `https://licenses.example.com`; undefined: there are none. */
export interface PublicBases {
  readonly pages: string | undefined;
  readonly downloads: string | undefined;
}

export function withPages(catalog: Catalog, bases: PublicBases): Catalog {
  if (bases.pages === undefined && bases.downloads === undefined) return catalog;
  const products = catalog.all().map((product) => withPage(product, bases));
  const byId = new Map(products.map((product) => [product.id, product]));
  return { get: (id) => byId.get(id), all: () => products };
}

function withPage(product: Product, { pages, downloads }: PublicBases): Product {
  const located = (message: Message): Message => {
    const page = NAMES_PAGE.test(message.body) ? pages : undefined;
    const download = NAMES_DOWNLOAD.test(message.body) ? downloads : undefined;
    if (page === undefined && download === undefined) return message;
    const { digest: _, ...content } = {
      ...message,
      ...(page !== undefined && { page }),
      ...(download !== undefined && { downloads: download }),
    };
    return { digest: messageDigest(content), ...content };
  };
  const translations = Object.entries(product.translations).map(([tag, text]) => [tag, located(text)]);
  return { ...product, message: located(product.message), translations: Object.fromEntries(translations) };
}
