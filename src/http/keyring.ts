/** GET /v1/keyring and /v1/keyring.jwks: the public keys that codes and revocation lists are signed with. */
import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { PublicKeyEntry } from '../license-code/keyring.ts';
import { type Prepared, prepare, sendPrepared } from './prepared.ts';
import { allow, type Context } from './request.ts';

export interface KeyringParts {
  /** As it was when the service started: nothing is signed with a key that came later. */
  readonly keyring: readonly PublicKeyEntry[];
}

/** A program for customers embeds live keys only: `?mode=live`. Left out, it is all of keyring.json. */
export const keyringQuery = z.strictObject({ mode: z.enum(['live', 'test']).optional() });

export const keyringAnswer = z.array(
  z.strictObject({
    id: z.int().min(1).max(255),
    mode: z.enum(['live', 'test']),
    state: z.enum(['next', 'active', 'retired']),
    publicKey: z.string().regex(/^[0-9a-f]{64}$/),
    created: z.iso.date(),
  }),
);

/** RFC 7517, 5; the members of an Ed25519 key by RFC 8037, 2. `kid` is the key id as text. */
export const jwkSetAnswer = z.strictObject({
  keys: z.array(
    z.strictObject({
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      x: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
      kid: z.string(),
      use: z.literal('sig'),
      alg: z.literal('EdDSA'),
    }),
  ),
});

/** Seconds. A key is published long before it signs, so an hour late is early enough. */
const MAX_AGE = 3600;

export function keyringEndpoint({ keyring }: KeyringParts) {
  return serveByMode(keyring, (keys) => prepare(`${JSON.stringify(keys)}\n`, 'application/json', MAX_AGE));
}

export function jwkSetEndpoint({ keyring }: KeyringParts) {
  return serveByMode(keyring, (keys) => {
    const set: z.infer<typeof jwkSetAnswer> = { keys: keys.map(jwkOf) };
    return prepare(`${JSON.stringify(set)}\n`, 'application/jwk-set+json', MAX_AGE);
  });
}

function jwkOf({ id, publicKey }: PublicKeyEntry) {
  const x = Buffer.from(publicKey, 'hex').toString('base64url');
  return { kty: 'OKP', crv: 'Ed25519', x, kid: String(id), use: 'sig', alg: 'EdDSA' } as const;
}

function serveByMode(
  keyring: KeyringParts['keyring'],
  prepareKeys: (keys: KeyringParts['keyring']) => Prepared,
) {
  const ofMode = (wanted: string) => prepareKeys(keyring.filter(({ mode }) => mode === wanted));
  const prepared = { all: prepareKeys(keyring), live: ofMode('live'), test: ofMode('test') };
  return (context: Context): void => {
    allow(context, 'GET', 'HEAD');
    const query = keyringQuery.safeParse({ ...context.query });
    // A mode that is not understood must not fall back to all keys: a build for customers would take test keys in.
    if (!query.success) {
      throw new AppError('malformed_request', 'The query may be mode=live or mode=test, or left out.');
    }
    sendPrepared(context, prepared[query.data.mode ?? 'all']);
  };
}
