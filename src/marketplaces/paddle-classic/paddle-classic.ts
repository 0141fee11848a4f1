/** The definition of Paddle Classic for the list of marketplaces. */
import type { MarketplaceDefinition } from '../marketplace.ts';
import { productKeys } from './product-keys.ts';
import { settings } from './settings.ts';
import { simulator } from './simulator.ts';

export const paddleClassic: MarketplaceDefinition = {
  name: 'paddle-classic',
  title: 'Paddle Classic',
  settings,
  goLive: 'PADDLE_CLASSIC_PUBLIC_KEY (Paddle: Developer Tools > Public Key)',
  productKeys,
  reply: 'markdown',
  // The fulfillment webhook is called for the first payment only.
  mails: { sold: true, renewed: false },
  loadStoredEvents: () => import('./events.ts'),
  simulator,
  subscriptionShape: /^[1-9]\d{0,14}$/,
};
