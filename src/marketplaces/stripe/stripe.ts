/** The definition of Stripe for the list of marketplaces. */
import type { MarketplaceDefinition } from '../marketplace.ts';
import { productKeys } from './product-keys.ts';
import { settings } from './settings.ts';
import { simulator } from './simulator.ts';

export const stripe: MarketplaceDefinition = {
  name: 'stripe',
  title: 'Stripe',
  settings,
  goLive: 'STRIPE_WEBHOOK_SECRETS and STRIPE_API_KEY (docs/marketplaces/stripe.md)',
  productKeys,
  reply: 'markdown',
  mails: { sold: false, renewed: false },
  loadStoredEvents: () => import('./events.ts'),
  simulator,
};
