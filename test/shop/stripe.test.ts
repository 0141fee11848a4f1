/** The shop model (faults.md, K3): stories of Stripe's shop, like those of stories.test.ts. */
import test from 'ava';
import { openHouse } from './service.ts';
import { silent, tryStories } from './try-stories.ts';
import { productFiles } from './wares.ts';

/** The same stories each time; the proof draws others. */
const SEED = 1;

test('Stripe: paid units equal live licenses, whatever the order of delivery', async (t) => {
  const failure = await tryStories('stripe', await openHouse(productFiles()), { stories: 150, seed: SEED });
  if (failure === undefined) t.pass();
  else t.fail(failure);
});

/** The same stories, with missing events. */
const CONTROLS = {
  'a missing sale is found': /^checkout\.session\.completed$/,
  'a missing payment of a debit is found': /^checkout\.session\.async_payment_succeeded$/,
  'a missing refund is found': /^charge\.refunded$/,
  'a missing end is found': /^customer\.subscription\.deleted$/,
  'a missing change is found': /^customer\.subscription\.updated$/,
  'a missing payment is found': /^invoice\.paid$/,
  'a refund whose failure is missing is found': /^refund\.failed$/,
} as const;

for (const [title, types] of Object.entries(CONTROLS)) {
  test(title, async (t) => {
    const failure = await tryStories('stripe', await openHouse(productFiles()), {
      stories: 200,
      seed: SEED,
      spoil: silent(types),
      shrinks: false,
    });
    t.truthy(failure, 'no story fails');
  });
}
