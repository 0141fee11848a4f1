/** Signs fields as Paddle Classic does, with a key of our own: for the simulator and the tests. */
import { type KeyObject, sign } from 'node:crypto';
import { SIGNATURE_FIELD, signedBytes } from './authenticity.ts';

/** The form of a signed call: a POST's body or a GET's query. */
export function signForm(fields: Readonly<Record<string, string>>, privateKey: KeyObject): string {
  const signature = sign('RSA-SHA1', signedBytes(new Map(Object.entries(fields))), privateKey);
  return new URLSearchParams({ ...fields, [SIGNATURE_FIELD]: signature.toString('base64') }).toString();
}
