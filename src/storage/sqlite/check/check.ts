/**
 * `ledger check`: compares every row with what Mintmark would have written, and so finds edited, deleted and added rows.
 * This folder reads the rows; storage/record/check compares them.
 */
import { listingDay } from '../../../domain/life/withdrawal.ts';
import { startOfDay } from '../../../domain/values/day.ts';
import { messageDigest } from '../../../message/digest.ts';
import { checkDays, checkPosition } from '../../record/check/check-days.ts';
import type { LicenseKeys } from '../../record/check/check-license.ts';
import { Adder, checkPens, checkTally, NumberCheck } from '../../record/check/check-pens.ts';
import {
  type CheckedCustomer,
  checkCustomer,
  checkEvent,
  checkFact,
  checkFlag,
  checkIdentity,
  checkOwed,
  checkTerms,
} from '../../record/check/check-rows.ts';
import { checkList } from '../../record/check/check-withdrawals.ts';
import type { Finding } from '../../record/check/finding.ts';
import { DayCounter } from '../../record/daily.ts';
import { type EventRow, sealEvent } from '../../record/event-row.ts';
import type { FactRow } from '../../record/fact-row.ts';
import type { FlagRow } from '../../record/flag-row.ts';
import type { IdentityRow } from '../../record/identity-row.ts';
import type { ListRow } from '../../record/list-row.ts';
import type { OwedRow } from '../../record/owed-row.ts';
import { type SealedPen, TALLIED, type Tallied } from '../../record/pen.ts';
import { Sealer } from '../../record/sealer.ts';
import { DailySums, pensOfDays, positionOf } from '../daily.ts';
import type { Connection } from '../file/connection.ts';
import { ledgerError } from '../file/ledger-error.ts';
import { markFault } from '../file/mark.ts';
import { readMark } from '../file/mark-file.ts';
import { Messages } from '../messages.ts';
import { readPens } from '../pens.ts';
import { digestOf } from '../revocation-lists.ts';
import { productsWithWrongTerms } from '../sold-terms.ts';
import { ListContents } from '../withdrawals.ts';
import { checkAddressChanges } from './check-address-changes.ts';
import { checkConsole } from './check-console.ts';
import { checkDownloads } from './check-downloads.ts';
import { checkFile } from './check-file.ts';
import { checkLicenses } from './check-licenses.ts';
import { checkOutbox } from './check-outbox.ts';

export type { Finding };

