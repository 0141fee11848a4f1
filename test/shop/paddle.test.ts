/** The shop model (faults.md, K3): stories of Paddle Classic's shop, like those of fastspring.test.ts. */
import test from 'ava';
import { openHouse } from './service.ts';
import { silent, tryStories } from './try-stories.ts';
import { productFiles } from './wares.ts';

/** The same stories each time; the proof draws others. */
const SEED = 1;

test('Paddle: paid units equal live licenses, whatever the order of delivery', async (t) => {
  const failure = await tryStories('paddle-classic', await openHouse(productFiles()), {
    stories: 150,
    seed: SEED,
  });
  if (failure === undefined) t.pass();
  else t.fail(failure);
});

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
