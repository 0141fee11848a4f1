/** Paddle's shop model against the service: whatever is bought and paid back, in whatever order it is told. */
import test from 'ava';
import fc from 'fast-check';
import { plan } from './delivery.ts';
import { paddleTold } from './paddle-shop.ts';
import { paddleStory } from './paddle-story.ts';
import { openHouse } from './service.ts';
import { checkStory } from './story-check.ts';
import { productFiles } from './wares.ts';

const STORIES = 150;

test('every paid unit has a live license, and no other one is live, in whatever order Paddle is heard', async (t) => {
  const house = await openHouse(productFiles());
  const property = fc.asyncProperty(paddleStory, plan, (story, drawn) =>
    checkStory(house, paddleTold(story, house.paddleKey), [drawn]),
  );
  const { failed, errorInstance, seed, counterexamplePath } = await fc.check(property, { numRuns: STORIES });
  if (failed) t.fail(`seed ${seed}, path ${counterexamplePath}\n${errorInstance}`);
  else t.pass();
});
