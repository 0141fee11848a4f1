/** The controls of the shop model (stories.test.ts): without some events of Paddle Classic's, a story must fail. */
import test from 'ava';
import { openHouse } from './service.ts';
import { silent, tryStories } from './try-stories.ts';
import { productFiles } from './wares.ts';

const SEED = 1;

/** The stories of stories.test.ts, with missing events. */
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
