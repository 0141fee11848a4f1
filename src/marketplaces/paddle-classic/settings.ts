/** The settings of Paddle Classic: its public keys. */
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Account, Caller } from '../marketplace.ts';
import { settingsOf } from '../settings.ts';
import type { SharedKeys } from '../simulator.ts';
import type { PaddleKeys } from './authenticity.ts';
import { paddleClassicEvents } from './events.ts';
import { paddleClassicRequests } from './requests.ts';
import { rsaPublicKey } from './rsa-public-key.ts';

export const schema = z
  .object({
    PADDLE_CLASSIC_PUBLIC_KEY: rsaPublicKey.optional(),
    PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY: rsaPublicKey.optional(),
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
  ['PADDLE_CLASSIC_PUBLIC_KEY', 'PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY'],
  (set): Account => {
    const { PADDLE_CLASSIC_PUBLIC_KEY: live, PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY: sandbox } = set;
    const isLive = live !== undefined;
    const keysWith = (simulator: SharedKeys | undefined): PaddleKeys => [
      ...keyOf('live', live),
      ...keyOf('sandbox', sandbox),
      ...keyOf('simulator', simulator?.publicKey),
    ];
    return {
      marketplace: 'paddle-classic',
      live: { requests: isLive, events: isLive },
      sandbox: sandbox !== undefined,
      confirmsOrders: false,
      findings: isLive ? [{ level: 'ok', so: 'Paddle Classic: its public key is set.' }] : [],
      requests: ({ simulator, ...parts }) => paddleClassicRequests({ ...parts, keys: keysWith(simulator) }),
      events: ({ simulator, products }) => paddleClassicEvents({ products, keys: keysWith(simulator) }),
    };
  },
);

function keyOf(caller: Caller, key: KeyObject | undefined): PaddleKeys {
  return key === undefined ? [] : [[caller, key]];
}
