/** Signatures of outgoing webhooks (Standard Webhooks 1.0, symmetric: `v1`). */
import { createHmac } from 'node:crypto';

/** Secrets as bytes, the newest first; several while a secret changes. */
export type SigningSecrets = readonly [Uint8Array, ...Uint8Array[]];

export interface Message {
  /** The same at every try of one message. */
  readonly id: string;
  /** Of this try, seconds since 1970-01-01. */
  readonly timestamp: number;
  readonly body: Uint8Array;
}

/** The headers that prove who sent the body. */
export function signatureHeaders(message: Message, secrets: SigningSecrets): Record<string, string> {
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestamp),
    'webhook-signature': secrets.map((secret) => signature(message, secret)).join(' '),
  };
}

function signature({ id, timestamp, body }: Message, secret: Uint8Array): string {
  const mac = createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body);
  return `v1,${mac.digest('base64')}`;
}

const PREFIX = 'whsec_';
const SHORTEST = 24;
const LONGEST = 64;

/** The bytes of a secret as it is written, or what is wrong with it. Never repeats the secret. */
export function parseSecret(text: string): Uint8Array | string {
  const written = text.trim();
  if (!written.startsWith(PREFIX)) return `does not begin with ${PREFIX}: make one with \`${MAKE_SECRET}\``;
  const digits = written.slice(PREFIX.length);
  const bytes = Buffer.from(digits, 'base64');
  // Buffer.from passes over what is no base64.
  if (bytes.toString('base64') !== digits)
    return `is not base64 after ${PREFIX}: make one with \`${MAKE_SECRET}\``;
  if (bytes.length >= SHORTEST && bytes.length <= LONGEST) return bytes;
  return `has ${bytes.length} bytes instead of ${SHORTEST} to ${LONGEST}: make one with \`${MAKE_SECRET}\``;
}

export const MAKE_SECRET = 'echo "whsec_$(openssl rand -base64 32)"';
