/** The published vectors of Standard Webhooks: a header is genuine if and only if it holds what is signed here. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signatureHeaders } from '../../src/outbox/webhook/signature.ts';
import type { Outcome } from './ed25519.ts';

interface Vector {
  readonly id: string;
  readonly scheme: string;
  readonly secret: string;
  readonly secret_as?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly now_unix: number;
  readonly expected: boolean;
}

/** Seconds of a receiver's tolerance: what is older says nothing about the signature. */
const TOLERANCE = 300;

/** Empty without the vectors. The asymmetric scheme, which is not sent, is left out. */
export async function standardWebhooks(shared: string): Promise<Outcome[]> {
  const file = join(shared, 'vectors', 'standard-webhooks', 'signatures.json');
  if (!existsSync(file)) return [];
  const { vectors }: { vectors: readonly Vector[] } = JSON.parse(readFileSync(file, 'utf8'));
  const signed = vectors.filter(
    ({ scheme, headers, now_unix: now }) =>
      scheme === 'v1' &&
      headers['webhook-id'] !== undefined &&
      Math.abs(Number(headers['webhook-timestamp']) - now) <= TOLERANCE,
  );
  const failed = signed.filter((vector) => isSignedHere(vector) !== vector.expected).map(({ id }) => id);
  return [{ name: 'Standard Webhooks: signatures', passed: signed.length - failed.length, failed }];
}

function isSignedHere({ secret, secret_as: as, headers, body }: Vector): boolean {
  // Some published secrets are shorter than what parseSecret takes.
  const key = as === 'utf8' ? Buffer.from(secret) : Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const id = headers['webhook-id'] ?? '';
  const timestamp = Number(headers['webhook-timestamp']);
  const here = signatureHeaders({ id, timestamp, body: Buffer.from(body) }, [key])['webhook-signature'];
  return (headers['webhook-signature'] ?? '').split(' ').some((each) => each === here);
}
