/** The marketplaces: the only list of them, in the order in which they are shown. A line each. */
import type { MarketplaceDefinition } from './marketplace.ts';

export const MARKETPLACES: readonly MarketplaceDefinition[] = [
  (await import('./paddle-classic/paddle-classic.ts')).paddleClassic,
  (await import('./fastspring/fastspring.ts')).fastSpring,
];
