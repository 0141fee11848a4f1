/** What a store signed and nobody can read: answered with 503, kept once, flagged, and still there for a replay. */
import test from 'ava';
import { receiveEvents } from '../../src/domain/receive-events.ts';
import { AppError } from '../../src/errors.ts';
import { jsonEvents } from '../../src/marketplaces/json-events.ts';
import { openWithMessage } from '../kit/ledger-file.ts';

const ALL = ['stripe', 'paddle-billing', 'lemon-squeezy'] as const;

function readerOf(name: string) {
  return jsonEvents({
    name,
    title: name,
    delivery: undefined as never,
    signature: { header: 'X-Signature', description: '' },
    isSignatureShaped: () => true,
    callerOf: (_body, header) => (header === 'live' ? 'live' : header === 'sandbox' ? 'sandbox' : undefined),
    findProduct: () => undefined,
    read: () => {
      throw new AppError('malformed_request', 'id or type is missing: this is no event.');
    },
  });
}

const deliver = (name: string, body: string, caller = 'live') =>
  readerOf(name)
    .events({ products: [], secrets: [] })
    .readBatch(Buffer.from(body), { 'x-signature': caller }, 0);

test('a signed event that cannot be read is kept once, whatever it lacks, and raises one flag', async (t) => {
  const { ledger } = await openWithMessage(t, { products: [], now: () => Date.UTC(2026, 0, 12) });
  for (const body of ['{"type":"x"}', '{"type":"x"}', 'no JSON', '']) {
    const [receipt] = await receiveEvents(deliver('stripe', body) ?? [], ledger);
    t.like(receipt, { type: 'unreadable', outcome: 'failed' }, body);
  }
  const kept = await ledger.findEvents({ failed: true, limit: 10 });
  t.deepEqual(kept.map(({ payload }) => payload).sort(), ['', 'no JSON', '{"type":"x"}']);
  t.regex(kept[0]?.fault ?? '', /^(id or type is missing|The body is not JSON)/);
  t.is((await ledger.findFlags({ settled: false, limit: 10 })).length, 3);
  const [again] = kept.filter(({ payload }) => payload === '{"type":"x"}');
  t.is(again?.id, readerOf('stripe').readAgain('{"type":"x"}', 'live', []).head.id);
});

test('its mode is that of the secret; what nobody signed is not kept', (t) => {
  for (const name of ALL) {
    t.is(deliver(name, '{}')?.[0]?.head.mode, 'live');
    t.is(deliver(name, '{}', 'sandbox')?.[0]?.head.mode, 'test');
    t.is(deliver(name, '{}', 'nobody'), undefined);
  }
});

test('NUL, which no database stores in a text, is replaced', (t) => {
  t.is(deliver('stripe', 'a\0b')?.[0]?.head.payload, 'a\uFFFDb');
});
