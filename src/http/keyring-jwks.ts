/** GET /v1/keyring.jwks: the public keys as a JWK Set. */
import { z } from 'zod';
import type { PublicKeyEntry } from '../license-code/keyring.ts';
import type { Endpoint } from './edge/endpoint.ts';
import { describeKeys, prepareKeys, sendByMode } from './keyring.ts';

/** RFC 7517, 5; the members of an Ed25519 key by RFC 8037, 2. `kid` is the key id as text. */
const jwkSetAnswer = z
  .strictObject({
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
  })
  .meta({ id: 'JwkSet', description: 'RFC 7517 and RFC 8037' });

export function jwkSetEndpoint(keyring: readonly PublicKeyEntry[]): Endpoint {
  const type = 'application/jwk-set+json';
  return {
    path: '/v1/keyring.jwks',
    get: describeKeys('The public keys, as a JWK Set', type, jwkSetAnswer),
    handle: sendByMode(keyring, (keys) => {
      const set: z.infer<typeof jwkSetAnswer> = { keys: keys.map(jwkOf) };
      return prepareKeys(set, type);
    }),
  };
}

function jwkOf({ id, publicKey }: PublicKeyEntry) {
  const x = Buffer.from(publicKey, 'hex').toString('base64url');
  return { kty: 'OKP', crv: 'Ed25519', x, kid: String(id), use: 'sig', alg: 'EdDSA' } as const;
}
