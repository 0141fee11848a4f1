/** The shop model (faults.md, K3): stories of Paddle Classic's shop, as fastspring.test.ts has them of FastSpring's. */
import test from 'ava';
import { openHouse } from './service.ts';
import { silent, tryStories } from './try-stories.ts';
import { productFiles } from './wares.ts';

/** The same stories each time; the proof draws others. */
const SEED = 1;

test('Paddle: paid units equal live licenses, and every order of delivery ends alike', async (t) => {
  const failure = await tryStories('paddle-classic', await openHouse(productFiles()), {
    stories: 150,
    seed: SEED,
  });
  if (failure === undefined) t.pass();
  else t.fail(failure);
});

/** The same stories, of which the service does not hear everything. */
const CONTROLS = {
  'a refund that is not told is found': /refunded$/,
  'a payment that is not told is found': /payment_succeeded$/,
  'a cancellation that is not told is found': /cancelled$/,
  'a plan change that is not told is found': /updated$/,
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
