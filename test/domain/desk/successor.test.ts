import test from 'ava';
import { successorOf } from '../../../src/domain/desk/successor.ts';
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
