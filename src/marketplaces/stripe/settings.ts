/** The settings of Stripe: secrets of its webhook endpoints, and API keys, of live and of test mode. */
import { z } from 'zod';
import type { Mode } from '../../domain/order.ts';
import type { Account, AccountFinding } from '../marketplace.ts';
import { secret, secrets } from '../secret.ts';
import { settingsOf } from '../settings.ts';
import type { SharedKeys } from '../simulator.ts';
import type { Secrets } from './authenticity.ts';
import { stripeEvents } from './events.ts';
import { fetchLacking } from './fetching.ts';

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
  (set): Account => {
    const { STRIPE_WEBHOOK_SECRETS: live, STRIPE_TEST_WEBHOOK_SECRETS: test } = set;
    const keys: Readonly<Record<Mode, string | undefined>> = {
      live: set.STRIPE_API_KEY,
      test: set.STRIPE_TEST_API_KEY,
    };
    const secretsWith = (simulator: SharedKeys | undefined): Secrets => [
      ['live', live],
      ['sandbox', test],
      ['simulator', simulator === undefined ? [] : [simulator.secret]],
    ];
    return {
      marketplace: 'stripe',
      live: { requests: false, events: live.length > 0 },
      sandbox: test.length > 0,
      confirmsOrders: false,
      findings: findingsOf(live.length > 0, keys.live !== undefined),
      requests: () => undefined,
      events: ({ simulator, products }) => {
        const known = secretsWith(simulator);
        return known.every(([, own]) => own.length === 0)
          ? undefined
          : stripeEvents({ products, secrets: known });
      },
      canFetch: (mode) => keys[mode] !== undefined,
      fetch: async (lacking, mode, signal) => {
        const key = keys[mode];
        if (key === undefined) return { outcome: 'target failed', answer: `no API key is set for ${mode}` };
        return fetchLacking(lacking, { key }, signal);
      },
    };
  },
);

/** A sale's event does not state what was bought: without the API, no license is issued. */
function findingsOf(hasSecret: boolean, hasKey: boolean): readonly AccountFinding[] {
  if (hasSecret && hasKey) return [{ level: 'ok', so: 'Stripe: webhook secrets and an API key are set.' }];
  if (hasSecret) {
    return [
      {
        level: 'fault',
        so: 'Stripe: webhook secrets are set and no API key, so nobody knows what was bought, and no license is issued.',
        remedy: 'Make a restricted API key at Stripe (docs/marketplaces/stripe.md), and set STRIPE_API_KEY.',
        atStart: 'STRIPE_API_KEY is not set: sales of Stripe wait, and no license is issued for them.',
      },
    ];
  }
  if (!hasKey) return [];
  return [
    {
      level: 'warning',
      so: 'Stripe: an API key is set and no webhook secret, so no sale arrives.',
      remedy: 'Add a webhook endpoint at Stripe, and set STRIPE_WEBHOOK_SECRETS.',
    },
  ];
}
