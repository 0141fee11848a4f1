/** The shop model (faults.md, K3): stories of Paddle Billing's shop, like those of stories.test.ts. */
import test from 'ava';
import { openHouse } from './service.ts';
import { silent, tryStories } from './try-stories.ts';
import { productFiles } from './wares.ts';

/** The same stories each time; the proof draws others. */
const SEED = 1;

test('Paddle Billing: paid units equal live licenses, whatever the order of delivery', async (t) => {
  const failure = await tryStories('paddle-billing', await openHouse(productFiles()), {
    stories: 150,
    seed: SEED,
  });
  if (failure === undefined) t.pass();
  else t.fail(failure);
});

/** The same stories, with missing events. */
const CONTROLS = {
  'a missing sale is found': /^transaction\.(completed|updated)$/,
  'a missing refund is found': /^adjustment\.updated$/,
  'a missing end is found': /^subscription\.canceled$/,
  'a missing change is found': /^subscription\.updated$/,
} as const;

for (const [title, types] of Object.entries(CONTROLS)) {
  test(title, async (t) => {
    const house = await openHouse(productFiles());
    const failure = await tryStories('paddle-billing', house, {
      stories: 200,
      seed: SEED,
      spoil: silent(types),
      shrinks: false,
    });
    t.truthy(failure, 'no story fails');
  });
}
