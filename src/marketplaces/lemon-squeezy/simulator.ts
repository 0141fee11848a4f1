/** Simulates Lemon Squeezy: whole lives of licenses, signed like its webhooks, with the simulator's secret. */
import { signedJson, storySimulator } from '../story-simulator.ts';
import { SIGNATURE_HEADER, signatureOf } from './authenticity.ts';
import { STORIES } from './story-names.ts';

export const simulator = storySimulator({
  name: 'lemon-squeezy',
  title: 'Lemon Squeezy',
  stories: STORIES,
  load: () => import('./stories.ts'),
  priceOf: (id) => id,
  callOf: signedJson('lemon-squeezy', (body, secret) => ({ [SIGNATURE_HEADER]: signatureOf(body, secret) })),
});
