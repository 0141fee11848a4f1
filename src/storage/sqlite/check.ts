/** Holds every row of a ledger against what Mintmark would have written: an edited, lost or added one is found. */
import { REQUEST } from '../../domain/fulfill.ts';
import type { LicenseIdentity } from '../../domain/license.ts';
import type { Marketplace, Mode } from '../../domain/order.ts';
import { messageDigest } from '../../message/digest.ts';
import { checkEvents, checkFacts, checkSubscriptions, checkTallies } from './check-facts.ts';
import { checkFile } from './check-file.ts';
import { checkWithdrawals } from './check-withdrawals.ts';
import { type FulfillmentRow, type HistoryRow, sealFulfillment, sealHistory } from './issuing.ts';
import { ledgerError } from './ledger-error.ts';
import { Messages } from './messages.ts';
import type { Connection } from './open.ts';
import { Sealer } from './seal.ts';

export interface Finding {
  /** Which row: a license by its number, or what else it is about. */
  readonly where: string;
  readonly fault: string;
}

export interface CheckParts {
  readonly idSecret: Uint8Array;
  /** The id that a license of this identity must have. */
  readonly licenseIdOf: (identity: LicenseIdentity) => Uint8Array;
  /** What is wrong with a stored code as that of this license, revision and mode; undefined when nothing is. */
  readonly codeFault: (code: string, license: CheckedLicense, revision: number) => string | undefined;
}

export interface CheckedLicense extends LicenseIdentity {
  readonly id: Uint8Array;
}

const LARGEST_NUMBER = Number.MAX_SAFE_INTEGER;

interface LicenseRow {
  readonly number: number;
  readonly id: Buffer;
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly order_id: string;
  readonly product: string;
  readonly unit: number;
  readonly reissue: number;
  readonly state: string;
  readonly revision: number;
}

interface Statements {
  readonly codes: { all(license: number): { revision: number; text: string }[] };
  readonly answers: { all(license: number): FulfillmentRow[] };
  readonly history: { all(license: number): HistoryRow[] };
}

/**
 * Every fault found, one after the other; none is a sound ledger. Reads one state of the ledger, beside a running
 * service. Throws AppError `ledger_damaged` where the file cannot be read on. Free to change, and not looked at:
 * what the customer is called, whose customer a license is, and when an answer was delivered.
 */
export function* checkLedger(
  connection: Connection,
  parts: CheckParts,
): Generator<Finding, { licenses: number }> {
  connection.exec('BEGIN');
  try {
    yield* checkFile(connection);
    yield* checkMessages(connection);
    yield* checkEvents(connection);
    const sealer = new Sealer(parts.idSecret);
    yield* checkFacts(connection, sealer);
    yield* checkTallies(connection, sealer);
    yield* checkSubscriptions(connection, sealer);
    yield* checkWithdrawals(connection, sealer);
    return { licenses: yield* checkLicenses(connection, parts) };
  } catch (error) {
    throw ledgerError(error);
  } finally {
    // Nothing was written; and a COMMIT reads the schema, which fails where that is damaged.
    if (connection.inTransaction) connection.exec('ROLLBACK');
  }
}

function* checkMessages(connection: Connection): Generator<Finding> {
  const messages = new Messages(connection);
  for (const digest of connection
    .prepare<[], string>('SELECT lower(hex(digest)) FROM message')
    .pluck()
    .iterate()) {
    let intact = false;
    try {
      intact = messages.isIntact(digest, messageDigest);
    } catch {
      // Not even JSON any more.
    }
    if (!intact) yield { where: `message ${digest}`, fault: 'does not fit its digest' };
  }
}

function* checkLicenses(connection: Connection, parts: CheckParts): Generator<Finding, number> {
  const sealer = new Sealer(parts.idSecret);
  const statements: Statements = {
    codes: connection.prepare('SELECT revision, text FROM code WHERE license = ? ORDER BY revision'),
    answers: connection.prepare('SELECT * FROM fulfillment WHERE license = ? ORDER BY sequence'),
    history: connection.prepare('SELECT * FROM history WHERE license = ? ORDER BY sequence'),
  };
  // By number and page, so that no cursor stays open while others are read.
  const page = connection.prepare<[number, number], LicenseRow>(
    'SELECT * FROM license WHERE number > ? AND number <= ? ORDER BY number LIMIT 1000',
  );
  let expected = 1;
  let licenses = 0;
  yield* checkNumbers(connection);
  for (
    let rows = page.all(0, LARGEST_NUMBER);
    rows.length > 0;
    rows = page.all(expected - 1, LARGEST_NUMBER)
  ) {
    for (const row of rows) {
      if (row.number < expected) {
        // Pages that lost their order: reading on by number would never end.
        yield {
          where: 'the file',
          fault: 'the licenses are not in the order of their numbers: the rest was not read',
        };
        return licenses;
      }
      if (row.number !== expected) yield gap(expected, row.number);
      expected = row.number + 1;
      licenses += 1;
      yield* checkLicense(row, statements, sealer, parts);
    }
  }
  yield* checkUnits(connection);
  return licenses;
}

