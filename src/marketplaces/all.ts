/** The only list of the marketplaces, one per line, in the order in which they are shown. */
import type { MarketplaceDefinition } from './marketplace.ts';

export const MARKETPLACES: readonly MarketplaceDefinition[] = [
  (await import('./paddle-classic/paddle-classic.ts')).paddleClassic,
  (await import('./fastspring/fastspring.ts')).fastSpring,
  (await import('./paddle-billing/paddle-billing.ts')).paddleBilling,
  (await import('./stripe/stripe.ts')).stripe,
  (await import('./lemon-squeezy/lemon-squeezy.ts')).lemonSqueezy,
  (await import('./gumroad/gumroad.ts')).gumroad,
];

/** Marketplaces between which sellers move their subscriptions, for `mintmark migrate`. `command`: how it calls them. */
export const MOVES: readonly Moves[] = [
  { command: 'paddle', from: definitionOf('paddle-classic'), to: definitionOf('paddle-billing') },
];

export interface Moves {
  readonly command: string;
  readonly from: MarketplaceDefinition;
  readonly to: MarketplaceDefinition;
}

function definitionOf(marketplace: string): MarketplaceDefinition {
  const definition = MARKETPLACES.find(({ name }) => name === marketplace);
  if (definition === undefined) throw new TypeError(`there is no marketplace ${marketplace}`);
  return definition;
}
