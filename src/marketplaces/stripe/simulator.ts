/** Simulates Stripe: whole lives of licenses, signed like Stripe's webhooks, with the simulator's secret. */
import { signedJson, storySimulator } from '../story-simulator.ts';
import { hashOf, SIGNATURE_HEADER } from './authenticity.ts';
import { STORIES } from './story-names.ts';

/** The value of Stripe-Signature; `now` in milliseconds. */
export function signatureOf(body: string, secret: string, now: number): string {
  const at = String(Math.floor(now / 1000));
  return `t=${at},v1=${hashOf(body, at, secret)}`;
}

export const simulator = storySimulator({
  name: 'stripe',
  title: 'Stripe',
  stories: STORIES,
  load: () => import('./stories.ts'),
  // A price of a listed product is named like it.
  priceOf: (id) => id.replace(/^prod_/, 'price_'),
  callOf: signedJson('stripe', (body, secret, now) => ({
    'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    [SIGNATURE_HEADER]: signatureOf(body, secret, now),
  })),
});
