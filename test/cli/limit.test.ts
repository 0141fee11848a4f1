import test from 'ava';
import { openLedger } from '../../src/service/open.ts';
import { openMarket, referenceOf } from '../kit/fastspring.ts';
import { ping } from '../kit/outbox.ts';

const ENDS = 'The newest 1; --limit shows more.\n';

test('a list that ends at its limit says so in every form, and nothing else does', async (t) => {
  const market = await openMarket(t);
  const { cli } = market;
  for (const number of [1, 2]) {
    const items = [{ product: `unknown-${number}`, quantity: 1, subtotal: 20 }];
    const reference = referenceOf(number);
    const sale = { id: `internal-${number}`, reference, total: 20, currency: 'USD', items };
    await market.tell(market.event('order.completed', sale));
  }
  await market.stop();
  const ledger = await openLedger(market.home.config);
  await ledger.outbox.announce([ping('a'), ping('b')], market.home.clock.now);
  await ledger.close();
  const help = (words: readonly string[]) => cli([...words, '--help']);
  const groups = (await cli(['--help'])).out.matchAll(/^ {2}([a-z]+) /gm);
  const lists: string[] = [];
  for (const [, group = ''] of groups) {
    const { out } = await help([group]);
    if (/^ {2}list /m.test(out) && (await help([group, 'list'])).out.includes('--limit')) lists.push(group);
  }
  t.deepEqual(lists, ['orders', 'flags', 'events', 'outbox']);
  for (const group of lists)
    for (const form of group === 'orders' ? [[], ['--json'], ['--csv']] : [[], ['--json']]) {
      const listed = async (limit: string) => cli([group, 'list', ...form, '--limit', limit]);
      const [one, all] = [await listed('1'), await listed('9')];
      t.deepEqual([one.status, one.err], [0, ENDS], `${group} ${form.join()}`);
      t.deepEqual([all.status, all.err], [0, ''], `the control: ${group} ${form.join()}`);
      t.true(all.out.length > one.out.length);
    }
});
