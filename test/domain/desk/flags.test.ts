import test from 'ava';
import { settleFlags } from '../../../src/domain/desk/flags.ts';
import { isFit, LONGEST_GROUNDS } from '../../../src/domain/desk/operator.ts';
import { ignorePath } from '../../../src/domain/desk/paths.ts';
import { fakeLedger, flagOf } from '../../kit/desk-ledger.ts';
import { SOLD_AT } from '../../kit/ledger-file.ts';

const NOW = SOLD_AT + 1000;
const GROUNDS = { actor: 'ada', reason: 'goodwill' };

test('a flag is settled once, with who and why', async (t) => {
  const fake = fakeLedger();
  fake.flags.push(flagOf());
  t.is((await settleFlags(fake, { id: 1 }, GROUNDS, NOW)).outcome, 'settled');
  t.deepEqual(fake.flags[0], flagOf({ settledAt: NOW, settledBy: 'ada: goodwill' }));
  t.is((await settleFlags(fake, { id: 1 }, { ...GROUNDS, reason: 'again' }, NOW + 1)).outcome, 'unchanged');
  t.is(fake.flags[0]?.settledBy, 'ada: goodwill');
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
    ['ada: goodwill', 'ada: goodwill', 'earlier', null],
  );
});

test('a path is ignored by settling its flag, in either case and in both modes', async (t) => {
  const fake = fakeLedger();
  fake.flags.push(
    flagOf({ id: 1, kind: 'unknown-product', key: 'path:lumen-edu' }),
    flagOf({ id: 2, kind: 'unknown-product', key: 'path:lumen-edu', mode: 'test' }),
    flagOf({ id: 3, kind: 'unknown-product', key: 'path:lumen' }),
  );
  t.is((await ignorePath(fake, 'Lumen-EDU', GROUNDS, NOW)).outcome, 'settled');
  t.deepEqual(
    fake.flags.map(({ settledAt }) => settledAt),
    [NOW, NOW, null],
  );
  t.is((await ignorePath(fake, 'never-sold', GROUNDS, NOW)).outcome, 'unknown');
});

test('with an ignored path the flags of subscriptions that turned to it are settled', async (t) => {
  const fake = fakeLedger();
  fake.flags.push(
    flagOf({ id: 1, kind: 'unmapped', key: 'unmapped:sub-1:lumen-mug' }),
    flagOf({ id: 2, kind: 'unmapped', key: 'unmapped:sub-2:lumen' }),
  );
  const settled = await ignorePath(fake, 'lumen-mug', GROUNDS, NOW);
  t.deepEqual('flags' in settled && settled.flags.map(({ id }) => id), [1]);
  t.is((await ignorePath(fake, 'lumen-mug', GROUNDS, NOW)).outcome, 'unchanged');
});

test('reason and actor fit into the history, and neither is empty', (t) => {
  t.true(isFit(GROUNDS));
  t.true(isFit({ actor: 'a', reason: 'x'.repeat(LONGEST_GROUNDS - 1) }));
  t.false(isFit({ actor: 'a', reason: 'x'.repeat(LONGEST_GROUNDS) }));
  t.false(isFit({ actor: 'a', reason: ' ' }));
  t.false(isFit({ actor: '', reason: 'x' }));
});
