/** The queries for licenses with their newest code and their customer, and for later answers. */
import type { Statement } from 'better-sqlite3';
import type { LaterAnswer } from '../record/fulfillment-row.ts';
import type { LoadedLicense } from '../record/license-row.ts';
import { each } from './conditions.ts';
import type { Connection } from './file/connection.ts';

/** The code of a license l at a revision. */
const codeOf = (revision: string): string => `CASE ${revision} WHEN l.first_revision THEN l.first_code
  ELSE (SELECT text FROM code WHERE license = l.number AND revision = ${revision}) END`;

/** The newest code of a license l. */
export const NEWEST_CODE = codeOf('l.revision');

const ANSWER = `
  f.license, f.revision, f.quantity, f.message, f.at, f.delivered_at, f.alone, ${codeOf('f.revision')} AS code`;

/** Licenses l with their customer c. `rest`: the WHERE and ORDER BY clauses. */
export function prepareLicenses<Parameters extends object, Row = LoadedLicense>(
  connection: Connection,
  rest: string,
): Statement<[Parameters], Row> {
  return connection.prepare<[Parameters], Row>(`
    SELECT l.*, ${NEWEST_CODE} AS code, c.name, c.email, c.erased
    FROM license l LEFT JOIN customer c ON c.number = l.customer
    ${rest}`);
}

/**
 * Answers to the requests of orders for licenses that existed before the request. `numbers`: a JSON list of the
 * licenses' numbers.
 */
export function prepareLaterAnswers(
  connection: Connection,
): Statement<[{ readonly numbers: string }], LaterAnswer> {
  return connection.prepare<[{ readonly numbers: string }], LaterAnswer>(`
    SELECT ${ANSWER}
    FROM ${each('numbers')} n CROSS JOIN fulfillment f ON f.license = n.value AND f.sequence = 1
    CROSS JOIN license l ON l.number = f.license`);
}

/** Answers to a request of a rebill. `rest`: the WHERE and ORDER BY clauses on fulfillment f and license l. */
export function prepareRebillAnswers<Parameters extends object>(
  connection: Connection,
  rest: string,
): Statement<[Parameters], LaterAnswer & { readonly request: string }> {
  return connection.prepare<[Parameters], LaterAnswer & { readonly request: string }>(`
    SELECT ${ANSWER}, f.request FROM fulfillment f JOIN license l ON l.number = f.license ${rest}`);
}
