/** Authenticates Stripe's webhooks (docs.stripe.com/webhooks/signatures). */
import { timedSignature } from '../timed-signature.ts';

export const SIGNATURE_HEADER = 'Stripe-Signature';

/**
 * `t=1677834000,v1=0b14…,v0=135a…`; `v0` is a scheme of test mode. The secret is used as text, `whsec_` included. Stripe's own
 * libraries allow 300 seconds too, but do not limit times ahead.
 */
export const { callerOf, hashOf, isSignatureShaped } = timedSignature({
  between: ',',
  time: 't',
  hash: 'v1',
  join: '.',
});