/** SQLite counts from 1; beyond what a number holds exactly, rows could not be told apart here. */
function* checkNumbers(connection: Connection): Generator<Finding> {
  const count = connection
    .prepare<[number], number>('SELECT count(*) FROM license WHERE number < 1 OR number > ?')
    .pluck()
    .get(LARGEST_NUMBER);
  if (count !== 0) yield { where: `${count} licenses`, fault: 'have numbers that Mintmark gives to none' };
}

function gap(expected: number, found: number): Finding {
  const which = found - expected === 1 ? `license ${expected}` : `licenses ${expected} to ${found - 1}`;
  return { where: which, fault: 'missing: nothing is ever deleted' };
}

/** The units of an order are numbered without a gap. */
function* checkUnits(connection: Connection): Generator<Finding> {
  const orders = connection.prepare<[], { order_id: string; product: string }>(`
    SELECT order_id, product FROM license GROUP BY order_id, product, marketplace, mode
    HAVING max(unit) <> count(DISTINCT unit) - 1`);
  for (const { order_id, product } of orders.iterate()) {
    yield { where: `order ${order_id}, product ${product}`, fault: 'a unit is missing' };
  }
}

function* checkLicense(
  row: LicenseRow,
  { codes, answers, history }: Statements,
  sealer: Sealer,
  { licenseIdOf, codeFault }: CheckParts,
): Generator<Finding> {
  const where = `license ${row.number}`;
  const { id, marketplace, mode, product, unit, reissue } = row;
  const license = { id, marketplace, mode, order: row.order_id, product, unit, reissue };
  if (!id.equals(licenseIdOf(license))) {
    yield { where, fault: 'its id does not fit its marketplace, mode, order, product and unit' };
  }
  const past = history.all(row.number);
  // One that was adopted begins with the revision of the code that the marketplace held.
  let revision = past[0]?.revision ?? 0;
  for (const code of codes.all(row.number)) {
    if (code.revision !== revision) yield { where, fault: `the code of revision ${revision} is missing` };
    const fault = codeFault(code.text, license, code.revision);
    if (fault !== undefined) yield { where, fault: `the code of revision ${code.revision}: ${fault}` };
    revision = code.revision + 1;
  }
  if (row.revision !== revision - 1) yield { where, fault: 'its revision is not that of its newest code' };
  // One that an event issued has an answer only once it was asked for, and maybe for a rebill first.
  const isRequested = past[0]?.cause === REQUEST;
  const answered = answers.all(row.number);
  let sequence = !isRequested && answered[0]?.sequence === 2 ? 2 : 1;
  if (isRequested && answered.length === 0) yield { where, fault: 'its answer is missing' };
  for (const { seal, ...answer } of answered) {
    if (answer.sequence !== sequence) yield { where, fault: `the answer ${sequence} is missing` };
    sequence = answer.sequence + 1;
    if (!seal.equals(sealFulfillment(sealer, id, answer))) {
      yield { where, fault: `the answer ${answer.sequence} was edited` };
    }
  }
  yield* checkHistory(row, past, sealer);
}

function* checkHistory(license: LicenseRow, rows: readonly HistoryRow[], sealer: Sealer): Generator<Finding> {
  const where = `license ${license.number}`;
  let before: HistoryRow | undefined;
  for (const [index, { seal, ...row }] of rows.entries()) {
    if (row.sequence !== index) {
      yield { where, fault: `row ${index} of its history is missing` };
      return;
    }
    if (!seal.equals(sealHistory(sealer, license.id, row, before?.seal ?? null))) {
      yield { where, fault: `row ${index} of its history was edited` };
    }
    if (row.from_state !== (before?.to_state ?? null)) {
      yield { where, fault: `row ${index} of its history does not follow on the row before` };
    }
    before = { seal, ...row };
  }
  if (before === undefined) yield { where, fault: 'it has no history' };
  else if (before.to_state !== license.state || before.revision !== license.revision) {
    yield { where, fault: 'its state or revision is not what its history ends with' };
  }
}
