/** A product for the domain's tests: no file, no ledger. */
import type { Message, Product } from '../../src/domain/values/product.ts';
import { messageDigest } from '../../src/message/digest.ts';

const CONTENT = {
  productId: 'app',
  productName: 'App',
  features: ['export', 'sync'],
  body: 'Your code: {{ code }}\n',
};
const MESSAGE: Message = { digest: messageDigest(CONTENT), ...CONTENT };

export function productOf(wanted: Partial<Product> = {}): Product {
  return {
    id: 'app',
    name: 'App',
    term: 'P1Y',
    grace: 'P14D',
    updates: 'unlimited',
    quantity: 'codes',
    seats: 1,
    multibuy: 'single',
    features: ['export', 'sync'],
    grants: ['export', 'sync'],
    trial: false,
    trialTerm: undefined,
    selfReissue: 0,
    downloads: { limit: 30 },
    marketplaces: {},
    overdue: 'suspend',
    ended: 'expire',
    refund: 'revoke',
    fields: {
      email: [],
      name: [],
      company: [],
      reference: [],
      quantity: [],
      subscriptionReference: [],
      sequence: [],
      test: [],
      product: [],
      trial: [],
      trialEnd: [],
      features: [],
      units: [],
    },
    mail: { topics: {}, reminder: undefined },
    message: MESSAGE,
    translations: {},
    ...wanted,
  };
}

/** Sold where each unit can have its own fulfillment request. */
export function separateProduct(wanted: Partial<Product> = {}): Product {
  return productOf({
    multibuy: 'separate',
    marketplaces: {
      'paddle-classic': { products: [], reply: 'markdown', parameters: [], askedByUnit: true },
    },
    ...wanted,
  });
}
