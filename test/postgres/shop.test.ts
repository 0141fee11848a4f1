/** The shop model (test/shop) on PostgreSQL: stories in any order of delivery, each call to two of three instances. */
import test from 'ava';
import { openHouse } from '../shop/service.ts';
import { SHOPS, tryStories } from '../shop/try-stories.ts';
import { productFiles } from '../shop/wares.ts';
import { shopLedgers } from './shop-ledgers.ts';

/** The proof `postgres-differ` plays more. */
const STORIES = 2;

for (const shop of SHOPS) {
  test.serial(`stories of a shop at ${shop} end as they must on PostgreSQL`, async (t) => {
    const house = (await openHouse(productFiles())).on(shopLedgers(t, 3));
    const failure = await tryStories(shop, house, { stories: STORIES, shrinks: false });
    t.is(failure, undefined, failure);
  });
}
