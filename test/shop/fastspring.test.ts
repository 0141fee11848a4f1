/**
 * The shop model (faults.md, K3): stories of FastSpring's shop, played to the service in several orders of delivery and
 * compared with the paid units. `npm run proof -- --only shop` plays 100,000 of both shops.
 */
import test from 'ava';
import { cpuLimit, withCpuTime } from './cpu-time.ts';
import { openHouse } from './service.ts';
import { silent, tryStories } from './try-stories.ts';
import { productFiles } from './wares.ts';

/** The same stories each time; the proof draws others. */
const SEED = 1;

// Before the others: tests of one file that wait share its thread.
test.serial(
  'FastSpring: paid units equal live licenses, whatever the order of delivery, in bounded CPU time',
  async (t) => {
    const house = await openHouse(productFiles());
    const { result: failure, seconds } = await withCpuTime(() =>
      tryStories('fastspring', house, { stories: 150, seed: SEED }),
    );
    t.log(`${seconds.toFixed(1)} s of CPU time`);
    if (failure !== undefined) t.fail(failure);
    t.true(seconds < cpuLimit('fastspring'), `${seconds} s of CPU time`);
  },
);

/** The same stories, with missing events. */
const CONTROLS = {
  'a missing return is found': /^return\.created$/,
  'a missing charge is found': /charge\.completed$/,
  'a missing end is found': /deactivated$/,
  'a missing order is found': /^order\.completed$/,
} as const;

for (const [title, types] of Object.entries(CONTROLS)) {
  test(title, async (t) => {
    const house = await openHouse(productFiles());
    const failure = await tryStories('fastspring', house, {
      stories: 200,
      seed: SEED,
      spoil: silent(types),
      shrinks: false,
    });
    t.truthy(failure, 'no story fails');
  });
}
