/** The settings of Paddle Classic: its public keys, and the keys of its API, of the live account and of the sandbox. */
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Mode } from '../../domain/values/order.ts';
import type { Account, Caller } from '../marketplace.ts';
import { secret } from '../secret.ts';
import { settingsOf } from '../settings.ts';
import type { SharedKeys } from '../simulator.ts';
import type { PaddleKeys } from './authenticity.ts';
import type { ClassicApi } from './history.ts';
import { rsaPublicKey } from './rsa-public-key.ts';

const vendorId = z.string().regex(/^\d{1,12}$/, 'write the number that Paddle shows as vendor ID');

export const schema = z
  .object({
    PADDLE_CLASSIC_PUBLIC_KEY: rsaPublicKey.optional(),
    PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY: rsaPublicKey.optional(),
    PADDLE_CLASSIC_VENDOR_ID: vendorId.optional(),
    PADDLE_CLASSIC_API_KEY: secret.optional(),
    PADDLE_CLASSIC_SANDBOX_VENDOR_ID: vendorId.optional(),
    PADDLE_CLASSIC_SANDBOX_API_KEY: secret.optional(),
  })
  .refine(
    ({ PADDLE_CLASSIC_PUBLIC_KEY: live, PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY: sandbox }) =>
      live === undefined || sandbox?.equals(live) !== true,
    {
      path: ['PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY'],
      message: 'is the same key as PADDLE_CLASSIC_PUBLIC_KEY; the sandbox has its own',
    },
  );

export const settings = settingsOf(
  schema,
  [
    'PADDLE_CLASSIC_PUBLIC_KEY',
    'PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY',
    'PADDLE_CLASSIC_API_KEY',
    'PADDLE_CLASSIC_SANDBOX_API_KEY',
  ],
  (set): Account => {
    const { PADDLE_CLASSIC_PUBLIC_KEY: live, PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY: sandbox } = set;
    const isLive = live !== undefined;
    const keysWith = (simulator: SharedKeys | undefined): PaddleKeys => [
      ...keyOf('live', live),
      ...keyOf('sandbox', sandbox),
      ...keyOf('simulator', simulator?.publicKey),
    ];
    const apis: Readonly<Record<Mode, ClassicApi | undefined>> = {
      live: apiOf(set.PADDLE_CLASSIC_VENDOR_ID, set.PADDLE_CLASSIC_API_KEY),
      test: apiOf(set.PADDLE_CLASSIC_SANDBOX_VENDOR_ID, set.PADDLE_CLASSIC_SANDBOX_API_KEY),
    };
    return {
      marketplace: 'paddle-classic',
      live: { requests: isLive, events: isLive },
      sandbox: sandbox !== undefined,
      confirmsOrders: false,
      findings: isLive ? [{ level: 'ok', so: 'Paddle Classic: its public key is set.' }] : [],
      canReadHistory: (mode) => apis[mode] !== undefined,
      readHistory: async function* (wanted) {
        const api = apis[wanted.mode];
        if (api !== undefined) yield* (await import('./history.ts')).readHistory(api, wanted);
        else yield { outcome: 'stopped', answer: `vendor ID and API key are not set for ${wanted.mode}` };
      },
      requests: async ({ simulator, ...parts }) =>
        (await import('./requests.ts')).paddleClassicRequests({ ...parts, keys: keysWith(simulator) }),
      events: async ({ simulator, products }) =>
        (await import('./events.ts')).paddleClassicEvents({ products, keys: keysWith(simulator) }),
    };
  },
);

function keyOf(caller: Caller, key: KeyObject | undefined): PaddleKeys {
  return key === undefined ? [] : [[caller, key]];
}

function apiOf(vendor: string | undefined, key: string | undefined): ClassicApi | undefined {
  return vendor === undefined || key === undefined ? undefined : { vendor, key };
}
