/** What a product file says below `lemon-squeezy:`. */
import test from 'ava';
import { findByVariant, productKeys } from '../../../src/marketplaces/lemon-squeezy/product-keys.ts';
import { squeezed } from '../../kit/lemon-squeezy.ts';

const read = (written: unknown) => productKeys.schema.safeParse(written);

test('ids of variants and of products are listed apart, because one number may be both', (t) => {
  const product = { multibuy: 'single', parameters: [] } as const;
  t.deepEqual(read({ variant: '101' }).data?.(product).products, ['101']);
  t.deepEqual(read({ product: '101' }).data?.(product).products, ['product 101']);
  t.deepEqual(read({ variant: ['1', '2'], product: ['3'] }).data?.(product).products, [
    '1',
    '2',
    'product 3',
  ]);
});

test('a file without ids would sell nothing, and another name is no id: both are refused', (t) => {
  for (const written of ['', {}, { variant: [] }]) {
    t.regex(read(written).error?.issues[0]?.message ?? '', /neither a variant nor a product|is empty/);
  }
  for (const written of [{ variant: 'my-app' }, { product: ['1', 'pri_1'] }, { variant: '0' }]) {
    t.regex(
      read(written).error?.issues[0]?.message ?? '',
      /something else than ids/,
      JSON.stringify(written),
    );
  }
});

test('a variant decides before its product', (t) => {
  const [one, all] = [squeezed('one', ['101']), squeezed('all', ['product 10', 'product 101'])];
  const find = findByVariant([all, one]);
  t.is(find('101', '10'), one);
  t.is(find('102', '10'), all);
  t.is(find('102', '11'), undefined);
  t.is(find('10', undefined), undefined, 'the number of a product is not that of a variant');
});
