/** Reads the licenses for the check, a page at a time, with the rows of their own. */
import { checkLicense, type LicenseCheckParts } from '../record/check/check-license.ts';
import { type Adder, NumberCheck } from '../record/check/check-pens.ts';
import { checkEntries, type EntryRow } from '../record/check/check-withdrawals.ts';
import { type Finding, licenseName } from '../record/check/finding.ts';
import type { CodeRow, FulfillmentRow, HistoryRow, LicenseRow } from '../record/rows.ts';
import type { Connection } from './connection.ts';
import type { SealedPen } from './pens.ts';

export interface LicenseRun {
  readonly connection: Connection;
  readonly pens: readonly SealedPen[];
  readonly adders: { readonly answer: Adder; readonly change: Adder };
}

/** Beyond what a number holds exactly, rows could not be told apart here. */
const LARGEST_NUMBER = Number.MAX_SAFE_INTEGER;

const PAGE = 1000;

/** How many licenses there are. */
export function* checkLicenses(run: LicenseRun, parts: LicenseCheckParts): Generator<Finding, number> {
  const { connection, pens, adders } = run;
  const page = connection.prepare<[number, number], LicenseRow>(
    `SELECT * FROM license WHERE number > ? AND number <= ? ORDER BY number LIMIT ${PAGE}`,
  );
  const own = prepareOwn(connection);
  const entries = Map.groupBy(
    connection.prepare<[], EntryRow>('SELECT * FROM withdrawal').iterate(),
    ({ license }) => license,
  );
  const numbers = new NumberCheck('license', pens);
  let licenses = 0;
  let last = Number.MIN_SAFE_INTEGER;
  for (let rows = page.all(last, LARGEST_NUMBER); rows.length > 0; rows = page.all(last, LARGEST_NUMBER)) {
    const whole = own(rows[0]?.number ?? 0, rows.at(-1)?.number ?? 0);
    for (const row of rows) {
      if (row.number <= last) {
        // Pages that lost their order: reading on by number would never end.
        yield {
          where: 'the file',
          fault: 'the licenses are not in the order of their numbers: the rest was not read',
        };
        return licenses;
      }
      last = row.number;
      licenses += 1;
      const { codes, answers, history } = whole(row.number);
      for (const { seal } of answers) adders.answer.add(seal);
      for (const { seal } of history) adders.change.add(seal);
      yield* numbers.see(row.number);
      yield* checkLicense({ row, codes, answers, history }, parts);
      yield* checkEntries(row, entries.get(row.number) ?? []);
    }
  }
  yield* numbers.end();
  yield* checkOthers(connection);
  return licenses;
}

/** Codes, answers and changes of the licenses of a page. */
function prepareOwn(connection: Connection) {
  const between = <Row>(table: string, order: string) =>
    connection.prepare<[number, number], Row>(
      `SELECT * FROM ${table} WHERE license BETWEEN ? AND ? ORDER BY license, ${order}`,
    );
  const codes = between<CodeRow>('code', 'revision');
  const answers = between<FulfillmentRow>('fulfillment', 'sequence');
  const history = between<HistoryRow>('history', 'sequence');
  return (first: number, last: number) => {
    const byLicense = <Row extends { readonly license: number }>(rows: readonly Row[]) =>
      Map.groupBy(rows, ({ license }) => license);
    const codesOf = byLicense(codes.all(first, last));
    const answersOf = byLicense(answers.all(first, last));
    const historyOf = byLicense(history.all(first, last));
    return (number: number) => ({
      codes: codesOf.get(number) ?? [],
      answers: answersOf.get(number) ?? [],
      history: historyOf.get(number) ?? [],
    });
  };
}

function* checkOthers(connection: Connection): Generator<Finding> {
  const beyond = connection
    .prepare<[number], number>('SELECT count(*) FROM license WHERE number > ?')
    .pluck()
    .get(LARGEST_NUMBER);
  if (beyond !== 0) yield { where: 'the licenses', fault: 'one has a number that Mintmark gave to none' };
  // By its subscription a license is found when a further period is asked for.
  const strays = connection.prepare<[], Pick<LicenseRow, 'id' | 'order_id'>>(`
    SELECT id, order_id FROM license l
    WHERE subscription IS NOT NULL AND order_id <> 'subscription:' || subscription
      AND NOT EXISTS (
        SELECT 1 FROM fact
        WHERE refers = 'subscription:' || l.subscription AND marketplace = l.marketplace AND mode = l.mode)
      AND NOT EXISTS (
        SELECT 1 FROM fact
        WHERE subject = 'subscription:' || l.subscription AND marketplace = l.marketplace AND mode = l.mode)`);
  for (const row of strays.iterate()) {
    yield { where: licenseName(row), fault: 'it follows a subscription that nobody told of' };
  }
}
