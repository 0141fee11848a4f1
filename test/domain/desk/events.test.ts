import test from 'ava';
import { replayEvents } from '../../../src/domain/desk/events.ts';
import type { KeptEvent, MarketplaceEvent } from '../../../src/domain/facts/event.ts';
import { fakeLedger } from '../../kit/desk-ledger.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';

const keptEvent = (wanted: Partial<KeptEvent> = {}): KeptEvent => ({
  marketplace: 'fastspring',
  mode: 'live',
  id: 'event-1',
  type: 'order.completed',
  at: SOLD_AT,
  receivedAt: SOLD_AT,
  outcome: 'failed',
  fault: 'no such product',
  attempts: 1,
  flagged: false,
  payload: '{}',
  ...wanted,
});

/** A ledger with these events; it notes the events that it applies. */
function ledgerWith(events: readonly KeptEvent[], outcome: 'applied' | 'unmatched' | 'known' = 'applied') {
  const applied: [string, boolean | undefined][] = [];
  const { ledger } = fakeLedger({
    findEvents: async ({ id, limit }) =>
      events.filter((event) => event.id === id).slice(0, limit ?? events.length),
    ingest: async ({ payload }, options) => {
      applied.push([payload, options?.again]);
      return outcome;
    },
  });
  return { ledger, applied };
}

const read = (event: KeptEvent & { readonly payload: string }): MarketplaceEvent => ({
  ...event,
  facts: [],
  people: [],
  codes: [],
});

test('an event is parsed and applied again, and the result is the outcome', async (t) => {
  const event = keptEvent();
  for (const [outcome, expected] of [
    ['applied', 'applied'],
    ['known', 'applied'],
    ['unmatched', 'unmatched'],
  ] as const) {
    const { ledger, applied } = ledgerWith([event], outcome);
    t.deepEqual(await replayEvents({ ledger }, { id: 'event-1' }, read), [{ outcome: expected, event }]);
    t.deepEqual(applied, [['{}', true]]);
  }
});

test('an event without its payload is reported as forgotten, and other events of its id are applied', async (t) => {
  const events = [keptEvent({ payload: null }), keptEvent({ mode: 'test', payload: '{"test":true}' })];
  const { ledger, applied } = ledgerWith([...events, keptEvent({ id: 'event-2' })]);
  const replayed = await replayEvents({ ledger }, { id: 'event-1' }, read);
  t.deepEqual(
    replayed.map(({ outcome, event }) => [outcome, event.mode]),
    [
      ['forgotten', 'live'],
      ['applied', 'test'],
    ],
  );
  t.deepEqual(applied, [['{"test":true}', true]]);
  t.deepEqual(await replayEvents({ ledger }, { id: 'event-3' }, read), []);
});

test('an event that cannot be parsed has failed with its error, and other events of its id are applied', async (t) => {
  const { ledger, applied } = ledgerWith([
    keptEvent(),
    keptEvent({ mode: 'test', payload: '{"test":true}' }),
  ]);
  const error = new RangeError('unreadable');
  const readTest = (event: KeptEvent & { readonly payload: string }) => {
    if (event.mode === 'live') throw error;
    return read(event);
  };
  const [live, other] = await replayEvents({ ledger }, { id: 'event-1' }, readTest);
  t.deepEqual(live, { outcome: 'failed', event: keptEvent(), error });
  t.is(other?.outcome, 'applied');
  t.deepEqual(applied, [['{"test":true}', true]]);
});

test('an error of the ledger is thrown', async (t) => {
  const { ledger } = fakeLedger({
    findEvents: async () => [keptEvent()],
    ingest: async () => {
      throw new RangeError('away');
    },
  });
  await t.throwsAsync(replayEvents({ ledger }, { id: 'event-1' }, read), { message: 'away' });
});
