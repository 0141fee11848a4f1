/** The write-ahead log: written back into the ledger's file by whoever can wait, so that no sale's commit has to. */
import { BUSY_MILLISECONDS, type Connection } from './connection.ts';

/**
 * Writes back what nobody reads in the log any more; a writer goes on meanwhile. To be called after a long read: while it
 * lasted the log could only grow, and the next commit would have to do all of it.
 */
export function writeBackLog(connection: Connection): void {
  connection.pragma('wal_checkpoint(PASSIVE)');
}

/**
 * The log still holds pages of before; true when it is empty. Keeps writers out only for what was written during the first
 * step, and never waits inside SQLite: that would hold up sales.
 */
export function emptyLog(connection: Connection): boolean {
  writeBackLog(connection);
  connection.pragma('busy_timeout = 0');
  try {
    const [answer] = connection.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    return answer?.busy === 0;
  } finally {
    connection.pragma(`busy_timeout = ${BUSY_MILLISECONDS}`);
  }
}
