/** The settings of Gumroad: the secrets of the ping's address, and an access token. Its tests come from the same account. */
import { z } from 'zod';
import { eventStoreAccount } from '../event-store.ts';
import { secret, secrets } from '../secret.ts';
import { settingsOf } from '../settings.ts';

/** It is all that keeps strangers out, and it has to fit into an address as it is. */
const isForAddress = (text: string) => /^[\w-]{22,200}$/.test(text);

export const schema = z.object({
  GUMROAD_PING_SECRETS: secrets
    .refine(
      (all) => all.every(isForAddress),
      'has something else than 22 or more letters, digits, - and _: give the output of `openssl rand -hex 32`',
    )
    .default([]),
  GUMROAD_ACCESS_TOKEN: secret.optional(),
});

export const settings = settingsOf(schema, ['GUMROAD_PING_SECRETS', 'GUMROAD_ACCESS_TOKEN'], (set) =>
  eventStoreAccount({
    marketplace: 'gumroad',
    title: 'Gumroad',
    secrets: { live: set.GUMROAD_PING_SECRETS, test: [] },
    keys: { live: set.GUMROAD_ACCESS_TOKEN, test: set.GUMROAD_ACCESS_TOKEN },
    // A ping is not signed: the API says whether it is so.
    withoutKey: {
      level: 'fault',
      so: 'Gumroad: secrets of its address are set and no access token, so nobody can confirm a sale, and no license is issued.',
      remedy: 'Make an access token at Gumroad (docs/marketplaces/gumroad.md), and set GUMROAD_ACCESS_TOKEN.',
      atStart: 'GUMROAD_ACCESS_TOKEN is not set: sales of Gumroad wait, and no license is issued for them.',
    },
    addWebhook: 'Set GUMROAD_PING_SECRETS, and tell Gumroad the address that ends with it.',
    events: async (parts) => (await import('./events.ts')).gumroadEvents(parts),
    fetch: async (lacking, _mode, api, signal) =>
      (await import('./fetching.ts')).fetchLacking(lacking, api, signal),
    loadHistory: () => import('./history.ts'),
  }),
);
