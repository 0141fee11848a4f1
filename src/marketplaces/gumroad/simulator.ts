/** Simulates Gumroad: whole lives of licenses, as pings to the address that ends with the simulator's secret. */
import { recordOf } from '../loose.ts';
import { storySimulator } from '../story-simulator.ts';
import { SIMULATED, SIMULATED_AT } from './events.ts';
import { bodyOf } from './shapes.ts';
import { STORIES, stepsOf } from './stories.ts';

export const simulator = storySimulator({
  name: 'gumroad',
  title: 'Gumroad',
  stories: STORIES,
  stepsOf,
  priceOf: (id) => id,
  callOf: (event, secret) => {
    const { received, ping, [SIMULATED]: simulated } = recordOf(event);
    const told = { [SIMULATED]: JSON.stringify(simulated), [SIMULATED_AT]: String(received) };
    return {
      path: `/webhooks/gumroad/${secret}`,
      body: bodyOf({ ...recordOf(ping), ...told }),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    };
  },
});
