/** The definition of Lemon Squeezy for the list of marketplaces. */
import type { MarketplaceDefinition } from '../marketplace.ts';
import { productKeys } from './product-keys.ts';
import { settings } from './settings.ts';
import { simulator } from './simulator.ts';

export const lemonSqueezy: MarketplaceDefinition = {
  name: 'lemon-squeezy',
  title: 'Lemon Squeezy',
  settings,
  goLive: 'LEMON_SQUEEZY_WEBHOOK_SECRETS (docs/marketplaces/lemon-squeezy.md)',
  productKeys,
  reply: 'markdown',
  mails: { sold: false, renewed: false },
  loadStoredEvents: () => import('./events.ts'),
  simulator,
};
