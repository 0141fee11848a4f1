/**
 * Plays one seed's stories of a shop in its own process: `worker.ts SHOP SEED STORIES [first]`. `first` returns the
 * first failed story without shrinking. Prints the failures as JSON.
 */
import { openHouse } from '../../shop/service.ts';
import { SHOPS, tryStories } from '../../shop/try-stories.ts';
import { productFiles } from '../../shop/wares.ts';

const [name, seed, stories, until] = process.argv.slice(2);
const shop = SHOPS.find((each) => each === name);
if (shop === undefined) throw new Error(`no shop ${name}: there are ${SHOPS.join(', ')}`);
const failure = await tryStories(shop, await openHouse(productFiles()), {
  seed: Number(seed),
  stories: Number(stories),
  ...(until === 'first' && { shrinks: false }),
});
process.stdout.write(JSON.stringify({ failure: failure ?? null }));
