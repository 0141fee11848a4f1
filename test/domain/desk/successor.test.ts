import test from 'ava';
import { replacementsOf, successorOf } from '../../../src/domain/desk/successor.ts';
import { fakeLedger, storyOf } from '../../kit/desk-ledger.ts';

test('the successor of a license is the newest reissue of the same unit', async (t) => {
  const fake = fakeLedger();
  const [first, second, third] = [0, 1, 2].map((reissue) => storyOf({ reissue }));
  const others = [
    { marketplace: 'manual' },
    { mode: 'test' },
    { order: 'ACME-2' },
    { line: 'else' },
    { product: 'app2' },
    { unit: 1 },
  ] as const;
  fake.stories.push(...others.map((other) => storyOf({ ...other, reissue: 3 })), second!, third!, first!);
  t.is(await successorOf(first!, fake.ledger), third);
  t.is(await successorOf(second!, fake.ledger), third);
  t.is(await successorOf(third!, fake.ledger), undefined);
});

test('a license is replaced by its reissue, and by the license of the product that its subscription covers now', async (t) => {
  const { ledger, stories } = fakeLedger();
  const subscription = 'S';
  const [leaked, reissue] = [
    storyOf({ subscription, state: 'revoked' }),
    storyOf({ subscription, state: 'ended', reissue: 1 }),
  ];
  stories.push(leaked, reissue);
  t.deepEqual(await replacementsOf(leaked, ledger), { reissue, follower: undefined });
  const pro = storyOf({ subscription, product: 'pro', line: 'pro' });
  stories.push(pro);
  t.deepEqual(await replacementsOf(leaked, ledger), { reissue, follower: pro });
  t.deepEqual(await replacementsOf(reissue, ledger), { reissue: undefined, follower: pro });
});
