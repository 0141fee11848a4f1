/** What decisions need beside the data that was loaded: products, terms, the minter. None of it changes a ledger. */
import type { Minter } from './minter.ts';
import type { Marketplace } from './order.ts';
import type { Product } from './product.ts';
import type { KeptTerms, Terms } from './terms.ts';

export interface Rules {
  readonly minter: Minter;
  readonly findProduct: (id: string) => Product | undefined;
  /** The terms of a product file as it is now. */
  readonly currentTerms: (id: string) => KeptTerms | undefined;
  /** Terms by their digest, of any sale ever. */
  readonly findTerms: (digest: string) => Terms | undefined;
  /** The marketplace sends events here, so an order that was requested is confirmed by one. */
  readonly expectsEvents: (marketplace: Marketplace) => boolean;
}
