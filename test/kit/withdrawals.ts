/** Sales and facts for tests of the revocation lists, told through the port. */

import type { FactBody } from '../../src/domain/facts/fact.ts';
import type { Ledger } from '../../src/domain/ledger.ts';
import { DIGEST_BYTES } from '../../src/license-code/revocation-list.ts';
import fc from './fast-check.ts';
import { eventOf, factOf } from './ledger-data.ts';
import { SOLD_AT } from './memory-ledger.ts';

const DAY = 86_400_000;

export async function sell(ledger: Ledger, order: string, quantity = 1): Promise<void> {
  const sold: FactBody = { kind: 'sold', product: 'app', quantity, line: 'app' };
  await ledger.ingest(eventOf(`sold ${order}`, [factOf(`order:${order}`, sold, { at: SOLD_AT })]));
}

let events = 0;

export async function tell(ledger: Ledger, order: string, body: FactBody, at = SOLD_AT + DAY): Promise<void> {
  events += 1;
  await ledger.ingest(
    eventOf(`event ${events}`, [factOf(`order:${order}`, body, { at, key: `event ${events}` })]),
  );
}

/** The list of a moment, its entries in hex. */
export async function listAt(ledger: Ledger, at: number) {
  const { revoked, suspended } = await ledger.publishList('app', 1, at);
  return { revoked: hexes(revoked), suspended: hexes(suspended) };
}

const hexes = (bytes: Uint8Array): string[] =>
  Buffer.from(bytes)
    .toString('hex')
    .match(new RegExp(`.{${2 * DIGEST_BYTES}}`, 'g')) ?? [];

/** Days after the sale. */
export const days = fc.integer({ min: -20, max: 500 });
const dayAfter = (count: number) => new Date(SOLD_AT + count * DAY).toISOString().slice(0, 10);
export const bodies: fc.Arbitrary<FactBody> = fc.oneof(
  fc.constantFrom<FactBody[]>(
    { kind: 'refunded' },
    { kind: 'charged-back' },
    { kind: 'dispute-won' },
    { kind: 'disputed' },
    { kind: 'overdue' },
    { kind: 'paused' },
    { kind: 'resumed' },
    { kind: 'voided' },
    { kind: 'sold', product: 'app', quantity: 2, line: 'app' },
    { kind: 'returned', product: 'app', quantity: 1 },
    { kind: 'resized', product: 'app', quantity: 1 },
    { kind: 'reinstated' },
    { kind: 'uncanceled' },
  ),
  days.map((count): FactBody => ({ kind: 'paid', until: dayAfter(count), sequence: null })),
  days.map((count): FactBody => ({ kind: 'canceled', last: dayAfter(count) })),
  days.map((count): FactBody => ({ kind: 'deactivated', on: dayAfter(count) })),
  days.map((count): FactBody => ({ kind: 'set-until', until: dayAfter(count) })),
);
