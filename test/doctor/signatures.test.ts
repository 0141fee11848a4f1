import test from 'ava';
import { examineSignatures } from '../../src/doctor/signatures.ts';
import type { KeptEvent } from '../../src/domain/facts/event.ts';
import type { Ledger } from '../../src/domain/ledger.ts';
import { REFUSED_WITHIN, type RefusedCalls, RefusedCallTally } from '../../src/domain/ports/refused-calls.ts';
import { fakeLedger } from '../kit/desk-ledger.ts';
import { NOW } from '../kit/sale.ts';

const MINUTE = 60_000;
const events = (more: Partial<RefusedCalls> = {}): RefusedCalls => ({
  ...{ marketplace: 'fastspring', what: 'event', calls: 3 },
  ...{ firstAt: NOW - 30 * MINUTE, lastAt: NOW - MINUTE },
  ...more,
});

async function found(all: readonly RefusedCalls[], genuine?: number) {
  const more: Partial<Ledger> = {
    refusedCalls: { list: async () => all, add: async () => {} },
    findEvents: async () => (genuine === undefined ? [] : [{ receivedAt: genuine } as KeptEvent]),
  };
  return (await examineSignatures(fakeLedger(more).ledger, NOW)).map(
    ({ level, check }) => `${level} ${check}`,
  );
}

test('calls with a wrong signature are a warning for a day, unless genuine events came since', async (t) => {
  t.deepEqual(await found([]), ['ok signatures']);
  t.deepEqual(await found([events()]), ['warning signatures of fastspring']);
  t.deepEqual(await found([events()], NOW - 2 * MINUTE), ['warning signatures of fastspring']);
  t.deepEqual(await found([events()], NOW), ['ok signatures of fastspring']);
  t.deepEqual(await found([events({ what: 'request' })], NOW), ['warning signatures of fastspring']);
  t.deepEqual(await found([events({ lastAt: NOW - REFUSED_WITHIN })]), ['ok signatures'], 'a day ago');
});

test('what was counted is moved to the ledger once, and kept where the ledger cannot be written', async (t) => {
  const tally = new RefusedCallTally();
  const source = { marketplace: 'fastspring', what: 'event' } as const;
  for (const at of [NOW, NOW + 1]) tally.count(source, at);
  const failing = async () => {
    throw new Error('no disk');
  };
  await t.throwsAsync(tally.flush({ add: failing }), { message: 'no disk' });
  tally.count(source, NOW + 2);
  const written: RefusedCalls[] = [];
  const add = async (counts: readonly RefusedCalls[]) => void written.push(...counts);
  await tally.flush({ add });
  await tally.flush({ add });
  t.deepEqual(written, [{ ...source, calls: 3, firstAt: NOW, lastAt: NOW + 2 }]);
});
