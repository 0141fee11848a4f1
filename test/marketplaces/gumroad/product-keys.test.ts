/** `marketplaces: gumroad:` in a product file, and which product a sale is of. */
import test from 'ava';
import { findSold, productKeys, wareOf } from '../../../src/marketplaces/gumroad/product-keys.ts';
import { gummed } from '../../kit/gumroad.ts';

function parsed(written: unknown) {
  const read = productKeys.schema.safeParse(written);
  return read.success
    ? read.data({ multibuy: 'single', parameters: [] }).products
    : read.error.issues.map(({ message }) => message);
}

test('products are ids or the ends of addresses, and with variants the file is for those alone', (t) => {
  t.deepEqual(parsed({ product: 'exed' }), ['exed']);
  t.deepEqual(parsed({ product: ['a==', 'b_c'], variant: ['Pro', 'Team L'] }), [
    'a== (Pro)',
    'a== (Team L)',
    'b_c (Pro)',
    'b_c (Team L)',
  ]);
});

test('what names no product is a fault', (t) => {
  for (const written of ['', {}, { variant: 'Pro' }]) t.regex(parsed(written)[0] ?? '', /names no product/);
  t.regex(parsed({ product: 'https://you.gumroad.com/l/exed' })[0] ?? '', /ends of their addresses/);
});

test('a file for a variant comes before the one for all, and an id is as good as the end of the address', (t) => {
  const [all, pro] = [gummed('all', ['exed']), gummed('pro', ['id== (Pro)'])];
  const find = findSold([all, pro]);
  const sold = { id: 'id==', permalink: 'exed' };
  t.is(find({ ...sold, options: ['Pro'] }), pro);
  t.is(find({ ...sold, options: ['Basic'] }), all);
  t.is(find({ ...sold, options: [] }), all);
  t.is(find({ id: undefined, permalink: 'exed', options: [] }), all);
  t.is(find({ id: 'other', permalink: undefined, options: ['Pro'] }), undefined);
});

test('the simulator sells what a file lists', (t) => {
  t.deepEqual(wareOf('exed'), { product: 'exed', option: undefined });
  t.deepEqual(wareOf('id== (Pro (new))'), { product: 'id==', option: 'Pro (new)' });
});
