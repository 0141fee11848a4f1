/** Whether a sale is to be followed by a signed event, as far as the settings tell. */

import type { Marketplace } from './domain/order.ts';
import type { Config } from './service/config.ts';

/**
 * FastSpring signs events with a secret of their own, so one that is set says that they are sent. Paddle Classic signs
 * alerts with the key of its requests, and each kind of alert is switched on by itself: only one that came tells.
 */
export function expectsEvents({ fastSpring }: Config, marketplace: Marketplace): boolean {
  return marketplace === 'fastspring' && fastSpring.webhookSecrets.length > 0;
}
