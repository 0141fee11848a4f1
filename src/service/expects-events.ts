/** Whether a sale is to be followed by a signed event, as far as the settings say. */
import type { Marketplace } from '../domain/order.ts';
import type { Config } from './config.ts';

/** A marketplace whose events have a secret of their own confirms its orders; of another, only an event that came says so. */
export function expectsEvents({ accounts }: Pick<Config, 'accounts'>, name: Marketplace): boolean {
  return accounts.some(({ marketplace, confirmsOrders }) => confirmsOrders && marketplace === name);
}
