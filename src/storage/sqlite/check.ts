/**
 * Holds every row of a ledger against what Mintmark would have written: an edited, lost or added one is found. This
 * room reads the rows; storage/record/check judges them.
 */
import { startOfDay } from '../../domain/day.ts';
import { listingDay } from '../../domain/withdrawal.ts';
import { messageDigest } from '../../message/digest.ts';
import type { LicenseCheckParts } from '../record/check/check-license.ts';
import { Adder, checkPens, checkTally, NumberCheck } from '../record/check/check-pens.ts';
import * as rows from '../record/check/check-rows.ts';
import { checkList } from '../record/check/check-withdrawals.ts';
import type { Finding } from '../record/check/finding.ts';
import { TALLIED, type Tallied } from '../record/pen.ts';
import type { EventRow, FactRow, FlagRow, IdentityRow, ListRow, OwedRow } from '../record/rows.ts';
import { Sealer } from '../record/sealer.ts';
import { sealEvent } from '../record/seals.ts';
import { checkFile } from './check-file.ts';
import { checkLicenses } from './check-licenses.ts';
import type { Connection } from './connection.ts';
import { ledgerError } from './ledger-error.ts';
import { markFault } from './mark.ts';
import { readMark } from './mark-file.ts';
import { Messages } from './messages.ts';
import { readPens, type SealedPen } from './pens.ts';
import { digestOf } from './revocation-lists.ts';
import { misnotedProducts } from './sold-terms.ts';
import { ListContents } from './withdrawals.ts';

export type { Finding };

export interface CheckParts extends Omit<LicenseCheckParts, 'sealer'> {
  readonly idSecret: Uint8Array;
  /** The mark that the ledger must not be behind. */
  readonly markFile?: string;
}

/** What a check goes on with. */
interface Run {
  readonly connection: Connection;
  readonly sealer: Sealer;
  readonly pens: readonly SealedPen[];
  readonly adders: Readonly<Record<Tallied, Adder>>;
}

/**
 * Every fault found, one after the other; none is a sound ledger. Reads one state of the ledger, beside a running
 * service. Throws AppError `ledger_damaged` where the file cannot be read on. Free to change, and not looked at: whose
 * customer a license is, when it is due, and when an answer was delivered.
 */
export function* checkLedger(
  connection: Connection,
  { idSecret, markFile, ...parts }: CheckParts,
): Generator<Finding, { licenses: number }> {
  const sealer = new Sealer(idSecret);
  // Before the ledger: the mark goes on behind a service that runs meanwhile.
  const mark = markFile === undefined ? undefined : readMark(markFile, sealer);
  connection.exec('BEGIN');
  try {
    yield* checkFile(connection);
    yield* checkTexts(connection);
    const identity = connection.prepare<[], IdentityRow>('SELECT * FROM identity').all();
    yield* rows.checkIdentity(identity, sealer);
    const pens = readPens(connection);
    const isCounted = yield* checkPens(pens, sealer);
    const run = { connection, sealer, pens, adders: newAdders() };
    yield* checkTables(run);
    yield* checkEvents(run);
    const licenses = yield* checkLicenses(run, { ...parts, sealer });
    if (isCounted) for (const name of TALLIED) yield* checkTally(name, run.adders[name].tally, pens);
    yield* checkLists(run);
    const lag = markFault(connection, mark);
    if (lag !== undefined) yield { where: 'the ledger', fault: lag };
    return { licenses };
  } catch (error) {
    throw ledgerError(error);
  } finally {
    // Nothing was written; and a COMMIT reads the schema, which fails where that is damaged.
    if (connection.inTransaction) connection.exec('ROLLBACK');
  }
}

function newAdders(): Run['adders'] {
  const adder = () => new Adder();
  return {
    event: adder(),
    fact: adder(),
    answer: adder(),
    change: adder(),
    flag: adder(),
    customer: adder(),
    owed: adder(),
  };
}

function* checkTexts(connection: Connection): Generator<Finding> {
  const messages = new Messages(connection);
  const digests = connection.prepare<[], string>('SELECT lower(hex(digest)) FROM message').pluck();
  for (const digest of digests.all()) {
    let intact = false;
    try {
      intact = messages.isIntact(digest, messageDigest);
    } catch {
      // Not even JSON any more.
    }
    if (!intact) yield { where: `message ${digest}`, fault: 'does not fit its digest' };
  }
  const terms = connection.prepare<[], { digest: Buffer; content: string }>('SELECT * FROM terms');
  for (const { digest, content } of terms.iterate()) yield* rows.checkTerms(digest, content);
  for (const product of misnotedProducts(connection))
    yield { where: `product ${product}`, fault: 'other terms are noted for it than it was sold under' };
}

function* checkTables({ connection, sealer, adders, pens }: Run): Generator<Finding> {
  for (const row of connection.prepare<[], FactRow>('SELECT * FROM fact').iterate()) {
    adders.fact.add(row.seal);
    yield* rows.checkFact(row, sealer);
  }
  for (const row of connection.prepare<[], OwedRow>('SELECT * FROM owed').iterate()) {
    adders.owed.add(row.seal);
    yield* rows.checkOwed(row, sealer);
  }
  const flags = new NumberCheck('flag', pens);
  for (const row of connection.prepare<[], FlagRow>('SELECT * FROM flag ORDER BY id').iterate()) {
    adders.flag.add(row.seal);
    yield* flags.see(row.id);
    yield* rows.checkFlag(row, sealer);
  }
  yield* flags.end();
  const numbers = new NumberCheck('customer', pens);
  const customers = connection.prepare<[], rows.KeptCustomer>(`
    SELECT c.*, l.order_id, l.id AS license
    FROM customer c LEFT JOIN license l ON l.number = (SELECT number FROM license WHERE customer = c.number LIMIT 1)
    ORDER BY c.number`);
  for (const row of customers.iterate()) {
    adders.customer.add(row.seal);
    yield* numbers.see(row.number);
    yield* rows.checkCustomer(row, sealer);
  }
  yield* numbers.end();
}

function* checkEvents({ connection, sealer, adders, pens }: Run): Generator<Finding> {
  const numbers = new NumberCheck('event', pens);
  for (const row of connection.prepare<[], EventRow>('SELECT * FROM event ORDER BY number').iterate()) {
    adders.event.add(sealEvent(sealer, row));
    yield* numbers.see(row.number);
    yield* rows.checkEvent(row);
  }
  yield* numbers.end();
}

function* checkLists({ connection, sealer }: Run): Generator<Finding> {
  const contents = new ListContents(connection);
  const isComplete = ({ product, day, digest }: ListRow) =>
    digest.equals(digestOf(contents.of(product, listingDay(startOfDay(day)))));
  for (const row of connection.prepare<[], ListRow>('SELECT * FROM revocation_list').all()) {
    yield* checkList(row, sealer, isComplete);
  }
}
