/** Events of a week that are lost at random are made up for by one reconciliation with the marketplace's API. */
import fc from '../kit/fast-check.ts';
import { openHouse } from '../shop/service.ts';
import { SHOPS, storiesOf } from '../shop/try-stories.ts';
import { productFiles } from '../shop/wares.ts';
import type { Outcome, Proof, Tools } from './proof.ts';
import { Apis } from './reconciled/apis.ts';
import { compareLossy } from './reconciled/lost-week.ts';

/** For the control; most of its stories differ. */
const CONTROL_STORIES = 50;

export const reconciled: Proof = {
  title:
    'a week of each store’s events lost at random, then one reconciliation: the same licenses, states, days and undelivered lines as without loss',
  unit: 'stories',
  quick: 100,
  full: 1500,
  run: (stories, tools) => playAll(stories, tools, true),
  controls: [
    { title: 'it only shows what is lacking', run: (tools) => playAll(CONTROL_STORIES, tools, false) },
  ],
};

async function playAll(stories: number, tools: Tools, apply: boolean): Promise<Outcome> {
  const house = await openHouse(productFiles());
  const apis = new Apis();
  const url = await apis.listen();
  tools.teardown(() => apis.close());
  const violations: string[] = [];
  const each = Math.ceil(stories / SHOPS.length);
  const lost: string[] = [];
  for (const name of SHOPS) {
    let events = 0;
    for (const told of fc.sample(storiesOf(name, house), { numRuns: each, seed: tools.seed })) {
      const found = await compareLossy({ name, house, apis, url }, told, () => tools.random(), apply);
      events += found.lost;
      const [difference] = found.differences;
      if (difference !== undefined) violations.push(`${name}: ${difference} (${told.lines.join('; ')})`);
    }
    lost.push(`${events} of ${name}`);
  }
  tools.note(`events lost: ${lost.join(', ')}`);
  return { done: each * SHOPS.length, violations };
}
