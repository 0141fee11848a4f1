/** The shop model (faults.md, K3): stories of Paddle Classic's shop, like those of fastspring.test.ts. */
import test from 'ava';
import { cpuLimit, withCpuTime } from './cpu-time.ts';
import { openHouse } from './service.ts';
import { silent, tryStories } from './try-stories.ts';
import { productFiles } from './wares.ts';

/** The same stories each time; the proof draws others. */
const SEED = 1;

// Before the others: tests of one file that wait share its thread.
test.serial(
  'Paddle: paid units equal live licenses, whatever the order of delivery, in bounded CPU time',
  async (t) => {
    const house = await openHouse(productFiles());
    const { result: failure, seconds } = await withCpuTime(() =>
      tryStories('paddle-classic', house, { stories: 150, seed: SEED }),
    );
    t.log(`${seconds.toFixed(1)} s of CPU time`);
    if (failure !== undefined) t.fail(failure);
    t.true(seconds < cpuLimit('paddle-classic'), `${seconds} s of CPU time`);
  },
);

/** The same stories, with missing events. */
const CONTROLS = {
  'a missing refund is found': /refunded$/,
  'a missing payment is found': /payment_succeeded$/,
  'a missing cancellation is found': /cancelled$/,
  'a missing plan change is found': /updated$/,
} as const;

for (const [title, types] of Object.entries(CONTROLS)) {
  test(title, async (t) => {
    const house = await openHouse(productFiles());
    const failure = await tryStories('paddle-classic', house, {
      stories: 200,
      seed: SEED,
      spoil: silent(types),
      shrinks: false,
    });
    t.truthy(failure, 'no story fails');
  });
}
