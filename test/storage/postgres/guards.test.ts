import test from 'ava';
import { holding, Miss, NOTHING_HELD } from '../../../src/storage/postgres/needs.ts';
import { guardsOf } from '../../../src/storage/postgres/open-ledger.ts';
import { OUTBOX_LOCK } from '../../../src/storage/postgres/outbox-loads.ts';

const DIGEST = 'ab'.repeat(32);
const searched = holding([], [{ table: 'terms', text: '', items: [{ digest: DIGEST }] }]);

test('terms that were not searched in this try are asked for, whatever an earlier try asked for', (t) => {
  let held = NOTHING_HELD;
  const { onUnknownTerms } = guardsOf(() => held);
  t.throws(() => onUnknownTerms(DIGEST), { instanceOf: Miss });
  held = searched;
  t.notThrows(() => onUnknownTerms(DIGEST), 'the ledger does not have them');
  held = NOTHING_HELD;
  t.throws(() => onUnknownTerms(DIGEST), { instanceOf: Miss }, 'the next group has not searched them');
});

test('a name that is not held is asked for, and one that is held is read', (t) => {
  const market = { marketplace: 'stripe', mode: 'live' } as const;
  const { onNames } = guardsOf(() => holding(['stripe live order:1'], []));
  t.notThrows(() => onNames(new Set(['order:1'] as const), market));
  const miss = t.throws(() => onNames(new Set(['order:1', 'order:2'] as const), market), {
    instanceOf: Miss,
  });
  t.deepEqual(miss?.need, { names: ['stripe live order:2'] });
});

test('an act that finds a waiting mail runs again with the lock of the outbox', (t) => {
  let held = NOTHING_HELD;
  const { onWaitingMail } = guardsOf(() => held);
  const miss = t.throws(() => onWaitingMail(), { instanceOf: Miss });
  t.deepEqual(miss?.need, { locks: [OUTBOX_LOCK] });
  held = holding([], [], [OUTBOX_LOCK]);
  t.notThrows(() => onWaitingMail());
});
