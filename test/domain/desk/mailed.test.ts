import test from 'ava';
import { noteMailed } from '../../../src/domain/desk/mailed.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { GROUNDS, NOW } from '../../kit/desk.ts';
import { fakeLedger, storyOf } from '../../kit/desk-ledger.ts';
import { nameOf } from '../../kit/ledger-data.ts';

test('each license whose newest code was not handed out is noted as mailed', async (t) => {
  const fake = fakeLedger();
  const never = storyOf();
  const older = storyOf({ unit: 1, revision: 2, handed: 1 });
  fake.stories.push(
    never,
    older,
    storyOf({ unit: 2, revision: 2, handed: 2 }),
    storyOf({ unit: 3, state: 'revoked' }),
    storyOf({ order: 'ACME-2' }),
    storyOf({ unit: 4, mode: 'test' }),
    storyOf({ unit: 5, marketplace: 'stripe' }),
  );
  t.deepEqual(await noteMailed(fake, nameOf('ACME-1', { marketplace: 'fastspring' }), GROUNDS, NOW), {
    outcome: 'mailed',
    licenses: 2,
  });
  t.deepEqual(
    fake.facts.map(({ subject, body, cause, at }) => [subject, body, cause, at]),
    [
      [licenseSubject(never.id), { kind: 'handed', revision: 0 }, 'mailed by ada: ticket 17', NOW],
      [licenseSubject(older.id), { kind: 'handed', revision: 2 }, 'mailed by ada: ticket 17', NOW],
    ],
  );
});

test('without unmailed codes or without licenses nothing is noted', async (t) => {
  const fake = fakeLedger();
  fake.stories.push(storyOf({ handed: 0 }), storyOf({ unit: 1, state: 'revoked' }));
  t.deepEqual(await noteMailed(fake, nameOf('ACME-1', { marketplace: 'fastspring' }), GROUNDS, NOW), {
    outcome: 'unchanged',
  });
  t.deepEqual(await noteMailed(fake, nameOf('ACME-2', { marketplace: 'fastspring' }), GROUNDS, NOW), {
    outcome: 'unknown',
  });
  t.deepEqual(fake.facts, []);
});
