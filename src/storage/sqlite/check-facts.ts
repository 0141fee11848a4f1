/** Holds what marketplaces told, and the facts read from it, against what Mintmark kept. */
import { createHash } from 'node:crypto';
import type { Finding } from './check.ts';
import { type SealedFact, sealFact } from './facts.ts';
import type { Connection } from './open.ts';
import type { Sealer } from './seal.ts';

interface EventRow {
  readonly number: number;
  readonly payload: string;
  readonly digest: Buffer;
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
