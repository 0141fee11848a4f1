/** Products: what each file says, in words, and its mail as a buyer gets it. */
import { createHash } from 'node:crypto';
import { Marked } from 'marked';
import { addPeriod, dayOf } from '../../domain/day.ts';
import type { Product } from '../../domain/product.ts';
import { assertSafeReply } from '../../message/proof.ts';
import { sampleCodes } from '../../message/samples.ts';
import { compileMessage } from '../../message/template.ts';
import { notFound, param, query, type Screen, type Visit } from '../visit.ts';
import { MAIL_STYLE, mailDocument, productPage, productsPage } from './page.ts';

const UNITS = ['1', '3'];

export const products: Screen = {
  path: '/products',
  get: async (visit) => ({
    title: 'Products',
    nav: 'products',
    counterpart: 'products',
    body: productsPage(visit, visit.parts.catalog.all()),
  }),
};

export const product: Screen = {
  path: '/products/:product',
  get: async (visit) => {
    const found = productIn(visit);
    const units = unitsOf(visit);
    const body = productPage(visit, { product: found, units, text: mailText(visit, found, Number(units)) });
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
    const text = mailText(visit, found, Number(unitsOf(visit)));
    const framed = mailDocument(found.name, new Marked({ async: false }).parse(text) as string);
    return { framed, styleDigest: createHash('sha256').update(MAIL_STYLE).digest('base64') };
  },
};

function unitsOf(visit: Visit): string {
  const asked = query(visit, 'units') ?? '';
  return UNITS.includes(asked) ? asked : '1';
}

function productIn(visit: Visit): Product {
  const found = visit.parts.catalog.get(param(visit, 'product'));
  if (found === undefined) throw notFound('There is no product file of this name.');
  return found;
}

/** A sample sale of today, with made-up codes that unlock nothing. */
function mailText({ mode, now }: Visit, found: Product, units: number): string {
  const today = dayOf(now);
  const { term, grace, updates, features, grants, trial, seats } = found;
  const isOne = found.quantity === 'seats';
  const codes = sampleCodes(isOne ? 1 : units);
  const text = compileMessage(found.message).render({
    codes,
    license: {
      lastValid: term === 'perpetual' ? null : addPeriod(addPeriod(today, term), grace),
      updatesUntil: updates === 'unlimited' ? null : addPeriod(today, updates),
      seats: isOne ? seats * units : seats,
      features: features.reduce((bits, name, bit) => (grants.includes(name) ? bits | (1 << bit) : bits), 0),
      trial,
    },
    order: { id: '621267-5045403', quantity: units, test: mode === 'test' },
    customer: { name: 'Zoë O’Brien', email: 'zoe@example.com' },
  });
  assertSafeReply(text, codes);
  return text;
}
