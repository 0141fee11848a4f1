/** Holds what marketplaces told, and the facts read from it, against what Mintmark kept. */
import { createHash } from 'node:crypto';
import type { Marketplace, Mode } from '../../domain/order.ts';
import type { Finding } from './check.ts';
import { Facts, type SealedFact, sealFact } from './facts.ts';
import type { Connection } from './open.ts';
import { subscriptionOf } from './order-story.ts';
import type { Sealer } from './seal.ts';
import { addUp, sealTally, TALLIED, type Tallied, Tallies, type TallyRow } from './tally.ts';

interface EventRow {
  readonly number: number;
  readonly payload: string;
  readonly digest: Buffer;
}

interface LicenseRow {
  readonly number: number;
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly order_id: string;
  readonly product: string;
  readonly subscription: string | null;
}

export function* checkEvents(connection: Connection): Generator<Finding> {
  const rows = connection.prepare<[], EventRow>(
    'SELECT number, payload, digest FROM event WHERE payload IS NOT NULL ORDER BY number',
  );
  for (const { number, payload, digest } of rows.iterate()) {
    if (!createHash('sha256').update(String(payload)).digest().equals(digest)) {
      yield { where: `event ${number}`, fault: 'its payload does not fit its digest' };
    }
  }
}

/** A fact that was edited would change what becomes of its licenses at the next event. */
export function* checkFacts(connection: Connection, sealer: Sealer): Generator<Finding> {
  const rows = connection.prepare<[], SealedFact & { readonly seal: Buffer }>('SELECT * FROM fact');
  for (const { seal, ...row } of rows.iterate()) {
    if (!seal.equals(sealFact(sealer, row))) {
      yield { where: `fact ${row.key} of ${row.subject}`, fault: 'it was edited' };
    }
  }
}

/**
 * An event that was removed would be taken for a new one; what a fact told would be missing for good; a rebill would get
 * other codes than before; and a history would end too early.
 */
export function* checkTallies(connection: Connection, sealer: Sealer): Generator<Finding> {
  for (const name of TALLIED) yield* checkTally(connection, sealer, addUp(connection, sealer, name));
}

const WORDS: Readonly<Record<Tallied, string>> = {
  event: 'the events',
  fact: 'the facts',
  answer: 'the answers to rebills and to orders that an event issued',
  change: 'the changes of licenses',
};

function* checkTally(connection: Connection, sealer: Sealer, there: TallyRow): Generator<Finding> {
  const tally = connection
    .prepare<[Tallied], TallyRow & { readonly seal: Buffer }>('SELECT * FROM tally WHERE name = ?')
    .get(there.name);
  const where = WORDS[there.name];
  if (tally === undefined) {
    if (there.rows > 0) yield { where, fault: 'were never counted: start the service once, and check again' };
  } else if (!tally.seal.equals(sealTally(sealer, tally))) {
    yield { where, fault: 'their number was edited' };
  } else if (tally.rows !== there.rows) {
    yield { where, fault: `there are ${there.rows}, and there were ${tally.rows}` };
  } else if (!tally.sum.equals(there.sum)) {
    yield { where, fault: 'one was edited' };
  }
}

/** By its subscription a license is found when a further period is asked for. */
export function* checkSubscriptions(connection: Connection, sealer: Sealer): Generator<Finding> {
  const facts = new Facts(connection, sealer, new Tallies(connection, sealer));
  // By page, so that no cursor stays open while others are read.
  const page = connection.prepare<[number], LicenseRow>(`
    SELECT number, marketplace, mode, order_id, product, subscription FROM license WHERE number > ?
    ORDER BY number LIMIT 1000`);
  let last = 0;
  for (let rows = page.all(last); rows.length > 0; rows = page.all(last)) {
    for (const row of rows) {
      // Pages that lost their order: the check of the licenses tells.
      if (row.number <= last) return;
      last = row.number;
      if (row.subscription !== subscriptionFor(row, facts)) {
        yield { where: `license ${row.number}`, fault: 'its subscription is not what is known of its order' };
      }
    }
  }
}

function subscriptionFor(
  { product, order_id, subscription, ...market }: LicenseRow,
  facts: Facts,
): string | null {
  try {
    return subscriptionOf(product, facts.storyOf(order_id, market));
  } catch (error) {
    // A fact that is no JSON any more: it is found as one that was edited.
    if (error instanceof SyntaxError) return subscription;
    throw error;
  }
}
