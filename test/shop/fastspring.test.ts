/**
 * The shop model (faults.md, K3): stories of FastSpring's shop, played to the service in several orders of delivery and
 * compared with the paid units. `npm run proof -- --only shop` plays 100,000 of both shops.
 */
import test from 'ava';
import { openHouse } from './service.ts';
import { silent, tryStories } from './try-stories.ts';
import { productFiles } from './wares.ts';

/** The same stories each time; the proof draws others. */
const SEED = 1;

test('FastSpring: paid units equal live licenses, whatever the order of delivery', async (t) => {
  const failure = await tryStories('fastspring', await openHouse(productFiles()), {
    stories: 150,
    seed: SEED,
  });
  if (failure === undefined) t.pass();
  else t.fail(failure);
});

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
