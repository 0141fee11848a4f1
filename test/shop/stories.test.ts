/**
 * The shop model (faults.md, K3): 300 stories of the shops of FastSpring and Paddle Classic, played to the service in several
 * orders of delivery and compared with the paid units. `npm run proof -- --only shop` plays 100,000 of both shops.
 */
import test from 'ava';
import { cpuLimit, withCpuTime } from './cpu-time.ts';
import { openHouse } from './service.ts';
import { tryStories } from './try-stories.ts';
import { productFiles } from './wares.ts';

/** The same stories each time, and their first steps; the proof draws others, and plays them whole. */
const SEED = 1;
const STEPS = 5;

let used = 0;

for (const [title, shop] of [
  ['FastSpring', 'fastspring'],
  ['Paddle Classic', 'paddle-classic'],
] as const) {
  test.serial(`${title}: paid units equal live licenses, whatever the order of delivery`, async (t) => {
    const house = await openHouse(productFiles());
    const { result: failure, seconds } = await withCpuTime(() =>
      tryStories(shop, house, { stories: 150, steps: STEPS, seed: SEED }),
    );
    used += seconds;
    if (failure !== undefined) t.fail(failure);
    else t.pass();
  });
}

test.serial('the 300 stories of both shops take less than 15 seconds of CPU time', (t) => {
  t.log(`${used.toFixed(1)} s of CPU time`);
  t.true(used < cpuLimit(), `${used} s of CPU time`);
});
