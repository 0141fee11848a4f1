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

/** The line came into the ledger at this moment or later: a reissue or a further unit of today makes no order of today. */
export function recordedSince(moment: string): string {
  return `(l.issued_at >= ${moment} AND NOT EXISTS (SELECT 1 FROM license f WHERE ${SAME_LINE('l', 'f')} AND f.issued_at < ${moment}))`;
}
