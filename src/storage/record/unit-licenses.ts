/** Conditions on a license `l` by the other licenses of its unit and line, in SQL that every database reads alike. */

const SAME_LINE = (license: string, other: string) =>
  ['order_id', 'line', 'product', 'marketplace', 'mode']
    .map((column) => `${other}.${column} = ${license}.${column}`)
    .join(' AND ');

/** The license was not reissued. A reissued one is revoked, and its unit is not. */
export function isLast(license: string): string {
  return `NOT EXISTS (SELECT 1 FROM license r WHERE ${SAME_LINE(license, 'r')} AND r.unit = ${license}.unit AND r.reissue > ${license}.reissue)`;
}

export const IS_LAST = isLast('l');

/**
 * A unit of the license's line is in a state. Asked of the newest unit of each line, and a list of a rare state reads all of
 * them: other licenses are looked up only where there may be one. Units of an order are numbered as they are issued.
 */
export function hasUnitIn(license: string, state: string): string {
  const mayHaveOthers = `(${license}.state = 'revoked' OR ${license}.unit > 0 OR substr(${license}.order_id, 1, 13) = 'subscription:')`;
  return `((${license}.state = ${state} AND ${isLast(license)}) OR (${mayHaveOthers} AND EXISTS (
    SELECT 1 FROM license u WHERE ${SAME_LINE(license, 'u')} AND u.state = ${state} AND ${isLast('u')})))`;
}

/** The line came into the ledger at this moment or later: a reissue or a further unit of today makes no order of today. */
export function recordedSince(moment: string): string {
  return `(l.issued_at >= ${moment} AND NOT EXISTS (SELECT 1 FROM license f WHERE ${SAME_LINE('l', 'f')} AND f.issued_at < ${moment}))`;
}
