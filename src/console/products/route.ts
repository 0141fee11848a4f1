/** Products: what each file says, in words, and its mail as a buyer gets it. */
import { createHash } from 'node:crypto';
import { Marked } from 'marked';
import type { Product } from '../../domain/values/product.ts';
import { sampleMail, topicsOf } from '../../message/sample-mail.ts';
import { sayingOf } from '../decisions/sayings.ts';
import type { ReadProducts } from '../parts.ts';
import { notFound, param, query, type Screen, type Visit } from '../visit.ts';
import { MAIL_STYLE, mailDocument, type Newer, type PickedMail, productPage, productsPage } from './page.ts';

const UNITS = ['1', '3'];

export const products: Screen = {
  path: '/products',
  get: async (visit) => ({
    title: 'Products',
    nav: 'products',
    counterpart: 'products',
    body: productsPage(visit, visit.parts.catalog.all(), await visit.parts.readProducts()),
  }),
};

export const product: Screen = {
  path: '/products/:product',
  get: async (visit) => {
    const found = productIn(visit);
    const { subject, text } = mailOf(visit, found);
    const [newer, terms] = await Promise.all([visit.parts.readProducts(), waitingTerms(visit, found)]);
    const body = productPage(visit, {
      product: found,
      picked: pickedOf(visit, found),
      topics: topicsOf(found),
      subject,
      text,
      newer: newerOf(found, newer),
      otherTerms: terms,
      did: sayingOf(query(visit, 'did')),
    });
    return {
      title: found.name,
      nav: 'products',
      counterpart: `products/${encodeURIComponent(found.id)}`,
      framing: true,
      body,
    };
  },
};

/** The mail alone, in a document without scripts: the page shows it in a frame. */
export const mail: Screen = {
  path: '/products/:product/mail',
  get: async (visit) => {
    const found = productIn(visit);
    const { text, language } = mailOf(visit, found);
    const framed = mailDocument(found.name, language, new Marked({ async: false }).parse(text) as string);
    return { framed, styleDigest: createHash('sha256').update(MAIL_STYLE).digest('base64') };
  },
};

/** Whether the file says something else than the product that is in force. */
function newerOf(product: Product, read: ReadProducts): Newer {
  if ('fault' in read) return { fault: read.fault };
  const now = read.products.find(({ id }) => id === product.id);
  if (now === undefined) return 'gone';
  return JSON.stringify(now) === JSON.stringify(product) ? 'same' : 'waits';
}

/** How many licenses have other terms than the file in force. */
async function waitingTerms({ parts }: Visit, { id }: Product): Promise<number> {
  const current = parts.desk.rules.currentTerms(id);
  const sold = await parts.reader.countTerms();
  const others = sold.filter(
    (each) => each.product === id && each.digest !== null && each.digest !== current?.digest,
  );
  return others.reduce((sum, { licenses }) => sum + licenses, 0);
}

export function productIn(visit: Visit): Product {
  const found = visit.parts.catalog.get(param(visit, 'product'));
  if (found === undefined) throw notFound('There is no product file of this name.');
  return found;
}

/** The mail of a sample sale of today, with made-up codes that unlock nothing. */
function mailOf(visit: Visit, found: Product) {
  const { topic, language, units } = pickedOf(visit, found);
  const message = (language === '' ? undefined : found.translations[language]) ?? found.message;
  const sale = { units: Number(units), isTest: visit.mode === 'test' };
  return sampleMail(found, message, topic, sale, visit.now);
}

/** What the address asks for, and what there is otherwise. */
function pickedOf(visit: Visit, found: Product): PickedMail {
  const units = query(visit, 'units') ?? '';
  const language = query(visit, 'language') ?? '';
  return {
    units: UNITS.includes(units) ? units : '1',
    topic: topicsOf(found).find((each) => each === query(visit, 'topic')) ?? 'sold',
    language: Object.hasOwn(found.translations, language) ? language : '',
  };
}
