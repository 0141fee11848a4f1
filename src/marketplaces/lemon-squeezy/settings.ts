/** The settings of Lemon Squeezy: secrets of its webhooks, and API keys, of live and of test mode. */
import { z } from 'zod';
import type { Mode } from '../../domain/order.ts';
import type { Account, AccountFinding } from '../marketplace.ts';
import { secret, secrets } from '../secret.ts';
import { settingsOf } from '../settings.ts';
import type { SharedKeys } from '../simulator.ts';
import type { Secrets } from './authenticity.ts';
import { lemonSqueezyEvents } from './events.ts';
import { fetchItems } from './fetch-items.ts';
import { readHistory } from './history.ts';

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
  (set): Account => {
    const { LEMON_SQUEEZY_WEBHOOK_SECRETS: live, LEMON_SQUEEZY_TEST_WEBHOOK_SECRETS: test } = set;
    const keys: Readonly<Record<Mode, string | undefined>> = {
      live: set.LEMON_SQUEEZY_API_KEY,
      test: set.LEMON_SQUEEZY_TEST_API_KEY,
    };
    const secretsWith = (simulator: SharedKeys | undefined): Secrets => [
      ['live', live],
      ['sandbox', test],
      ['simulator', simulator === undefined ? [] : [simulator.secret]],
    ];
    return {
      marketplace: 'lemon-squeezy',
      live: { requests: false, events: live.length > 0 },
      sandbox: test.length > 0,
      confirmsOrders: false,
      findings: findingsOf(live.length > 0, keys.live !== undefined),
      requests: () => undefined,
      events: ({ simulator, products }) => {
        const known = secretsWith(simulator);
        return known.every(([, own]) => own.length === 0)
          ? undefined
          : lemonSqueezyEvents({ products, secrets: known });
      },
      readHistory: async function* (wanted) {
        const key = keys[wanted.mode];
        if (key === undefined) yield { outcome: 'stopped', answer: `no API key is set for ${wanted.mode}` };
        else yield* readHistory({ key }, wanted);
      },
      canFetch: (mode) => keys[mode] !== undefined,
      fetch: async (order, mode, signal) => {
        const key = keys[mode];
        if (key === undefined) return { outcome: 'target failed', answer: `no API key is set for ${mode}` };
        return fetchItems(order, { key }, signal);
      },
    };
  },
);

/** An order's event shows its first item alone. */
function findingsOf(hasSecret: boolean, hasKey: boolean): readonly AccountFinding[] {
  if (hasSecret && hasKey) {
    return [{ level: 'ok', so: 'Lemon Squeezy: webhook secrets and an API key are set.' }];
  }
  if (hasSecret) {
    return [
      {
        level: 'warning',
        so: 'Lemon Squeezy: no API key is set, so only the first item of an order gets its licenses.',
        remedy: 'Make an API key at Lemon Squeezy, and set LEMON_SQUEEZY_API_KEY.',
        atStart: 'LEMON_SQUEEZY_API_KEY is not set: further items of an order get no licenses.',
      },
    ];
  }
  if (!hasKey) return [];
  return [
    {
      level: 'warning',
      so: 'Lemon Squeezy: an API key is set and no webhook secret, so no sale arrives.',
      remedy: 'Add a webhook at Lemon Squeezy, and set LEMON_SQUEEZY_WEBHOOK_SECRETS.',
    },
  ];
}
