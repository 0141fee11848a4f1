import test from 'ava';
import { countAffected, type Reissuing, reissueAffected } from '../../../src/domain/desk/compromised.ts';
import type { LicenseStory, NumberedCode } from '../../../src/domain/ledger.ts';
import { deskOf, GROUNDS, NOW } from '../../kit/desk.ts';
import { fakeLedger, storyOf } from '../../kit/desk-ledger.ts';

const LEAKED = 7;

/** A ledger with licenses in a state each; `signed`: which of them the leaked key signed, all by default. */
function shopWith(states: readonly LicenseStory['state'][], signed: (place: number) => boolean = () => true) {
  const reads: (readonly [number, number])[] = [];
  const keys = new Map<string, number>();
  const rows: NumberedCode[] = [];
  const { ledger, stories } = fakeLedger({
    codesAfter: async (number, limit) => {
      reads.push([number, limit]);
      return rows.filter((row) => row.number > number).slice(0, limit);
    },
    reissue: async (id) => {
      const former = stories.find((story) => Buffer.compare(story.id, id) === 0)!;
      const next = storyOf({ order: former.order, reissue: former.reissue + 1 });
      stories.push(next);
      return next.id;
    },
  });
  for (const [place, state] of states.entries()) {
    const story = storyOf({ order: `ACME-${place}`, state });
    stories.push(story);
    keys.set(story.code, signed(place) ? LEAKED : 1);
    rows.push({ number: place * 2 + 1, id: story.id, mode: 'live', state, code: story.code });
  }
  const work = { keyIdOf: (code: string) => keys.get(code) ?? 1, key: LEAKED };
  return { desk: deskOf({ ledger }), reads, rows, work, stories };
}

test('what the leaked key signed is counted: active and suspended licenses are to be replaced', async (t) => {
  const { desk, work, reads } = shopWith(
    ['active', 'suspended', 'ended', 'revoked', 'revoked', 'active'],
    (place) => place < 5,
  );
  t.deepEqual(await countAffected(desk, work), { open: 2, closed: 3 });
  t.deepEqual(reads, [
    [0, 500],
    [11, 500],
  ]);
});

test('a license that is good for ever after its end is replaced, too: its customer needs a code', async (t) => {
  const shop = shopWith(['ended', 'ended', 'revoked']);
  for (const [place, lastValid] of ([null, '2027-12-05', null] as const).entries()) {
    const { code } = storyOf({ order: `ACME-${place}` }, { lastValid });
    Object.assign(shop.rows[place]!, { code });
  }
  const work = { ...shop.work, keyIdOf: () => LEAKED };
  t.deepEqual(await countAffected(shop.desk, work), { open: 1, closed: 2 });
  await replaceAll({ ...shop, work });
  t.deepEqual(
    shop.stories.filter(({ reissue }) => reissue > 0).map(({ order }) => order),
    ['ACME-0'],
  );
});

test('a service reads the codes apart from its sales', async (t) => {
  const { desk, work, reads, rows } = shopWith(['active']);
  const codesAfter = async (number: number) => rows.filter((row) => row.number > number);
  t.deepEqual(await countAffected(desk, { ...work, reads: { codesAfter } }), { open: 1, closed: 0 });
  t.deepEqual(reads, []);
});

/** Replaces all, with a clock that only the pauses move. */
async function replaceAll(
  shop: ReturnType<typeof shopWith>,
  more: Partial<Reissuing> = {},
): Promise<{ reissued: number; progress: number[]; pauses: number[] }> {
  let now = NOW;
  const progress: number[] = [];
  const pauses: number[] = [];
  const reissued = await reissueAffected(shop.desk, {
    ...shop.work,
    grounds: GROUNDS,
    now: () => now,
    rate: 60,
    pause: async (milliseconds) => {
      pauses.push(milliseconds);
      now += milliseconds;
    },
    onProgress: (count) => void progress.push(count),
    ...more,
  });
  return { reissued, progress, pauses };
}

test('each license that has to be replaced gets a successor, and no other does', async (t) => {
  const shop = shopWith(['active', 'ended', 'suspended', 'revoked', 'active'], (place) => place < 4);
  const named: string[] = [];
  const done = await replaceAll(shop, { onReissued: ({ order }) => void named.push(order) });
  t.deepEqual(done, { reissued: 2, progress: [2], pauses: [] });
  t.deepEqual(named, ['ACME-0', 'ACME-2']);
  t.deepEqual(
    shop.stories.filter(({ reissue }) => reissue > 0).map(({ order }) => order),
    ['ACME-0', 'ACME-2'],
  );
  t.is((await replaceAll(shop)).reissued, 0, 'begun again: each has its successor');
});

test('licenses are replaced sixteen at once, and no faster than the rate', async (t) => {
  const shop = shopWith(Array.from({ length: 40 }, () => 'active' as const));
  const done = await replaceAll(shop);
  t.deepEqual(done, { reissued: 40, progress: [16, 32, 40], pauses: [16_000, 16_000] });
  const slow = shopWith(Array.from({ length: 16 }, () => 'active' as const));
  let now = NOW;
  const clock = () => {
    now += 16_000;
    return now;
  };
  t.deepEqual((await replaceAll(slow, { now: clock })).pauses, [], 'the work itself takes its time');
});
