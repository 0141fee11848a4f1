/** Reads the licenses for the check in pages, with their codes, answers and history. */
import { checkLicense, type LicenseKeys } from '../../record/check/check-license.ts';
import { type Adder, NumberCheck } from '../../record/check/check-pens.ts';
import { checkEntries, type EntryRow } from '../../record/check/check-withdrawals.ts';
import { type Finding, licenseName } from '../../record/check/finding.ts';
import type { CodeRow } from '../../record/code-row.ts';
import { countLicense, type DayCounter } from '../../record/daily.ts';
import type { FulfillmentRow } from '../../record/fulfillment-row.ts';
import type { HistoryRow } from '../../record/history-row.ts';
import { lastValidDay } from '../../record/last-valid.ts';
import type { LicenseRow } from '../../record/license-row.ts';
import type { SealedPen } from '../../record/pen.ts';
import type { Connection } from '../file/connection.ts';

export interface LicenseRun {
  readonly connection: Connection;
  readonly pens: readonly SealedPen[];
  readonly adders: { readonly answer: Adder; readonly change: Adder };
  /** Counts the days anew. */
  readonly days: DayCounter;
  /** Counts licenses that were read. */
  readonly count: (licenses: number) => void;
}

/** Above it JavaScript numbers are not exact: two rows could look the same. */
const LARGEST_NUMBER = Number.MAX_SAFE_INTEGER;

const PAGE = 1000;

/** Returns the number of licenses. */
export function* checkLicenses(run: LicenseRun, keys: LicenseKeys): Generator<Finding, number> {
  const { connection, pens, adders } = run;
  const page = connection.prepare<[{ readonly after: number }], LicenseRow>(`
    SELECT * FROM license WHERE number > $after AND number <= ${LARGEST_NUMBER} ORDER BY number LIMIT ${PAGE}`);
  const own = prepareOwn(connection);
  const entries = Map.groupBy(
    connection.prepare<[], EntryRow>('SELECT * FROM withdrawal').iterate(),
    ({ license }) => license,
  );
  const numbers = new NumberCheck('license', pens);
  let licenses = 0;
  let after = Number.MIN_SAFE_INTEGER;
  for (let rows = page.all({ after }); rows.length > 0; rows = page.all({ after })) {
    const ownOf = own({ first: rows[0]?.number ?? 0, last: rows.at(-1)?.number ?? 0 });
    for (const license of rows) {
      if (license.number <= after) {
        // The pages of the file lost their order: reading on by number might never end.
        yield {
          where: 'the file',
          fault: 'the licenses are not in the order of their numbers: the rest was not read',
        };
        return licenses;
      }
      after = license.number;
      licenses += 1;
      const { codes, answers, history } = ownOf(license.number);
      for (const { seal } of answers) adders.answer.add(seal);
      for (const { seal } of history) adders.change.add(seal);
      yield* numbers.see(license.number);
      const later = new Map(codes.map(({ revision, text }) => [revision, text]));
      const lastValidOf = (revision: number) => lastValidDay(later.get(revision) ?? license.first_code);
      countLicense(run.days, { license, lastValidOf, history });
      yield* checkLicense({ license, codes, answers, history }, keys);
      yield* checkEntries(license, entries.get(license.number) ?? []);
    }
    run.count(rows.length);
  }
  yield* numbers.end();
  yield* checkOthers(connection);
  return licenses;
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** Reads the codes, answers and history of the licenses of a page. */
function prepareOwn(connection: Connection) {
  const between = <Row>(table: string, order: string) =>
    connection.prepare<[Range], Row>(
      `SELECT * FROM ${table} WHERE license BETWEEN $first AND $last ORDER BY license, ${order}`,
    );
  const codes = between<CodeRow>('code', 'revision');
  const answers = between<FulfillmentRow>('fulfillment', 'sequence');
  const history = between<HistoryRow>('history', 'sequence');
  return (range: Range) => {
    const byLicense = <Row extends { readonly license: number }>(rows: readonly Row[]) =>
      Map.groupBy(rows, ({ license }) => license);
    const codesOf = byLicense(codes.all(range));
    const answersOf = byLicense(answers.all(range));
    const historyOf = byLicense(history.all(range));
    return (number: number) => ({
      codes: codesOf.get(number) ?? [],
      answers: answersOf.get(number) ?? [],
      history: historyOf.get(number) ?? [],
    });
  };
}

function* checkOthers(connection: Connection): Generator<Finding> {
  const beyond = connection
    .prepare<[], number>(`SELECT count(*) FROM license WHERE number > ${LARGEST_NUMBER}`)
    .pluck()
    .get();
  if (beyond !== 0) yield { where: 'the licenses', fault: 'one has a number that Mintmark did not give' };
  // A request for a further period finds the license by its subscription.
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
    yield { where: licenseName(row), fault: 'no fact ties it to its subscription' };
  }
}
