import test from 'ava';
import { settleFlags } from '../../../src/domain/desk/flags.ts';
import { ignorePath } from '../../../src/domain/desk/paths.ts';
import { GROUNDS, NOW } from '../../kit/desk.ts';
import { fakeLedger, flagOf } from '../../kit/desk-ledger.ts';

test('a flag is settled once, with who and why', async (t) => {
  const fake = fakeLedger();
  fake.flags.push(flagOf());
  t.is((await settleFlags(fake, { id: 1 }, GROUNDS, NOW)).outcome, 'settled');
  t.deepEqual(fake.flags[0], flagOf({ settledAt: NOW, settledBy: 'ada: ticket 17' }));
  t.is((await settleFlags(fake, { id: 1 }, { ...GROUNDS, reason: 'again' }, NOW + 1)).outcome, 'unchanged');
  t.is(fake.flags[0]?.settledBy, 'ada: ticket 17');
  t.is((await settleFlags(fake, { id: 2 }, GROUNDS, NOW)).outcome, 'unknown');
});

test('all open flags of an event are settled together, and no others', async (t) => {
  const fake = fakeLedger();
  fake.flags.push(
    flagOf({ id: 1 }),
    flagOf({ id: 2 }),
    flagOf({ id: 3, settledAt: 5, settledBy: 'earlier' }),
    flagOf({ id: 4, event: 'event-2' }),
  );
  const settled = await settleFlags(fake, { event: 'event-1' }, GROUNDS, NOW);
  t.deepEqual('flags' in settled && settled.flags.map(({ id }) => id), [1, 2]);
  t.deepEqual(
    fake.flags.map(({ settledBy }) => settledBy),
    ['ada: ticket 17', 'ada: ticket 17', 'earlier', null],
  );
});

test('a path is ignored by settling its flag, in either case and in both modes', async (t) => {
  const fake = fakeLedger();
  fake.flags.push(
    flagOf({ id: 1, kind: 'unknown-product', key: 'path:lumen-edu' }),
    flagOf({ id: 2, kind: 'unknown-product', key: 'path:lumen-edu', mode: 'test' }),
    flagOf({ id: 3, kind: 'unknown-product', key: 'path:lumen' }),
  );
  t.is((await ignorePath(fake, { path: 'Lumen-EDU' }, GROUNDS, NOW)).outcome, 'settled');
  t.deepEqual(
    fake.flags.map(({ settledAt }) => settledAt),
    [NOW, NOW, null],
  );
  t.is((await ignorePath(fake, { path: 'never-sold' }, GROUNDS, NOW)).outcome, 'unknown');
});

test('ignoring a path settles the flags of subscriptions that changed to it', async (t) => {
  const fake = fakeLedger();
  fake.flags.push(
    flagOf({ id: 1, kind: 'unmapped', key: 'unmapped:sub-1:lumen-mug' }),
    flagOf({ id: 2, kind: 'unmapped', key: 'unmapped:sub-2:lumen' }),
  );
  const settled = await ignorePath(fake, { path: 'lumen-mug' }, GROUNDS, NOW);
  t.deepEqual('flags' in settled && settled.flags.map(({ id }) => id), [1]);
  t.is((await ignorePath(fake, { path: 'lumen-mug' }, GROUNDS, NOW)).outcome, 'unchanged');
});

test('if two marketplaces have the same flag key, only the named marketplace’s flag is settled', async (t) => {
  const fake = fakeLedger();
  fake.flags.push(flagOf({ id: 1 }), flagOf({ id: 2, marketplace: 'paddle-classic' }));
  const { key } = flagOf();
  const settled = await settleFlags(fake, { key, marketplace: 'paddle-classic' }, GROUNDS, NOW);
  t.deepEqual('flags' in settled && settled.flags.map(({ id }) => id), [2]);
  t.deepEqual(
    fake.flags.map(({ settledAt }) => settledAt),
    [null, NOW],
  );
  t.is((await settleFlags(fake, { key, marketplace: 'manual' }, GROUNDS, NOW)).outcome, 'unknown');
});

test('a flag settled concurrently by another person is unchanged, and a whole page is queried', async (t) => {
  const limits: unknown[] = [];
  const fake = fakeLedger({
    findFlags: async ({ limit }) => {
      limits.push(limit);
      return [flagOf()];
    },
    settleFlags: async () => 0,
  });
  t.deepEqual(await settleFlags(fake, { id: 1 }, GROUNDS, NOW), { outcome: 'unchanged', flags: [flagOf()] });
  t.deepEqual(limits, [1000]);
  const settled = flagOf({ settledAt: 5, settledBy: 'earlier' });
  const unasked = fakeLedger({
    settleFlags: async () => {
      throw new Error('nothing is open');
    },
  });
  unasked.flags.push(settled);
  t.deepEqual(await settleFlags(unasked, { id: 1 }, GROUNDS, NOW), {
    outcome: 'unchanged',
    flags: [settled],
  });
});
