/** Separate Multibuy over two instances: a unit on its way is handed to nobody else. */
import test, { type ExecutionContext } from 'ava';
import type { Ledger } from '../../src/domain/ledger.ts';
import { type Handouts, MemoryHandouts } from '../../src/domain/ports/handouts.ts';
import { fulfill } from '../../src/domain/requests/fulfill.ts';
import { keepTexts, orderOf, soldProduct } from '../kit/ledger-data.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { newSchema, openOn, run } from './server.ts';

const BY_UNIT = { products: [], reply: 'markdown', parameters: [], askedByUnit: true } as const;
const PRODUCT = soldProduct('app', { marketplaces: { 'paddle-classic': BY_UNIT } });

interface Instance {
  readonly ledger: Ledger;
  readonly handouts: Handouts;
}

async function instances(t: ExecutionContext, handouts?: () => Handouts) {
  const url = await newSchema();
  const open = async (): Promise<Instance> => {
    const ledger = await openOn(t, url, { products: [PRODUCT] });
    return { ledger, handouts: handouts?.() ?? ledger.handouts };
  };
  const all = [await open(), await open(), await open()] as const;
  await keepTexts(all[0].ledger, [PRODUCT]);
  return { url, all };
}

async function ask({ ledger, handouts }: Instance, order = 'M1') {
  const context = { ledger, handouts, now: () => SOLD_AT + 1000 };
  const answer = await fulfill(orderOf({ order }), PRODUCT, context);
  if (!('licenses' in answer)) throw new Error(answer.outcome);
  return { unit: answer.licenses[0].unit, delivery: answer.delivery };
}

test.serial(
  'requests of one order at three instances get different units, until one is abandoned',
  async (t) => {
    const { url, all } = await instances(t);
    const asked = await Promise.all([0, 1, 2, 3, 4, 5].map((place) => ask(all[place % 3] ?? all[0])));
    t.deepEqual(asked.map(({ unit }) => unit).sort(), [0, 1, 2, 3, 4, 5]);
    const third = asked.find(({ unit }) => unit === 3);
    third?.delivery?.abandoned();
    await waitUntilFree(url, 5);
    t.is((await ask(all[1])).unit, 3, 'what did not arrive is handed out again');
    const first = asked.find(({ unit }) => unit === 0);
    await first?.delivery?.finished();
    await waitUntilFree(url, 5);
    t.is((await ask(all[2])).unit, 6, 'what arrived is not');
  },
);

test.serial('a lease ends by itself, and an instance that lost its turn takes nothing', async (t) => {
  const { url, all } = await instances(t);
  t.is((await ask(all[0])).unit, 0);
  await run("UPDATE handout SET until = '-infinity'", url);
  t.is((await ask(all[1])).unit, 0, 'its instance was killed');
  const order = orderOf({ order: 'M2' });
  await t.throwsAsync(
    all[0].ledger.handouts?.oneAtATime(order, async () => {
      await run("UPDATE handout_turn SET until = '-infinity'", url);
      await all[0].ledger.handouts?.take(order, 0);
    }) ?? Promise.resolve(),
    { code: 'ledger_unavailable' },
  );
});

test.serial('control: with hand-outs in each memory, two instances hand out one unit twice', async (t) => {
  const { all } = await instances(t, () => new MemoryHandouts());
  const [one, two] = [await ask(all[0]), await ask(all[1])];
  t.is(one.unit, two.unit);
});

test.serial('of three instances one gets the turn of a work, and it comes round by itself', async (t) => {
  const { url, all } = await instances(t);
  const takeAll = (name: string) => Promise.all(all.map(({ ledger }) => ledger.takeTurn?.(name, 60_000)));
  t.deepEqual((await takeAll('reconcile stripe live')).sort(), [false, false, true]);
  t.deepEqual((await takeAll('reconcile stripe live')).sort(), [false, false, false]);
  t.deepEqual((await takeAll('reconcile stripe test')).sort(), [false, false, true], 'another work');
  await run("UPDATE handout_turn SET until = '-infinity'", url);
  t.deepEqual(
    (await takeAll('reconcile stripe live')).sort(),
    [false, false, true],
    'its instance was killed',
  );
});

async function waitUntilFree(url: string, out: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const [row] = await run('SELECT count(*)::int AS out FROM handout WHERE until > clock_timestamp()', url);
    if (row?.['out'] === out) return;
  }
  throw new Error('not released');
}
