/** Signs FastSpring's two kinds of calls as it does, with a secret of our own: for the simulator and the tests. */
import { createHash, createHmac } from 'node:crypto';
import { HASH_FIELD } from './authenticity.ts';

export function signRequest(fields: Readonly<Record<string, string>>, privateKey: string): string {
  const values = Object.keys(fields)
    .sort()
    .map((name) => fields[name]);
  const hash = createHash('md5')
    .update(values.join('') + privateKey)
    .digest('hex');
  return new URLSearchParams({ ...fields, [HASH_FIELD]: hash }).toString();
}

/** The value of X-FS-Signature. */
export function signWebhook(body: string | Uint8Array, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('base64');
}
