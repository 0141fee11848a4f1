import test from 'ava';
import { withdrawLinks } from '../../../src/domain/desk/new-links.ts';
import type { SelfService } from '../../../src/domain/ports/self-service.ts';
import { GROUNDS, NOW } from '../../kit/desk.ts';
import { fakeLedger, storyOf } from '../../kit/desk-ledger.ts';

test('the links to all licenses of the order end, in its market, and the history says why', async (t) => {
  const ended: unknown[] = [];
  const newLinks = async (ids: readonly Uint8Array[], at: number) => {
    ended.push(ids, at);
  };
  const { ledger, stories, facts } = fakeLedger({ selfService: { newLinks } as unknown as SelfService });
  const [first, second] = [storyOf(), storyOf({ unit: 1 })];
  stories.push(
    ...[first, second, storyOf({ order: 'ACME-2' })],
    ...[storyOf({ mode: 'test' }), storyOf({ marketplace: 'stripe' })],
  );
  t.deepEqual(await withdrawLinks({ ledger }, second.id, GROUNDS, NOW), {
    outcome: 'withdrawn',
    license: second,
    licenses: 2,
  });
  t.deepEqual(ended, [[first.id, second.id], NOW]);
  t.deepEqual(
    facts.map(({ subject, at, cause, body }) => [subject, at, cause, body]),
    [
      [
        'order:ACME-1',
        NOW,
        'new links by ada: ticket 17',
        { kind: 'noted', note: 'all links to the license pages were withdrawn' },
      ],
    ],
  );
  const unknown = storyOf({ order: 'ACME-3' }).id;
  t.deepEqual(await withdrawLinks({ ledger }, unknown, GROUNDS, NOW), { outcome: 'unknown' });
  t.is(ended.length, 2);
});
