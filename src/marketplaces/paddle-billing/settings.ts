/** The settings of Paddle Billing: secrets of its webhooks, and API keys, of the live account and of the sandbox. */
import { z } from 'zod';
import { eventStoreAccount } from '../event-store.ts';
import { secret, secrets } from '../secret.ts';
import { settingsOf } from '../settings.ts';

export const schema = z
  .object({
    PADDLE_BILLING_WEBHOOK_SECRETS: secrets.default([]),
    PADDLE_BILLING_SANDBOX_WEBHOOK_SECRETS: secrets.default([]),
    PADDLE_BILLING_API_KEY: secret.optional(),
    PADDLE_BILLING_SANDBOX_API_KEY: secret.optional(),
  })
  .refine(
    ({ PADDLE_BILLING_WEBHOOK_SECRETS: live, PADDLE_BILLING_SANDBOX_WEBHOOK_SECRETS: sandbox }) =>
      !sandbox.some((own) => live.includes(own)),
    {
      path: ['PADDLE_BILLING_SANDBOX_WEBHOOK_SECRETS'],
      message: 'has a secret of PADDLE_BILLING_WEBHOOK_SECRETS; only the secret tells a test from a sale',
    },
  );

export const settings = settingsOf(
  schema,
  [
    'PADDLE_BILLING_WEBHOOK_SECRETS',
    'PADDLE_BILLING_SANDBOX_WEBHOOK_SECRETS',
    'PADDLE_BILLING_API_KEY',
    'PADDLE_BILLING_SANDBOX_API_KEY',
  ],
  (set) =>
    eventStoreAccount({
      marketplace: 'paddle-billing',
      title: 'Paddle Billing',
      secrets: { live: set.PADDLE_BILLING_WEBHOOK_SECRETS, test: set.PADDLE_BILLING_SANDBOX_WEBHOOK_SECRETS },
      keys: { live: set.PADDLE_BILLING_API_KEY, test: set.PADDLE_BILLING_SANDBOX_API_KEY },
      // A sale's event names the customer by an id.
      withoutKey: {
        level: 'fault',
        so: 'Paddle Billing: webhook secrets are set and no API key, so no address is known to mail codes to.',
        remedy:
          'Make an API key with the permission customer.read at Paddle, and set PADDLE_BILLING_API_KEY.',
        atStart: 'PADDLE_BILLING_API_KEY is not set: codes of Paddle Billing cannot be mailed.',
      },
      addWebhook: 'Add a notification destination at Paddle, and set PADDLE_BILLING_WEBHOOK_SECRETS.',
      events: async (parts) => (await import('./events.ts')).paddleBillingEvents(parts),
      fetch: async (...lacking) => (await import('./customer.ts')).fetchCustomer(...lacking),
      loadHistory: () => import('./history.ts'),
    }),
);
