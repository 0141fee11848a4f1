/** `marketplaces: paddle-classic:` in a product file. */
import { nameList } from '../../catalog/values.ts';
import { productKeysOf } from '../product-keys.ts';

export const productKeys = productKeysOf(
  // Several ids: the plans of a subscription, or the editions of a product.
  { product: nameList(100).exactOptional() },
  ({ product = [] }, { multibuy }) => ({
    products: product,
    reply: 'markdown',
    parameters: [],
    ...(multibuy === 'separate' && { askedByUnit: true }),
  }),
);
