/** Simulates Gumroad: whole lives of licenses, as pings to the address that ends with the simulator's secret. */
import { recordOf } from '../loose.ts';
import { storySimulator } from '../story-simulator.ts';
import { STORIES } from './story-names.ts';

export const simulator = storySimulator({
  name: 'gumroad',
  title: 'Gumroad',
  stories: STORIES,
  load: () => import('./stories.ts'),
  priceOf: (id) => id,
  callOf: async (event, secret) => {
    const { SIMULATED, SIMULATED_AT } = await import('./events.ts');
    const { bodyOf } = await import('./shapes.ts');
    const { received, ping, [SIMULATED]: simulated } = recordOf(event);
    const told = { [SIMULATED]: JSON.stringify(simulated), [SIMULATED_AT]: String(received) };
    return {
      path: `/webhooks/gumroad/${secret}`,
      body: bodyOf({ ...recordOf(ping), ...told }),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    };
  },
});
