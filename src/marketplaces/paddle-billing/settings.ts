/** The settings of Paddle Billing: secrets of its webhooks, and API keys, of the live account and of the sandbox. */
import { z } from 'zod';
import type { Mode } from '../../domain/order.ts';
import type { Account, AccountFinding } from '../marketplace.ts';
import { secret, secrets } from '../secret.ts';
import { settingsOf } from '../settings.ts';
import type { SharedKeys } from '../simulator.ts';
import type { Secrets } from './authenticity.ts';
import { fetchCustomer } from './customer.ts';
import { paddleBillingEvents } from './events.ts';
import { readHistory } from './history.ts';

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
  (set): Account => {
    const { PADDLE_BILLING_WEBHOOK_SECRETS: live, PADDLE_BILLING_SANDBOX_WEBHOOK_SECRETS: sandbox } = set;
    const keys: Readonly<Record<Mode, string | undefined>> = {
      live: set.PADDLE_BILLING_API_KEY,
      test: set.PADDLE_BILLING_SANDBOX_API_KEY,
    };
    const secretsWith = (simulator: SharedKeys | undefined): Secrets => [
      ['live', live],
      ['sandbox', sandbox],
      ['simulator', simulator === undefined ? [] : [simulator.secret]],
    ];
    return {
      marketplace: 'paddle-billing',
      live: { requests: false, events: live.length > 0 },
      sandbox: sandbox.length > 0,
      confirmsOrders: false,
      findings: findingsOf(live.length > 0, keys.live !== undefined),
      requests: () => undefined,
      events: ({ simulator, products }) => {
        const known = secretsWith(simulator);
        return known.every(([, own]) => own.length === 0)
          ? undefined
          : paddleBillingEvents({ products, secrets: known });
      },
      readHistory: async function* (wanted) {
        const key = keys[wanted.mode];
        if (key === undefined) yield { outcome: 'stopped', answer: `no API key is set for ${wanted.mode}` };
        else yield* readHistory({ key }, wanted);
      },
      canFetch: (mode) => keys[mode] !== undefined,
      fetch: async (customer, mode, signal) => {
        const key = keys[mode];
        if (key === undefined) return { outcome: 'target failed', answer: `no API key is set for ${mode}` };
        return fetchCustomer(customer, mode, { key }, signal);
      },
    };
  },
);

/** A sale's event names the customer by an id: without the API, nobody knows where to mail the code. */
function findingsOf(hasSecret: boolean, hasKey: boolean): readonly AccountFinding[] {
  if (hasSecret && hasKey) {
    return [{ level: 'ok', so: 'Paddle Billing: webhook secrets and an API key are set.' }];
  }
  if (hasSecret) {
    return [
      {
        level: 'fault',
        so: 'Paddle Billing: webhook secrets are set and no API key, so no address is known to mail codes to.',
        remedy:
          'Make an API key with the permission customer.read at Paddle, and set PADDLE_BILLING_API_KEY.',
        atStart: 'PADDLE_BILLING_API_KEY is not set: codes of Paddle Billing cannot be mailed.',
      },
    ];
  }
  if (!hasKey) return [];
  return [
    {
      level: 'warning',
      so: 'Paddle Billing: an API key is set and no webhook secret, so no sale arrives.',
      remedy: 'Add a notification destination at Paddle, and set PADDLE_BILLING_WEBHOOK_SECRETS.',
    },
  ];
}
