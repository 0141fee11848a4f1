/** Which releases a license may have: by its state, its last valid day and the end of its updates. */
import test from 'ava';
import { mayDownload, newestFirst, offeredTo, type Release } from '../../../src/domain/values/release.ts';

const NOW = Date.UTC(2026, 10, 21, 10);

const release = (version: string, day: string, more: Partial<Release> = {}): Release => ({
  ...{ product: 'lumen', version, day, addedAt: 0, files: [] },
  ...more,
});

const versions = (releases: readonly Release[]) => releases.map(({ version }) => version);

test('an active license may download to its last valid day; an ended one only if it keeps versions for good', (t) => {
  const entitlement = (lastValid: string | null) => ({ lastValid, updatesUntil: null });
  for (const [state, lastValid, may] of [
    ['active', null, true],
    ['active', '2026-11-21', true],
    ['active', '2026-11-20', false],
    ['ended', null, true],
    ['ended', '2027-01-01', false],
    ['suspended', null, false],
    ['revoked', null, false],
  ] as const)
    t.is(mayDownload({ state, entitlement: entitlement(lastValid) }, NOW), may, `${state} ${lastValid}`);
});

test('a release of the last day of updates is included, one of the day after is withheld, a withdrawn one neither', (t) => {
  const releases = [
    release('4.1', '2026-01-01'),
    release('4.2', '2026-10-28'),
    release('4.3', '2026-10-29'),
    release('4.0', '2025-01-01', { withdrawn: { at: 1, reason: 'broken' } }),
  ];
  const holding = { state: 'active', entitlement: { lastValid: null, updatesUntil: '2026-10-28' } } as const;
  const { included, withheld } = offeredTo(holding, releases, NOW);
  t.deepEqual(versions(included), ['4.2', '4.1']);
  t.deepEqual(versions(withheld), ['4.3']);
  const suspended = offeredTo({ ...holding, state: 'suspended' }, releases, NOW);
  t.deepEqual(suspended, { included: [], withheld: [] });
});

test('the newest day is first, and of one day the highest version, counted as numbers', (t) => {
  const releases = [
    release('4.9', '2026-01-01'),
    release('4.10', '2026-01-01'),
    release('3.0', '2026-02-01'),
  ];
  t.deepEqual(versions(newestFirst(releases)), ['3.0', '4.10', '4.9']);
});