/** The contents of the keys folder that a ledger is compared with. */
export interface CheckKeys extends Omit<LicenseKeys, 'sealer'> {
  readonly idSecret: Uint8Array;
  /** The ledger must not be behind this mark. */
  readonly markFile?: string;
  /** Told now and then: events and licenses that were read, and all of them. */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

/** Events between two words about the progress. */
const COUNTED = 1000;

/** The state of a running check. */
interface Run {
  readonly connection: Connection;
  readonly sealer: Sealer;
  readonly pens: readonly SealedPen[];
  readonly adders: Readonly<Record<Tallied, Adder>>;
  readonly days: DayCounter;
  /** Counts rows that were read. */
  readonly count: (rows: number) => void;
}

/**
 * Yields every fault; a sound ledger has none. Reads one state of the ledger, also beside a running service. Throws
 * AppError `ledger_damaged` if the file cannot be read to its end. Does not check the columns that may change freely: a
 * license's customer, its due date, and when an answer was delivered.
 */
export function* checkLedger(
  connection: Connection,
  { idSecret, markFile, onProgress, ...keys }: CheckKeys,
): Generator<Finding, { licenses: number }> {
  const sealer = new Sealer(idSecret);
  // Read before the ledger: a running service may write the mark meanwhile.
  const mark = markFile === undefined ? undefined : readMark(markFile, sealer);
  connection.exec('BEGIN');
  try {
    yield* checkFile(connection);
    yield* checkTexts(connection);
    const identity = connection.prepare<[], IdentityRow>('SELECT * FROM identity').all();
    yield* checkIdentity(identity, sealer);
    const pens = readPens(connection);
    const isCounted = yield* checkPens(pens, sealer);
    const count = counter(pens, onProgress);
    const run = { connection, sealer, pens, adders: newAdders(), days: new DayCounter(), count };
    yield* checkTables(run);
    yield* checkEvents(run);
    yield* checkOutbox(run);
    yield* checkConsole(connection, sealer, new Adder());
    yield* checkAddressChanges(connection, sealer);
    yield* checkDownloads(connection, sealer);
    const licenses = yield* checkLicenses(run, { ...keys, sealer });
    if (isCounted) for (const name of TALLIED) yield* checkTally(name, run.adders[name].tally, pens);
    const newest = pens[0]?.counts.numbers.license ?? 0;
    yield* checkPosition(positionOf(connection), newest);
    yield* checkDays(
      { kept: new DailySums(connection).read(), counted: run.days.take() },
      pensOfDays(connection),
      pens,
    );
    yield* checkLists(run);
    const lag = markFault(connection, mark);
    if (lag !== undefined) yield { where: 'the ledger', fault: lag };
    return { licenses };
  } catch (error) {
    throw ledgerError(error);
  } finally {
    // Nothing was written. A COMMIT would read the schema, and fail if it is damaged.
    if (connection.inTransaction) connection.exec('ROLLBACK');
  }
}

function counter(pens: readonly SealedPen[], onProgress: CheckKeys['onProgress'] = () => {}): Run['count'] {
  const all = pens.reduce((sum, { counts: { numbers } }) => sum + numbers.event + numbers.license, 0);
  let done = 0;
  return (rows) => {
    done += rows;
    if (rows > 0) onProgress(Math.min(done, all), all);
  };
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
    outbox: adder(),
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
      // The content is no longer JSON: reported below.
    }
    if (!intact) yield { where: `message ${digest}`, fault: 'does not match its digest' };
  }
  const terms = connection.prepare<[], { digest: Buffer; content: string }>('SELECT * FROM terms');
  for (const { digest, content } of terms.iterate()) yield* checkTerms(digest, content);
  for (const product of productsWithWrongTerms(connection))
    yield {
      where: `product ${product}`,
      fault: 'its recorded terms are not the terms that it was sold under',
    };
}

function* checkTables({ connection, sealer, adders, pens }: Run): Generator<Finding> {
  for (const row of connection.prepare<[], FactRow>('SELECT * FROM fact').iterate()) {
    adders.fact.add(row.seal);
    yield* checkFact(row, sealer);
  }
  for (const row of connection.prepare<[], OwedRow>('SELECT * FROM owed').iterate()) {
    adders.owed.add(row.seal);
    yield* checkOwed(row, sealer);
  }
  const flags = new NumberCheck('flag', pens);
  for (const row of connection.prepare<[], FlagRow>('SELECT * FROM flag ORDER BY id').iterate()) {
    adders.flag.add(row.seal);
    yield* flags.see(row.id);
    yield* checkFlag(row, sealer);
  }
  yield* flags.end();
  const numbers = new NumberCheck('customer', pens);
  const customers = connection.prepare<[], CheckedCustomer>(`
    SELECT c.*, l.order_id, l.id AS license
    FROM customer c LEFT JOIN license l ON l.number = (SELECT number FROM license WHERE customer = c.number LIMIT 1)
    ORDER BY c.number`);
  for (const row of customers.iterate()) {
    adders.customer.add(row.seal);
    yield* numbers.see(row.number);
    yield* checkCustomer(row, sealer);
  }
  yield* numbers.end();
}

function* checkEvents({ connection, sealer, adders, pens, count }: Run): Generator<Finding> {
  const numbers = new NumberCheck('event', pens);
  let read = 0;
  for (const row of connection.prepare<[], EventRow>('SELECT * FROM event ORDER BY number').iterate()) {
    adders.event.add(sealEvent(sealer, row));
    yield* numbers.see(row.number);
    yield* checkEvent(row);
    read += 1;
    if (read % COUNTED === 0) count(COUNTED);
  }
  count(read % COUNTED);
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
