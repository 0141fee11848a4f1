/** What decisions need beside the loaded data: products, terms, the minter. All of it is read-only. */
import type { Announcing } from './announcements/announcing.ts';
import type { Market } from './changes.ts';
import type { Minter } from './minter.ts';
import type { Marketplace } from './values/order.ts';
import type { Product } from './values/product.ts';
import type { KeptTerms, Terms } from './values/terms.ts';

/** The rules that the service knows before it opens the ledger. */
export interface ServiceRules {
  readonly minter: Minter;
  readonly findProduct: (id: string) => Product | undefined;
  /** The terms of a product file as it is now. */
  readonly currentTerms: (id: string) => KeptTerms | undefined;
  /** Whether the marketplace sends events to this service, so that an event confirms each requested order. */
  readonly expectsEvents: (marketplace: Marketplace) => boolean;
  /** Whether what events of a market lack can be fetched; absent: of none. */
  readonly canFetch?: ((market: Market) => boolean) | undefined;
  /** Who is told of changes; undefined: nobody. */
  readonly announce?: Announcing | undefined;
}

export interface Rules extends ServiceRules {
  /** Terms by their digest, of any sale ever; the ledger keeps them. */
  readonly findTerms: (digest: string) => Terms | undefined;
}
