/** License requests without a hash, for the reader. */
import type { Product } from '../../../src/domain/values/product.ts';
import { AppError } from '../../../src/errors.ts';
import { readRequest } from '../../../src/marketplaces/fastspring/requests.ts';
import type { Caller } from '../../../src/marketplaces/marketplace.ts';
import { PLAN } from './reading.ts';

export const NOW = Date.UTC(2026, 10, 20, 9);
export const REFERENCE = 'ACME261120-1234-56789';

export type Values = Readonly<Record<string, string | undefined>>;

export function ask(product: Product, more: Values = {}, caller: Caller = 'live', pattern?: RegExp) {
  const values: Values = { reference: REFERENCE, quantity: '1', ...more };
  const fields = Object.entries(values).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  return readRequest(new Map(fields), product, caller, NOW, pattern);
}

/** A product whose file lists further parameters, as completeFields makes it. */
export const LISTED: Product = {
  ...PLAN,
  fields: {
    ...PLAN.fields,
    product: ['mintmark_product', 'product'],
    features: ['mintmark_features'],
    units: ['mintmark_quantity'],
  },
  marketplaces: {
    fastspring: {
      products: ['plan-monthly', 'plan-yearly'],
      reply: 'codes',
      parameters: ['mintmark_product', 'mintmark_features', 'mintmark_quantity', 'campaign'],
    },
  },
};

export function refusal(
  t: { throws: (act: () => unknown, wanted: object) => unknown },
  act: () => unknown,
): string {
  const error = t.throws(act, { instanceOf: AppError }) as AppError;
  return `${error.code}: ${error.message}`;
}
