/** GET /v1/keyring: the public keys that verify codes and revocation lists, as in keyring.json. */
import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { PublicKeyEntry } from '../license-code/keyring.ts';
import type { Endpoint, Operation } from './edge/endpoint.ts';
import { type Prepared, prepare, preparedAnswers, sendPrepared } from './edge/prepared.ts';
import type { Context } from './edge/request.ts';

const keyringAnswer = z
  .array(
    z.strictObject({
      id: z.int().min(1).max(255),
      mode: z.enum(['live', 'test']),
      state: z.enum(['next', 'active', 'retired']),
      publicKey: z.string().regex(/^[0-9a-f]{64}$/),
      created: z.iso.date(),
    }),
  )
  .meta({ id: 'Keyring', description: 'The public keys, as in keyring.json' });

/** A program for customers embeds live keys only: `?mode=live`. Left out: all of keyring.json. */
const query = z.strictObject({ mode: z.enum(['live', 'test']).optional() });

/** Seconds. A key is published long before it signs, so an hour late is early enough. */
const MAX_AGE = 3600;

export function keyringEndpoint(keyring: readonly PublicKeyEntry[]): Endpoint {
  const type = 'application/json';
  return {
    path: '/v1/keyring',
    get: describeKeys('The public keys, as keyring.json', type, keyringAnswer),
    handle: sendByMode(keyring, (keys) => prepareKeys(keys satisfies z.infer<typeof keyringAnswer>, type)),
  };
}

export function prepareKeys(keys: object, type: string): Prepared {
  return prepare(`${JSON.stringify(keys)}\n`, type, MAX_AGE);
}

export function describeKeys(summary: string, type: string, schema: z.ZodType): Operation {
  return {
    tag: 'for programs',
    summary,
    description:
      'Both modes, or with ?mode=live what a build for customers embeds. Keys as of the last start.',
    query,
    answers: preparedAnswers('All keys, also those that are next or retired', type, schema),
    problems: [],
  };
}

/** Prepares the answer for each value of `mode` once. */
export function sendByMode(
  keyring: readonly PublicKeyEntry[],
  prepareAll: (keys: PublicKeyEntry[]) => Prepared,
) {
  const ofMode = (wanted: string) => prepareAll(keyring.filter(({ mode }) => mode === wanted));
  const prepared = { all: prepareAll([...keyring]), live: ofMode('live'), test: ofMode('test') };
  return (context: Context): void => {
    const asked = query.safeParse({ ...context.query });
    // Never all keys for an unknown mode: a build for customers would embed test keys.
    if (!asked.success) {
      throw new AppError('malformed_request', 'The query may be mode=live or mode=test, or left out.');
    }
    sendPrepared(context, prepared[asked.data.mode ?? 'all']);
  };
}
