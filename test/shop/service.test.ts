import test from 'ava';
import { signRequest } from '../../src/marketplaces/fastspring/simulator.ts';
import { cpuLimit, withCpuTime } from './cpu-time.ts';
import { LICENSE_KEY, openHouse, type ShopService } from './service.ts';
import { productFiles } from './wares.ts';

const FIELDS = {
  reference: 'ABC261120-1234-11111',
  quantity: '2',
  name: 'Robin Example',
  email: 'buyer@example.com',
};

function buy({ post }: ShopService) {
  return post({
    path: '/fulfillment/fastspring/team',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: signRequest({ ...FIELDS, product: 'team' }, LICENSE_KEY),
  });
}

test('a play leaves no row to the next', async (t) => {
  const house = await openHouse(productFiles());
  const before = house.rows();
  const texts: string[] = [];
  for (const play of [1, 2]) {
    const service = await house.open();
    const { status, text } = await buy(service);
    t.is(status, 200, `play ${play}: ${text}`);
    texts.push(text);
    t.notDeepEqual(house.rows(), before, 'the control: a sale leaves rows');
    await service.close();
    t.deepEqual(house.rows(), before);
  }
  t.is(texts[0], texts[1]);
});

test('two plays are never open at once', async (t) => {
  const house = await openHouse(productFiles());
  const service = await house.open();
  await t.throwsAsync(house.open(), { message: /another play is open/ });
  await service.close();
  await (await house.open()).close();
});

// Alone: tests of one file that wait share its thread.
test.serial(
  'the CPU time of stories counts work and no waiting, and has to be less than 15 seconds for both shops',
  async (t) => {
    const waiting = await withCpuTime(() => new Promise((resolve) => setTimeout(resolve, 300)));
    t.true(waiting.seconds < 0.1, `${waiting.seconds} s while waiting`);
    const working = await withCpuTime(async () => {
      const until = process.threadCpuUsage().user + 300_000;
      while (process.threadCpuUsage().user < until);
    });
    t.true(working.seconds >= 0.3, `${working.seconds} s at work`);
    t.deepEqual(
      [0, 1, 1000].map((load) => cpuLimit(load)),
      [15, 15, 30],
    );
  },
);
