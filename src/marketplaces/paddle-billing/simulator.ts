/** Simulates Paddle Billing: whole lives of licenses, signed like Paddle's webhooks, with the simulator's secret. */
import { signedJson, storySimulator } from '../story-simulator.ts';
import { hashOf, SIGNATURE_HEADER } from './authenticity.ts';
import { STORIES } from './story-names.ts';

/** The value of Paddle-Signature; `now` in milliseconds. */
export function signatureOf(body: string, secret: string, now: number): string {
  const at = String(Math.floor(now / 1000));
  return `ts=${at};h1=${hashOf(body, at, secret)}`;
}

export const simulator = storySimulator({
  name: 'paddle-billing',
  title: 'Paddle Billing',
  stories: STORIES,
  load: () => import('./stories.ts'),
  // A price of a listed product is named like it.
  priceOf: (id) => id.toLowerCase().replace(/^pro_/, 'pri_'),
  callOf: signedJson('paddle-billing', (body, secret, now) => ({
    'User-Agent': 'Paddle',
    [SIGNATURE_HEADER]: signatureOf(body, secret, now),
  })),
});
