/** Signatures that cover a time and the raw body: `ts=…;h1=…` and the like. */
import { createHmac } from 'node:crypto';
import { anyEqual } from './any-equal.ts';
import type { Secrets } from './event-store.ts';
import type { Caller } from './marketplace.ts';

/** How a store spells its signature. */
export interface TimedScheme {
  /** Between the parts of the header. */
  readonly between: string;
  /** The names of the time (seconds since 1970-01-01), and of the hash. */
  readonly time: string;
  readonly hash: string;
  /** Between the time and the body where both are hashed. */
  readonly join: string;
}

interface Signature {
  readonly at: string;
  /** Several while a secret is rotated. */
  readonly hashes: readonly string[];
}

/** Seconds between the signature's time and now, both ways. A repeated delivery changes nothing, so a wide limit loses little. */
const TOLERANCE_SECONDS = 300;

export function timedSignature({ between, time, hash, join }: TimedScheme) {
  /** HMAC-SHA256 over the time, `join` and the raw body, in hex. The key is the secret as text. */
  const hashOf = (body: Uint8Array | string, at: string, secret: string): string =>
    createHmac('sha256', secret).update(`${at}${join}`).update(body).digest('hex');

  /** Unknown names are ignored, so that a newer scheme can stand beside. */
  const signatureIn = (header: unknown): Signature | undefined => {
    if (typeof header !== 'string') return undefined;
    const parts = header.split(between).map((part) => part.trim().split('=', 2));
    const valuesOf = (name: string) =>
      parts.flatMap(([key, value = '']) => (key === name && value !== '' ? [value] : []));
    const [at = ''] = valuesOf(time);
    const hashes = valuesOf(hash).map((each) => each.toLowerCase());
    return /^\d{1,12}$/.test(at) && hashes.length > 0 ? { at, hashes } : undefined;
  };

  const isSigned = (body: Uint8Array, { at, hashes }: Signature, secret: string): boolean => {
    const wanted = hashOf(body, at, secret);
    return hashes.map((each) => anyEqual([wanted], each)).includes(true);
  };

  return {
    hashOf,
    /** Whether the header has the shape of a signature: without it, the body is not read. */
    isSignatureShaped: (header: unknown): boolean => signatureIn(header) !== undefined,
    /** `now` in milliseconds. Undefined: no secret signed the body, or the signature is too far from now. */
    callerOf: (
      body: Uint8Array,
      header: unknown,
      secrets: Secrets,
      now: number,
      tolerance = TOLERANCE_SECONDS,
    ): Caller | undefined => {
      const signature = signatureIn(header);
      if (signature === undefined || Math.abs(now / 1000 - Number(signature.at)) > tolerance)
        return undefined;
      return secrets.find(([, own]) => own.some((secret) => isSigned(body, signature, secret)))?.[0];
    },
  };
}
