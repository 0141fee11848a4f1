/**
 * The shop model (faults.md, K3): stories of FastSpring's and Paddle's shops, played to the service in several orders of
 * delivery and held against what is paid. `npm run proof -- --only shop` plays 100,000 of them.
 */
import test from 'ava';
import { openHouse } from './service.ts';
import type { Told } from './story-check.ts';
import { SHOPS, tryStories } from './try-stories.ts';
import { productFiles } from './wares.ts';

const STORIES = 150;

for (const shop of SHOPS) {
  test(`${shop}: paid units equal live licenses, and every order of delivery ends alike`, async (t) => {
    const failure = await tryStories(shop, await openHouse(productFiles()), { stories: STORIES });
    if (failure === undefined) t.pass();
    else t.fail(failure);
  });
}

/** The service does not hear of events of some types. */
const silent =
  (types: RegExp) =>
  (told: Told): Told => ({
    ...told,
    calls: told.calls.filter((call) => call.kind === 'request' || !types.test(call.type)),
  });

/** The same stories without what is named here; the first story that fails will do. */
const CONTROLS = {
  'a refund that is not told': ['fastspring', /^return\.created$/],
  'a charge that is not told': ['fastspring', /charge\.completed$/],
  'a payment that is not told': ['paddle-classic', /payment_succeeded$/],
  'a cancellation that is not told': ['paddle-classic', /cancelled$/],
} as const;

for (const [title, [shop, types]] of Object.entries(CONTROLS)) {
  test(`${shop}: ${title} is found`, async (t) => {
    const house = await openHouse(productFiles());
    const failure = await tryStories(shop, house, { stories: 200, spoil: silent(types), shrinks: false });
    t.truthy(failure, 'no story fails');
  });
}
