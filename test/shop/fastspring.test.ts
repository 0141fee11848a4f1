/**
 * The shop model (faults.md, K3): stories of FastSpring's shop, played to the service in several orders of delivery and
 * held against what is paid. `npm run proof -- --only shop` plays 100,000 of both shops.
 */
import test from 'ava';
import { openHouse } from './service.ts';
import { silent, tryStories } from './try-stories.ts';
import { productFiles } from './wares.ts';

/** The same stories each time; the proof draws others. */
const SEED = 1;

test('FastSpring: paid units equal live licenses, and every order of delivery ends alike', async (t) => {
  const failure = await tryStories('fastspring', await openHouse(productFiles()), {
    stories: 150,
    seed: SEED,
  });
  if (failure === undefined) t.pass();
  else t.fail(failure);
});

/** The same stories, of which the service does not hear everything. */
const CONTROLS = {
  'a return that is not told is found': /^return\.created$/,
  'a charge that is not told is found': /charge\.completed$/,
  'an end that is not told is found': /deactivated$/,
  'an order that is not told is found': /^order\.completed$/,
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
