/** What a product file says below `stripe:`. */
import test from 'ava';
import { findByPrice, productKeys } from '../../../src/marketplaces/stripe/product-keys.ts';
import { striped } from '../../kit/stripe.ts';

const read = (written: unknown) => productKeys.schema.safeParse(written);

test('ids of prices and products are listed; a single one needs no brackets', (t) => {
  const product = { multibuy: 'single', parameters: [] } as const;
  t.deepEqual(read({ product: 'price_1' }).data?.(product).products, ['price_1']);
  t.deepEqual(read({ product: ['price_1', 'my-own.id'] }).data?.(product).products, ['price_1', 'my-own.id']);
});

test('a file without ids would sell nothing, and another name is no id: both are refused', (t) => {
  for (const written of ['', {}, { product: [] }, { product: 'my app' }, { product: ['price_1', 'a/b'] }]) {
    const { error } = read(written);
    t.regex(error?.issues[0]?.message ?? '', /names no product|is empty/, JSON.stringify(written));
  }
});

test('a price decides before its product; the case of letters tells ids apart', (t) => {
  const [one, all] = [striped('one', ['price_A']), striped('all', ['prod_9'])];
  const find = findByPrice([all, one]);
  t.is(find('price_A', 'prod_9'), one);
  t.is(find('price_a', 'prod_9'), all);
  t.is(find('price_B', undefined), undefined);
});
