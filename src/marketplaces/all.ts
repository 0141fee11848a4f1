/** The only list of the marketplaces, one per line, in the order in which they are shown. */
import type { MarketplaceDefinition } from './marketplace.ts';

export const MARKETPLACES: readonly MarketplaceDefinition[] = [
  (await import('./paddle-classic/paddle-classic.ts')).paddleClassic,
  (await import('./fastspring/fastspring.ts')).fastSpring,
  (await import('./paddle-billing/paddle-billing.ts')).paddleBilling,
  (await import('./stripe/stripe.ts')).stripe,
  (await import('./lemon-squeezy/lemon-squeezy.ts')).lemonSqueezy,
];
