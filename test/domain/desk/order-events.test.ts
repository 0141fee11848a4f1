import test from 'ava';
import { eventsOf } from '../../../src/domain/desk/order-events.ts';
import type { KeptEvent } from '../../../src/domain/facts/event.ts';
import type { EventQuery } from '../../../src/domain/ports/ledger-views.ts';
import { flagOf } from '../../kit/desk-ledger.ts';
import { paid, told } from '../../kit/telling.ts';
import { at, MARKET } from '../../kit/world.ts';

function eventOf(id: string, more: Partial<KeptEvent> = {}): KeptEvent {
  const kept = { outcome: 'done', fault: null, attempts: 1, flagged: false, payload: null } as const;
  return { ...MARKET, id, type: 'order.completed', at: 0, receivedAt: 0, ...kept, ...more };
}
const fact = (day: string, cause: string) => ({ ...told(day, 'order:A', paid(null), cause), cause });

/** The events of an order, and what was asked for. */
async function found(
  facts: ReturnType<typeof fact>[],
  flags = [flagOf()],
  events: readonly KeptEvent[] = [],
) {
  const asked: EventQuery[] = [];
  const findEvents = async (query: EventQuery) => {
    asked.push(query);
    return events.filter(({ id }) => id === query.id);
  };
  const ids = (await eventsOf({ facts, flags }, { findEvents })).map(({ id }) => id);
  return { ids, asked: asked.map(({ id }) => id), limits: asked.map(({ limit }) => limit) };
}

test('the events that facts and flags name are found once each, those of flags and then the newest first', async (t) => {
  const facts = [
    fact('2027-01-01', 'order.completed e1'),
    fact('2027-01-03', 'subscription.charge e3 (reconciled)'),
    fact('2027-01-02', 'return.created e2: all'),
    fact('2027-01-01', 'order.completed e1'),
    fact('2027-01-04', 'import'),
    fact('2027-01-04', 'a list e4'),
  ];
  const flags = [flagOf({ event: 'e9' }), flagOf({ event: null }), flagOf({ event: 'e2' })];
  const { asked, limits } = await found(facts, flags);
  t.deepEqual(asked, ['e9', 'e2', 'list', 'e3', 'e1']);
  t.deepEqual(new Set(limits), new Set([100]));
});

test('of a long subscription the newest hundred events are looked up', async (t) => {
  const facts = Array.from({ length: 120 }, (_, n) => ({
    ...fact('2027-01-01', `subscription.charge e${n}`),
    at: at('2027-01-01') + n,
  }));
  const { asked } = await found(facts, []);
  t.deepEqual([asked.length, asked[0], asked.at(-1)], [100, 'e119', 'e20']);
});

test('events come oldest first, and those of other markets do not', async (t) => {
  const events = [
    eventOf('e1', { at: 2 }),
    eventOf('e2', { at: 1 }),
    eventOf('e1', { mode: 'test' }),
    eventOf('e2', { marketplace: 'stripe' }),
  ];
  const facts = [fact('2027-01-02', 'order.completed e1'), fact('2027-01-01', 'order.completed e2')];
  t.deepEqual((await found(facts, [], events)).ids, ['e2', 'e1']);
  const { ids } = await found([], [flagOf({ event: 'e1' })], events);
  t.deepEqual(ids, ['e1'], 'of a flag alone');
});
