/** The same stories of a shop on SQLite, and on PostgreSQL with several instances. */
import fc from '../../kit/fast-check.ts';
import { run } from '../../postgres/server.ts';
import { shopLedgers } from '../../postgres/shop-ledgers.ts';
import { delayWrites, dropUniqueness, unlockNames } from '../../postgres/unlocked.ts';
import { plan, schedule } from '../../shop/delivery.ts';
import type { Played } from '../../shop/play.ts';
import { openHouse, type ShopHouse } from '../../shop/service.ts';
import { playTold, type Told } from '../../shop/story-check.ts';
import { SHOPS, storiesOf } from '../../shop/try-stories.ts';
import { productFiles } from '../../shop/wares.ts';
import type { Outcome, Proof, Tools } from '../proof.ts';
import { privateCluster } from './private-cluster.ts';

const INSTANCES = 3;

/** Stories of the control until one differs. */
const CONTROL_STORIES = 12;

export const postgresDiffer: Proof = {
  title:
    'PostgreSQL: stories of six marketplaces’ shops in any order, each call to two of 3 instances at once, end as on SQLite: the same licenses, states, days, texts and flags, and `ledger check` finds nothing',
  unit: 'stories',
  quick: 5,
  full: 1000,
  run: (stories, tools) => differ(stories, tools),
  controls: [
    {
      title: 'the facts of subscriptions are not loaded',
      run: (tools) => differ(CONTROL_STORIES, tools, forgetSubscriptions, 1),
    },
    {
      title: 'neither locks nor unique keys',
      run: (tools) =>
        differ(
          CONTROL_STORIES,
          tools,
          async (url) => {
            await unlockNames(url);
            await dropUniqueness(url);
            await delayWrites(url, 'license', 0.005);
          },
          1,
        ),
    },
  ],
};

/** `enough`: violations after which it ends. */
async function differ(
  stories: number,
  tools: Tools,
  prepare?: (url: string) => Promise<unknown>,
  enough = 5,
): Promise<Outcome> {
  await privateCluster(tools);
  const file = await openHouse(productFiles());
  const database = file.on(shopLedgers(tools, INSTANCES, prepare));
  const violations: string[] = [];
  let calls = 0;
  const each = Math.ceil(stories / SHOPS.length);
  const drawn = SHOPS.map((shop) =>
    fc.sample(fc.tuple(storiesOf(shop, file), plan), { numRuns: each, seed: tools.seed }),
  );
  for (let number = 0; number < each; number++) {
    for (const [place, shop] of SHOPS.entries()) {
      const [told, others] = drawn[place]?.[number] ?? [];
      if (told === undefined || others === undefined || violations.length >= enough) continue;
      const deliveries = schedule(told.calls, others, told.end, told.wire);
      calls += deliveries.length;

      const difference = await differenceOf(told, deliveries, file, database);
      if (difference !== undefined)
        violations.push(`${shop}, story ${number}: ${difference} (${told.lines.join('; ')})`);
    }
  }
  tools.note(`${calls} calls`);
  return { done: each * SHOPS.length, violations };
}

async function differenceOf(
  told: Told,
  deliveries: ReturnType<typeof schedule>,
  file: ShopHouse,
  database: ShopHouse,
): Promise<string | undefined> {
  const expected = await playTold(file, told, deliveries);
  const found = await playTold(database, told, deliveries);
  const [is, should] = [linesOf(found), linesOf(expected)];
  const other = [
    ...should.filter((line) => !is.includes(line)).map((line) => `only on SQLite: ${line}`),
    ...is.filter((line) => !should.includes(line)).map((line) => `only on PostgreSQL: ${line}`),
  ];
  return other[0];
}

/** A refusal names its request; each instance counts its own. */
const REQUEST_ID = /,"request":"request-\d+"/;

/** All that a play ends with; the order in which lists come may differ. */
function linesOf({ licenses, answers, flags, found, undelivered, faults }: Played): readonly string[] {
  return [
    ...licenses.map((license) => `license ${JSON.stringify(license)}`),
    ...answers.map(
      ({ request, status, text }, place) =>
        `answer ${place} to ${request.name}: ${status} ${text.replace(REQUEST_ID, '')}`,
    ),
    ...flags.map(({ kind, text }) => `flag ${kind} ${text}`),
    ...[...found].map(([email, orders]) => `${email} finds ${[...orders].sort().join()}`),
    ...undelivered.map((line) => `undelivered ${line}`),
    ...faults.map((fault) => `fault ${fault}`),
  ];
}

function forgetSubscriptions(url: string): Promise<unknown> {
  return run(
    `CREATE OR REPLACE FUNCTION held(names text[]) RETURNS TABLE (market text, name text)
    LANGUAGE sql STABLE ROWS 20 AS $$
      SELECT * FROM parts_of(names) WHERE name NOT LIKE 'subscription:%' $$`,
    url,
  );
}
