/** Authenticates Paddle Billing's webhooks (developer.paddle.com, Verify webhook signatures). */
import { timedSignature } from '../timed-signature.ts';

export const SIGNATURE_HEADER = 'Paddle-Signature';

/**
 * `ts=1725897692;h1=749c…;h1=…`. Paddle's helpers allow 5 seconds, which a queueing proxy or a slow clock uses up: here it is
 * the 300 of all timed signatures.
 */
export const { callerOf, hashOf, isSignatureShaped } = timedSignature({
  between: ';',
  time: 'ts',
  hash: 'h1',
  join: ':',
});
