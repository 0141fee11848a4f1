/** The settings of Stripe: secrets of its webhook endpoints, and API keys, of live and of test mode. */
import { z } from 'zod';
import type { Mode } from '../../domain/values/order.ts';
import { eventStoreAccount } from '../event-store.ts';
import { secret, secrets } from '../secret.ts';
import { settingsOf } from '../settings.ts';

/** A key says its mode: `sk_live_…`, `rk_test_…`. */
const keyOf = (mode: Mode) =>
  secret.refine(
    (key) => !new RegExp(`^[rs]k_${mode === 'live' ? 'test' : 'live'}_`).test(key),
    `is a key of the other mode: it has to begin with rk_${mode}_ or sk_${mode}_`,
  );

export const schema = z
  .object({
    STRIPE_WEBHOOK_SECRETS: secrets.default([]),
    STRIPE_TEST_WEBHOOK_SECRETS: secrets.default([]),
    STRIPE_API_KEY: keyOf('live').optional(),
    STRIPE_TEST_API_KEY: keyOf('test').optional(),
  })
  .refine(
    ({ STRIPE_WEBHOOK_SECRETS: live, STRIPE_TEST_WEBHOOK_SECRETS: test }) =>
      !test.some((own) => live.includes(own)),
    {
      path: ['STRIPE_TEST_WEBHOOK_SECRETS'],
      message: 'has a secret of STRIPE_WEBHOOK_SECRETS: each endpoint has a secret of its own',
    },
  );

export const settings = settingsOf(
  schema,
  ['STRIPE_WEBHOOK_SECRETS', 'STRIPE_TEST_WEBHOOK_SECRETS', 'STRIPE_API_KEY', 'STRIPE_TEST_API_KEY'],
  (set) =>
    eventStoreAccount({
      marketplace: 'stripe',
      title: 'Stripe',
      secrets: { live: set.STRIPE_WEBHOOK_SECRETS, test: set.STRIPE_TEST_WEBHOOK_SECRETS },
      keys: { live: set.STRIPE_API_KEY, test: set.STRIPE_TEST_API_KEY },
      // A sale's event does not state what was bought.
      withoutKey: {
        level: 'fault',
        so: 'Stripe: webhook secrets are set and no API key, so nobody knows what was bought, and no license is issued.',
        remedy: 'Make a restricted API key at Stripe (docs/marketplaces/stripe.md), and set STRIPE_API_KEY.',
        atStart: 'STRIPE_API_KEY is not set: sales of Stripe wait, and no license is issued for them.',
      },
      addWebhook: 'Add a webhook endpoint at Stripe, and set STRIPE_WEBHOOK_SECRETS.',
      events: async (parts) => (await import('./events.ts')).stripeEvents(parts),
      fetch: async (lacking, _mode, api, signal) =>
        (await import('./fetching.ts')).fetchLacking(lacking, api, signal),
      loadHistory: () => import('./history.ts'),
    }),
);
