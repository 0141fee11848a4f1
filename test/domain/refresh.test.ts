import test from 'ava';
import type { LicenseStory } from '../../src/domain/ledger.ts';
import type { LicenseState } from '../../src/domain/license.ts';
import { type Proof, type Refreshed, refresh } from '../../src/domain/refresh.ts';
import { ENTITLEMENT, MINTER } from '../storage/support.ts';

const IDENTITY = { marketplace: 'manual', mode: 'live', order: '1', product: 'app', unit: 0 } as const;
const held = MINTER.mint(IDENTITY, ENTITLEMENT, 1);

/** Its states, each from a day on. */
type Past = readonly (readonly [LicenseState, string])[];

/** What a ledger that holds the license at revision 1 makes of a code. */
function ask(past: Past, sent: Partial<Proof> = {}): Promise<Refreshed> {
  const history = past.map(([to, day], i) => ({
    ...{
      at: Date.parse(`${day}T23:59:59Z`),
      from: past[i - 1]?.[0] ?? null,
      to,
      revision: 1,
      cause: 'a test',
    },
  }));
  const customer = { name: undefined, email: undefined };
  const story: LicenseStory = {
    ...{
      ...IDENTITY,
      ...held,
      customer,
      history,
      state: past.at(-1)![0],
      answer: undefined,
      subscription: null,
    },
  };
  const proof = { product: 'app', mode: 'live', ...MINTER.mint(IDENTITY, ENTITLEMENT, 0), ...sent } as const;
  return refresh(proof, {
    find: async (query) => (query.by === 'license' && query.id === proof.id ? [story] : []),
  });
}

const ACTIVE: Past = [['active', '2026-11-01']];

test('the higher revision is the newest code, whoever has it', async (t) => {
  t.deepEqual(await ask(ACTIVE), { outcome: 'changed', code: held.code });
  t.deepEqual(await ask(ACTIVE, held), { outcome: 'unchanged', code: held.code });
  const ahead = MINTER.mint(IDENTITY, ENTITLEMENT, 2);
  t.deepEqual(await ask(ACTIVE, ahead), { outcome: 'unchanged', code: ahead.code });
});

test('suspended is counted from the first day of the suspension that lasts, in UTC', async (t) => {
  for (const [past, since] of [
    [[['suspended', '2026-11-01']], '2026-11-01'],
    [[...ACTIVE, ['suspended', '2026-11-05']], '2026-11-05'],
    [[...ACTIVE, ['suspended', '2026-11-05'], ['suspended', '2026-11-09']], '2026-11-05'],
    [
      [...ACTIVE, ['suspended', '2026-11-05'], ['active', '2026-11-07'], ['suspended', '2026-11-09']],
      '2026-11-09',
    ],
  ] as const) {
    t.deepEqual(await ask(past), { outcome: 'suspended', since });
  }
});

test('ended still has its code, revoked has none', async (t) => {
  t.deepEqual(await ask([...ACTIVE, ['ended', '2026-12-01']]), { outcome: 'changed', code: held.code });
  t.deepEqual(await ask([...ACTIVE, ['revoked', '2026-12-01']]), { outcome: 'revoked' });
});

test('a license of another product or mode than the code says is not the one', async (t) => {
  t.deepEqual(await ask(ACTIVE, { product: 'app2' }), { outcome: 'unknown' });
  t.deepEqual(await ask(ACTIVE, { mode: 'test' }), { outcome: 'unknown' });
  t.deepEqual(await refresh({ ...IDENTITY, ...held }, { find: async () => [] }), { outcome: 'unknown' });
});
