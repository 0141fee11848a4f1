/** Checks the tables of the console: every row by its seal, all by their count. */
import type { Adder } from '../../record/check/check-pens.ts';
import type { Finding } from '../../record/check/finding.ts';
import {
  type EntryRow,
  type LinkRow,
  type PasskeyRow,
  type SessionRow,
  sealConsoleCount,
  sealEntry,
  sealLink,
  sealPasskey,
  sealSession,
} from '../../record/console-rows.ts';
import { NO_SEAL, type Sealer } from '../../record/sealer.ts';
import { ConsoleCount } from '../console-count.ts';
import type { Connection } from '../file/connection.ts';

const EDITED = 'was edited';

/** `adder`: an empty one. */
export function* checkConsole(connection: Connection, sealer: Sealer, adder: Adder): Generator<Finding> {
  function* check<Row extends { readonly seal: Buffer }>(
    table: string,
    where: string,
    sealOf: (row: Row) => Buffer,
  ): Generator<Finding> {
    for (const row of connection.prepare<[], Row>(`SELECT * FROM ${table}`).iterate()) {
      if (!isSealed(row, adder, () => sealOf(row))) yield { where, fault: EDITED };
    }
  }
  yield* check<LinkRow>('console_link', 'a link into the console', (row) => sealLink(sealer, row));
  yield* check<PasskeyRow>('console_passkey', 'a passkey', (row) => sealPasskey(sealer, row));
  yield* check<SessionRow>('console_session', 'a session', (row) => sealSession(sealer, row));
  yield* checkHistory(connection, sealer, adder);
  yield* checkCount(connection, sealer, adder);
}

/** In a damaged file a cell may be NULL that the schema does not allow to be. */
function isSealed({ seal }: { readonly seal: Buffer | null }, adder: Adder, expected: () => Buffer): boolean {
  adder.add(seal ?? NO_SEAL);
  return seal?.equals(expected()) === true;
}

function* checkHistory(connection: Connection, sealer: Sealer, adder: Adder): Generator<Finding> {
  let before: Uint8Array = NO_SEAL;
  const entries = connection.prepare<[], EntryRow>('SELECT * FROM console_history ORDER BY number');
  for (const row of entries.iterate()) {
    if (!isSealed(row, adder, () => sealEntry(sealer, row, before)))
      yield {
        where: `entry ${row.number} of the console’s history`,
        fault: `${EDITED}, or the one before is missing`,
      };
    before = row.seal ?? NO_SEAL;
  }
}

function* checkCount(connection: Connection, sealer: Sealer, { tally }: Adder): Generator<Finding> {
  const where = 'the console’s rows';
  const counts = new ConsoleCount(connection, sealer).read();
  const [count] = counts;
  if (count === undefined || counts.length > 1)
    yield { where, fault: 'their count is missing, or there are several' };
  else if (!count.seal.equals(sealConsoleCount(sealer, count)))
    yield { where, fault: `their count ${EDITED}` };
  else if (count.rows !== tally.rows)
    yield { where, fault: `${tally.rows} found, and ${count.rows} were written` };
  else if (!count.sum.equals(tally.sum)) yield { where, fault: 'one was edited' };
}
