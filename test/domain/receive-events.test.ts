import test from 'ava';
import type { EventHead, KeptEvent, MarketplaceEvent } from '../../src/domain/facts/event.ts';
import type { Ledger } from '../../src/domain/ledger.ts';
import { receiveEvents } from '../../src/domain/receive-events.ts';
import { AppError } from '../../src/errors.ts';

function eventOf(id: string, at = 0): MarketplaceEvent {
  const head = { marketplace: 'fastspring', mode: 'live', id, type: 'order.completed', at } as const;
  return { ...head, payload: '{}', facts: [], people: [], codes: [] };
}

type Failed = Pick<KeptEvent, 'id' | 'at' | 'fault'>;

/** A ledger that accepts events with a whole number as time and stores failed events; `unavailable`: it cannot write. */
function memory() {
  const failed: Failed[] = [];
  const taken: string[] = [];
  const state = { isUnavailable: false };
  const write = () => {
    if (state.isUnavailable) throw new AppError('ledger_unavailable', 'The ledger cannot write.');
  };
  const known: Partial<Ledger> = {
    ingest: async ({ id, at }) => {
      write();
      if (!Number.isSafeInteger(at)) throw new RangeError('not a time');
      taken.push(id);
      return 'applied';
    },
    keepFailed: async ({ id, at }: EventHead, fault) => {
      write();
      failed.push({ id, at, fault });
    },
  };
  return { ledger: known as Ledger, failed, taken, state };
}

const good = (id: string) => {
  const event = eventOf(id);
  return { head: event, read: () => event };
};

test('an event with a parse error is stored as failed, with a fault that repeats none of its data', async (t) => {
  const { ledger, failed } = memory();
  const poison = (error: Error) => ({
    head: eventOf(error.name),
    read: () => {
      throw error;
    },
  });
  const results = await receiveEvents(
    [
      good('a'),
      poison(new TypeError('ada@example.com')),
      poison(new AppError('malformed_request', 'It has no id.')),
      good('b'),
    ],
    ledger,
  );
  t.deepEqual(
    results.map(({ id, outcome }) => [id, outcome]),
    [
      ['a', 'applied'],
      ['TypeError', 'failed'],
      ['AppError', 'failed'],
      ['b', 'applied'],
    ],
  );
  t.deepEqual(
    failed.map(({ fault }) => fault),
    ['TypeError', 'It has no id.'],
  );
});

test('a ledger that cannot write is not asked to store the fault', async (t) => {
  const error = new AppError('ledger_unavailable', 'The ledger cannot write.');
  const asked: string[] = [];
  const ledger = {
    ingest: () => Promise.reject(error),
    keepFailed: async (_, fault) => void asked.push(fault),
  } satisfies Partial<Ledger>;
  const [result] = await receiveEvents([good('a')], ledger as Partial<Ledger> as Ledger);
  t.is(result?.outcome, 'failed');
  t.is(result?.error, error);
  t.deepEqual(asked, []);
});

test('a thrown value that is no Error is stored as unknown', async (t) => {
  const { ledger, failed } = memory();
  const read = () => {
    throw 'ada@example.com';
  };
  await receiveEvents([{ head: eventOf('a'), read }], ledger);
  t.deepEqual(
    failed.map(({ fault }) => fault),
    ['unknown'],
  );
});

test('an event with an invalid time is stored too', async (t) => {
  const { ledger, failed } = memory();
  for (const at of [1.5, 1e300]) {
    const event = eventOf(String(at), at);
    const [result] = await receiveEvents([{ head: event, read: () => event }], ledger);
    t.is(result?.outcome, 'failed');
  }
  t.deepEqual(
    failed.map(({ at }) => at),
    [0, 0],
  );
});

test('while the ledger cannot write, an event fails but is not stored as failed', async (t) => {
  const { ledger, failed, taken, state } = memory();
  state.isUnavailable = true;
  const [result] = await receiveEvents([good('a')], ledger);
  t.is(result?.outcome, 'failed');
  state.isUnavailable = false;
  t.deepEqual([failed, taken], [[], []]);
  t.is((await receiveEvents([good('a')], ledger))[0]?.outcome, 'applied');
});
