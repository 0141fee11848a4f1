import test from 'ava';
import { ingest } from '../../src/domain/ingest.ts';
import type { Ledger } from '../../src/domain/ledger.ts';
import { AppError } from '../../src/errors.ts';
import { eventOf, openWithMessage } from '../storage/support.ts';

const good = (id: string) => {
  const event = eventOf(id, []);
  return { head: event, read: () => event };
};

test('an event that cannot be read is kept as failed, with a fault that repeats nothing of it', async (t) => {
  const { ledger } = await openWithMessage(t, { products: [] });
  const poison = (error: Error) => ({
    head: eventOf(error.name, []),
    read: () => {
      throw error;
    },
  });
  const results = await ingest(
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
  const failed = await ledger.findEvents({ failed: true, limit: 9 });
  t.deepEqual(
    failed.map(({ fault }) => fault),
    ['It has no id.', 'TypeError'],
  );
});

test('a ledger that cannot write is not asked to keep the fault either', async (t) => {
  const error = new AppError('ledger_unavailable', 'The ledger cannot write.');
  const asked: string[] = [];
  const ledger = {
    ingest: () => Promise.reject(error),
    keepFailed: async (_, fault) => void asked.push(fault),
  } satisfies Partial<Ledger>;
  const [result] = await ingest([good('a')], ledger as Partial<Ledger> as Ledger);
  t.is(result?.outcome, 'failed');
  t.is(result?.error, error);
  t.deepEqual(asked, []);
});

test('a fault that is no error is kept as unknown', async (t) => {
  const { ledger } = await openWithMessage(t, { products: [] });
  const read = () => {
    throw 'ada@example.com';
  };
  await ingest([{ head: eventOf('a', []), read }], ledger);
  t.deepEqual(
    (await ledger.findEvents({ failed: true, limit: 9 })).map(({ fault }) => fault),
    ['unknown'],
  );
});

test('an event whose time is none is kept all the same', async (t) => {
  const { ledger } = await openWithMessage(t, { products: [] });
  for (const at of [1.5, 1e300]) {
    const event = eventOf(String(at), [], { at });
    const [result] = await ingest([{ head: event, read: () => event }], ledger);
    t.is(result?.outcome, 'failed');
  }
  t.is((await ledger.findEvents({ failed: true, limit: 9 })).length, 2);
});

test('while the ledger cannot write, an event fails for now and is not kept as its own fault', async (t) => {
  const { ledger, connection } = await openWithMessage(t, { products: [] });
  connection.pragma('query_only = ON');
  const [result] = await ingest([good('a')], ledger);
  t.is(result?.outcome, 'failed');
  connection.pragma('query_only = OFF');
  t.deepEqual(await ledger.findEvents({ limit: 9 }), []);
  t.is((await ingest([good('a')], ledger))[0]?.outcome, 'applied');
});
