/** The definition of Gumroad for the list of marketplaces. */
import type { MarketplaceDefinition } from '../marketplace.ts';
import { productKeys } from './product-keys.ts';
import { settings } from './settings.ts';
import { simulator } from './simulator.ts';

export const gumroad: MarketplaceDefinition = {
  name: 'gumroad',
  title: 'Gumroad',
  settings,
  goLive: 'GUMROAD_PING_SECRETS and GUMROAD_ACCESS_TOKEN (docs/marketplaces/gumroad.md)',
  productKeys,
  reply: 'markdown',
  mails: { sold: false, renewed: false },
  loadStoredEvents: () => import('./events.ts'),
  isAddressSecret: true,
  simulator,
};
