/** The settings of FastSpring: its keys and secrets, and the shape of the account's order references. */
import { z } from 'zod';
import type { Account, AccountFinding } from '../marketplace.ts';
import { secret, secrets } from '../secret.ts';
import { settingsOf } from '../settings.ts';

/** A regular expression for a whole text. */
const pattern = z
  .string()
  .min(1, 'is empty: give a pattern, or leave the setting out')
  .transform((text, context) => {
    try {
      return new RegExp(`^(?:${text})$`, 'u');
    } catch {
      context.addIssue({
        code: 'custom',
        message: 'is no regular expression: write one such as [A-Z]{3}\\d{6}',
      });
      return z.NEVER;
    }
  });

export const schema = z.object({
  /** The private keys of the products' "Remote Server Request". */
  FASTSPRING_LICENSE_KEYS: secrets.default([]),
  FASTSPRING_WEBHOOK_SECRETS: secrets.default([]),
  FASTSPRING_REFERENCE_PATTERN: pattern.optional(),
  /** Of the API: they have all rights over the store. */
  FASTSPRING_API_USERNAME: secret.optional(),
  FASTSPRING_API_PASSWORD: secret.optional(),
});

export const settings = settingsOf(
  schema,
  [
    'FASTSPRING_LICENSE_KEYS',
    'FASTSPRING_WEBHOOK_SECRETS',
    'FASTSPRING_API_USERNAME',
    'FASTSPRING_API_PASSWORD',
  ],
  (set): Account => {
    const { FASTSPRING_LICENSE_KEYS: licenseKeys, FASTSPRING_WEBHOOK_SECRETS: webhookSecrets } = set;
    const live = { requests: licenseKeys.length > 0, events: webhookSecrets.length > 0 };
    return {
      marketplace: 'fastspring',
      live,
      sandbox: false,
      confirmsOrders: live.events,
      findings: findingsOf(live),
      canReadHistory: () =>
        set.FASTSPRING_API_USERNAME !== undefined && set.FASTSPRING_API_PASSWORD !== undefined,
      readHistory: async function* (wanted) {
        const { FASTSPRING_API_USERNAME: username, FASTSPRING_API_PASSWORD: password } = set;
        if (username === undefined || password === undefined) {
          const answer = 'FASTSPRING_API_USERNAME and FASTSPRING_API_PASSWORD are not set';
          yield { outcome: 'stopped', answer };
        } else yield* (await import('./history.ts')).readHistory({ username, password }, wanted);
      },
      requests: async ({ simulator, ...parts }) =>
        live.requests || simulator !== undefined
          ? (await import('./requests.ts')).fastSpringRequests({
              ...parts,
              licenseKeys,
              simulatorSecret: simulator?.secret,
              referencePattern: set.FASTSPRING_REFERENCE_PATTERN,
            })
          : undefined,
      events: async ({ simulator, products }) =>
        live.events || simulator !== undefined
          ? (await import('./events.ts')).fastSpringEvents({
              products,
              webhookSecrets,
              simulatorSecret: simulator?.secret,
            })
          : undefined,
    };
  },
);

/** License requests work alone, but events after the sale never arrive. */
function findingsOf({ requests, events }: Account['live']): readonly AccountFinding[] {
  if (requests && events) {
    return [{ level: 'ok', so: 'FastSpring: license keys and webhook secrets are set.' }];
  }
  if (requests) {
    return [
      {
        level: 'fault',
        so: 'FastSpring: license keys are set and no webhook secret, so refunds and renewals go unnoticed.',
        remedy: 'Add a webhook at FastSpring, and set FASTSPRING_WEBHOOK_SECRETS.',
        atStart:
          'FASTSPRING_WEBHOOK_SECRETS is not set: refunds and cancellations will not reach the licenses.',
      },
    ];
  }
  if (!events) return [];
  return [
    {
      level: 'warning',
      so: 'FastSpring: webhook secrets are set and no license key, so no code is mailed.',
      remedy: 'Set FASTSPRING_LICENSE_KEYS, or mail the codes of orders list --undelivered.',
    },
  ];
}
