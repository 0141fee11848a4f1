/** The definition of FastSpring for the list of marketplaces. */
import type { MarketplaceDefinition } from '../marketplace.ts';
import { productKeys } from './product-keys.ts';
import { settings } from './settings.ts';
import { simulator } from './simulator.ts';

export const fastSpring: MarketplaceDefinition = {
  name: 'fastspring',
  title: 'FastSpring',
  settings,
  goLive: 'FASTSPRING_LICENSE_KEYS and FASTSPRING_WEBHOOK_SECRETS (docs/marketplaces/fastspring.md)',
  productKeys,
  reply: 'codes',
  // A second fulfillment, "Rebills Only", asks at each rebill (docs/marketplaces/fastspring.md).
  mails: { sold: true, renewed: true },
  loadStoredEvents: () => import('./events.ts'),
  simulator,
};
