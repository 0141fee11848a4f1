/** What the customer's pages are made of: the service gives it. */
import type { Desk } from '../domain/desk/operator.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { Minter } from '../domain/minter.ts';
import type { Offers } from '../domain/requests/offer.ts';
import type { Marketplace } from '../domain/values/order.ts';
import type { Product } from '../domain/values/product.ts';
import type { LinkTokens } from '../keyring/link-token.ts';
import type { Log } from '../log.ts';
import type { Shop } from './shop.ts';

export interface CustomerParts {
  readonly ledger: Ledger;
  readonly desk: Desk;
  readonly minter: Pick<Minter, 'entitlementOf'>;
  readonly findProduct: (id: string) => Product | undefined;
  readonly tokens: LinkTokens;
  readonly shop: Shop;
  /** The public address: `https://licenses.example.com`. */
  readonly base: string;
  /** Undefined: downloads are off. */
  readonly offers: Offers | undefined;
  /** The display name of a marketplace; undefined for a sale of your own. */
  readonly marketplaceTitle: (marketplace: Marketplace) => string | undefined;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
  readonly log: Pick<Log, 'error'>;
}
