/** The final state of each order in a ledger, independent of its history. */
import Database from 'better-sqlite3';
import { entitlementOf } from '../../../src/keyring/minter.ts';

export interface Standing {
  /** One line per license: its identity, its entitlement, its first code, its requests. */
  readonly lines: readonly string[];
  /** The newest code by license id. The number of earlier codes depends on the order of the calls. */
  readonly newest: ReadonlyMap<string, { readonly revision: number; readonly text: string }>;
  /** All codes of the license. */
  readonly codes: ReadonlySet<string>;
  /** Units of each product. */
  readonly units: Readonly<Record<string, number>>;
}

interface Row {
  readonly order_id: string;
  readonly product: string;
  readonly unit: number;
  readonly reissue: number;
  readonly id: string;
  readonly state: string;
  readonly subscription: string | null;
  readonly revision: number;
  readonly codes: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly requests: string | null;
}

/** By order. */
export function standingsIn(ledgerFile: string): Map<string, Standing> {
  const ledger = new Database(ledgerFile, { readonly: true });
  try {
    const rows = ledger
      .prepare<[], Row>(`
        SELECT order_id, product, unit, reissue, hex(id) AS id, state, subscription, revision, name, email,
          concat_ws(' ', first_code, (
            SELECT group_concat(text, ' ' ORDER BY revision) FROM code WHERE license = l.number)) AS codes,
          concat_ws(' ', iif(quantity IS NULL, NULL, order_id), (
            SELECT group_concat(coalesce(request, order_id), ' ' ORDER BY sequence) FROM fulfillment
            WHERE license = l.number)) AS requests
        FROM license l LEFT JOIN customer c ON c.number = l.customer ORDER BY order_id, product, unit, reissue`)
      .all();
    const byOrder = Map.groupBy(rows.filter(isSomebodys), ({ order_id }) => saleOf(order_id));
    return new Map([...byOrder].map(([order, licenses]) => [order, standingOf(licenses)]));
  } finally {
    ledger.close();
  }
}

/** A charge that arrives before its order creates units that are withdrawn again: nobody ever gets them. */
function isSomebodys({ requests, state, order_id }: Row): boolean {
  return requests !== '' || state !== 'revoked' || !order_id.startsWith('subscription:');
}

/** Later units of a subscription belong to the sale that began it (fastspring-sales, paddle-sales). */
function saleOf(order: string): string {
  return order.replace(/^subscription:sub-/, 'SIM').replace(/^subscription:7/, '');
}

function standingOf(licenses: readonly Row[]): Standing {
  const newest = new Map(
    licenses.map(({ id, revision, codes }) => [id, { revision, text: codes.slice(-160) }] as const),
  );
  return {
    lines: licenses.map(({ codes, revision: _, order_id: __, ...row }) =>
      JSON.stringify({ ...row, first: codes.slice(0, 160), ...entitlementOf(codes.slice(-160)) }),
    ),
    newest,
    codes: new Set(licenses.flatMap(({ codes }) => codes.split(' '))),
    units: Object.fromEntries(
      [...Map.groupBy(licenses, ({ product }) => product)].map(([product, { length }]) => [product, length]),
    ),
  };
}

/**
 * The differences between a ledger and the expected one, one line per order. `refused`: requests whose only whole replies
 * were refusals, since the license was suspended or revoked when they came; a reply that was cut off may have had a code.
 */
export function differences(
  actual: ReadonlyMap<string, Standing>,
  expected: ReadonlyMap<string, Standing>,
  refused: ReadonlySet<string>,
): string[] {
  return [...new Set([...actual.keys(), ...expected.keys()])].flatMap((order) => {
    const [is, should] = [actual.get(order), expected.get(order)];
    if (is === undefined) return [`${order} is missing`];
    if (should === undefined) return [`nobody bought ${order}: ${is.lines.join(' ')}`];
    const [found, wanted] = [is, should].map(({ lines }) =>
      lines.map((line) => withoutRequests(line, refused)),
    ) as [string[], string[]];
    const place = found.findIndex((line, at) => line !== wanted[at]);
    if (place >= 0 || found.length !== wanted.length) {
      const at = place >= 0 ? place : found.length;
      return [`${order}: ${unlike(found[at], wanted[at])}`];
    }
    const other = [...is.newest].find(([id, { revision, text }]) => {
      const quiet = should.newest.get(id);
      return quiet?.revision === revision && quiet.text !== text;
    });
    return other === undefined ? [] : [`${order}: another code of the same revision for license ${other[0]}`];
  });
}

function withoutRequests(line: string, refused: ReadonlySet<string>): string {
  if (refused.size === 0) return line;
  const row: { requests: string } = JSON.parse(line);
  const requests = row.requests.split(' ').filter((name) => !refused.has(name));
  return JSON.stringify({ ...row, requests: requests.join(' ') });
}

/** The fields in which two lines differ. */
function unlike(is: string | undefined, should: string | undefined): string {
  if (is === undefined) return `lacks ${should}`;
  if (should === undefined) return `has too many: ${is}`;
  const [one, other]: Record<string, unknown>[] = [JSON.parse(is), JSON.parse(should)];
  return Object.entries(one ?? {})
    .filter(([name, value]) => value !== other?.[name])
    .map(([name, value]) => `${name} is ${value} instead of ${other?.[name]}`)
    .join(', ');
}
