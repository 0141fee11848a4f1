/** The settings of Lemon Squeezy: secrets of its webhooks, and API keys, of live and of test mode. */
import { z } from 'zod';
import { eventStoreAccount } from '../event-store.ts';
import { secret, secrets } from '../secret.ts';
import { settingsOf } from '../settings.ts';

export const schema = z.object({
  LEMON_SQUEEZY_WEBHOOK_SECRETS: secrets.default([]),
  LEMON_SQUEEZY_TEST_WEBHOOK_SECRETS: secrets.default([]),
  LEMON_SQUEEZY_API_KEY: secret.optional(),
  LEMON_SQUEEZY_TEST_API_KEY: secret.optional(),
});

export const settings = settingsOf(
  schema,
  [
    'LEMON_SQUEEZY_WEBHOOK_SECRETS',
    'LEMON_SQUEEZY_TEST_WEBHOOK_SECRETS',
    'LEMON_SQUEEZY_API_KEY',
    'LEMON_SQUEEZY_TEST_API_KEY',
  ],
  (set) =>
    eventStoreAccount({
      marketplace: 'lemon-squeezy',
      title: 'Lemon Squeezy',
      secrets: { live: set.LEMON_SQUEEZY_WEBHOOK_SECRETS, test: set.LEMON_SQUEEZY_TEST_WEBHOOK_SECRETS },
      keys: { live: set.LEMON_SQUEEZY_API_KEY, test: set.LEMON_SQUEEZY_TEST_API_KEY },
      // An order's event shows its first item alone.
      withoutKey: {
        level: 'warning',
        so: 'Lemon Squeezy: no API key is set, so only the first item of an order gets its licenses.',
        remedy: 'Make an API key at Lemon Squeezy, and set LEMON_SQUEEZY_API_KEY.',
        atStart: 'LEMON_SQUEEZY_API_KEY is not set: further items of an order get no licenses.',
      },
      addWebhook: 'Add a webhook at Lemon Squeezy, and set LEMON_SQUEEZY_WEBHOOK_SECRETS.',
      events: async (parts) => (await import('./events.ts')).lemonSqueezyEvents(parts),
      fetch: async (order, _mode, api, signal) =>
        (await import('./fetch-items.ts')).fetchItems(order, api, signal),
      loadHistory: () => import('./history.ts'),
    }),
);
