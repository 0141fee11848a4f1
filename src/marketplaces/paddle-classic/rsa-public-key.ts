/** Paddle's public key as a setting. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

export const rsaPublicKey = z.string().transform((text, context) => {
  const key = readRsaPublicKey(text);
  if (typeof key !== 'string') return key;
  context.addIssue({ code: 'custom', message: key });
  return z.NEVER;
});

/** The key, or the fault of the text. Accepts a PEM with real or `\n` line ends, or the base64 of either form. */
function readRsaPublicKey(text: string): KeyObject | string {
  const trimmed = text.trim();
  if (trimmed === '') return 'is empty: give the public key, or leave the setting out';
  const pem = trimmed.startsWith('-----') ? trimmed : Buffer.from(trimmed, 'base64').toString('latin1');
  try {
    const key = pem.startsWith('-----')
      ? createPublicKey(pem.replaceAll('\\n', '\n'))
      : createPublicKey({ key: Buffer.from(trimmed, 'base64'), format: 'der', type: 'spki' });
    if (/PRIVATE KEY/.test(pem)) return 'is a private key: give the public key that Paddle shows';
    if (key.asymmetricKeyType !== 'rsa') return 'is not an RSA key: give the public key that Paddle shows';
    if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) return 'is an RSA key of less than 2048 bits';
    return key;
  } catch {
    return 'is not a public key: give the PEM that begins with -----BEGIN PUBLIC KEY-----, or its base64';
  }
}
