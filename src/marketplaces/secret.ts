/** Secrets as settings: the refused values. */
import { z } from 'zod';

const SHORTEST_SECRET = 12;
const MOST_SECRETS = 10;

/** Printed in the README of the first version, where sellers pasted the lines unchanged and went live. */
const PRINTED = [
  'the private key of your license fulfillments',
  'the HMAC secret of your webhook',
  'a-private-key-for-example',
  'a-webhook-secret-for-example',
];

export const secret = z
  .string()
  .min(1, 'is empty: give a value, or leave the setting out')
  .refine((text) => text === text.trim(), 'starts or ends with white space: remove it')
  .refine(
    (text) => text.length === 0 || text.length >= SHORTEST_SECRET,
    `is too short: at least ${SHORTEST_SECRET} characters`,
  )
  .refine(
    (text) => !PRINTED.includes(text),
    'is a phrase that the README printed, so anybody knows it: give a secret of your own, such as the output of `openssl rand -hex 32`',
  )
  // `docker run --env-file` and systemd do not support comments after a value.
  .refine((text) => !text.startsWith('#'), 'begins with #: write a comment on a line of its own');

/** Several secrets, separated by commas or line ends, during a change of the secret. */
export const secrets = z
  .string()
  .min(1, 'is empty: give a value, or leave the setting out')
  .transform((text) => text.split(/[,\n]/))
  .pipe(z.array(secret).max(MOST_SECRETS, `has more than ${MOST_SECRETS}`));
