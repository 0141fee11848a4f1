/** Whether a signed event has to follow a sale, according to the settings. */
import type { Marketplace } from '../domain/values/order.ts';
import type { Config } from './config.ts';

/** A marketplace whose events have their own secret confirms its orders; of others, only a received event shows it. */
export function expectsEvents({ accounts }: Pick<Config, 'accounts'>, name: Marketplace): boolean {
  return accounts.some(({ marketplace, confirmsOrders }) => confirmsOrders && marketplace === name);
}
