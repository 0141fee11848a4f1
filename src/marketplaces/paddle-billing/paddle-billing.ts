/** The definition of Paddle Billing for the list of marketplaces. */
import type { MarketplaceDefinition } from '../marketplace.ts';
import { productKeys } from './product-keys.ts';
import { settings } from './settings.ts';
import { simulator } from './simulator.ts';

export const paddleBilling: MarketplaceDefinition = {
  name: 'paddle-billing',
  title: 'Paddle Billing',
  settings,
  goLive: 'PADDLE_BILLING_WEBHOOK_SECRETS and PADDLE_BILLING_API_KEY (docs/marketplaces/paddle-billing.md)',
  productKeys,
  reply: 'markdown',
  mails: { sold: false, renewed: false },
  loadStoredEvents: () => import('./events.ts'),
  simulator,
  subscriptionShape: /^sub_[a-z\d]{1,40}$/,
};
