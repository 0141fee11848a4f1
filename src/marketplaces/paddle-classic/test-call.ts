/** Paddle's "Test Webhook" button, whose calls are signed with the account's live key. */
import type { Fields } from '../marketplace.ts';

/** The button's made-up buyers, in calls of 2016 (blackhole.io) and of 2017 to 2023. */
const TEST_BUYER = /^(blackhole\+[0-9a-f]+@paddle\.com|[0-9a-f]+@blackhole\.io)$/i;
const TEST_PASSTHROUGH = 'Example passthrough';

/**
 * True where the button's buyer is in any field (sellers choose the names of custom fields). Without any address, the
 * button's passthrough and price override together identify it; each alone can be a seller's own value.
 */
export function isTestCall(fields: Fields): boolean {
  const addresses = [...fields.values()].filter((value) => value.includes('@'));
  if (addresses.length > 0) return addresses.some((address) => TEST_BUYER.test(address));
  return fields.get('passthrough') === TEST_PASSTHROUGH && fields.get('p_used_price_override') === '1';
}
