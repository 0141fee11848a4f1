/** What an event lacks is fetched by the outbox. */
import test from 'ava';
import { fetchOf, withFetch } from '../../../src/domain/announcements/fetching.ts';
import { decideEvent } from '../../../src/domain/decide.ts';
import { begin } from '../../kit/watched.ts';
import { MARKET } from '../../kit/world.ts';

const CAN = { canFetch: () => true };

test('an event that lacks something is fetched by its id from its marketplace, where that can be fetched from', (t) => {
  const lacking = { id: 'e1', isLacking: true } as const;
  t.deepEqual(fetchOf(lacking, MARKET, CAN), {
    channel: 'complete',
    target: 'fastspring',
    topic: 'e1',
    order: '',
    product: null,
    license: null,
    number: null,
    revision: 0,
    text: null,
    of: 'newest',
    told: null,
    key: '',
  });
  t.is(fetchOf({ id: 'e1' }, MARKET, CAN), undefined, 'it lacks nothing');
  t.is(fetchOf({ isLacking: true }, MARKET, CAN), undefined, 'it has no id');
  t.is(fetchOf(lacking, MARKET, { canFetch: () => false }), undefined);
  t.is(fetchOf(lacking, MARKET, {}), undefined);
  t.is(fetchOf(lacking, MARKET, { canFetch: ({ mode }) => mode === 'test' }), undefined, 'of its own market');
});

test('the fetch is one announcement beside the others of the decision, which is otherwise unchanged', (t) => {
  const fetch = fetchOf({ id: 'e1', isLacking: true }, MARKET, CAN);
  if (fetch === undefined) return t.fail();
  const world = begin();
  const decided = decideEvent(world.found, { facts: [], codes: [], people: [] }, world.rules, world.now);
  const other = { ...fetch, topic: 'e0' };
  const before = { ...decided, changes: { ...decided.changes, outgoing: [other] } };
  t.deepEqual(withFetch(before, fetch), {
    ...before,
    changes: { ...decided.changes, outgoing: [other, fetch] },
  });
});
