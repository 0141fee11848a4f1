/** Simulates Gumroad: whole lives of licenses, as pings to the address that ends with the simulator's secret. */
import { isRecord, recordOf } from '../loose.ts';
import { storySimulator } from '../story-simulator.ts';
import { SIMULATED } from './events.ts';
import { bodyOf } from './shapes.ts';
import { STORIES, stepsOf } from './stories.ts';

export const simulator = storySimulator({
  name: 'gumroad',
  title: 'Gumroad',
  stories: STORIES,
  stepsOf,
  priceOf: (id) => id,
  callOf: (event, secret) => {
    const { ping, [SIMULATED]: simulated } = event as {
      readonly ping: unknown;
      readonly [SIMULATED]: unknown;
    };
    return {
      path: `/webhooks/gumroad/${secret}`,
      body: bodyOf({
        ...recordOf(ping),
        ...(isRecord(simulated) && { [SIMULATED]: JSON.stringify(simulated) }),
      }),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    };
  },
});
