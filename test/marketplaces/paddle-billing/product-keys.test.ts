/** What a product file says below `paddle-billing:`. */
import test from 'ava';
import { findByPrice, productKeys } from '../../../src/marketplaces/paddle-billing/product-keys.ts';
import { billed } from '../../kit/paddle-billing.ts';

const read = (written: unknown) => productKeys.schema.safeParse(written);

test('ids of prices and products are listed; a single one needs no brackets', (t) => {
  const product = { multibuy: 'single', parameters: [] } as const;
  t.deepEqual(read({ product: 'pri_1' }).data?.(product).products, ['pri_1']);
  t.deepEqual(read({ product: ['pri_1', 'pro_2'] }).data?.(product).products, ['pri_1', 'pro_2']);
});

test('a file without ids would sell nothing, and another name is no id: both are refused', (t) => {
  for (const written of ['', {}, { product: [] }, { product: 'my-app' }, { product: ['pri_1', '47023'] }]) {
    const { error } = read(written);
    t.regex(error?.issues[0]?.message ?? '', /names no product|is empty/, JSON.stringify(written));
  }
});

test('a price decides before its product, in either case of its letters', (t) => {
  const [one, all] = [billed('one', ['PRI_1']), billed('all', ['pro_9'])];
  const find = findByPrice([all, one]);
  t.is(find('pri_1', 'pro_9'), one);
  t.is(find('pri_2', 'PRO_9'), all);
  t.is(find('pri_2', undefined), undefined);
});
