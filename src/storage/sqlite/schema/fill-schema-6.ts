/**
 * Migration to schema 6: copies each row of schema 5 to its new table and seals it again. A row with a wrong seal gets
 * an empty seal, and the difference of a tally is kept, so that `ledger check` still reports the damage. Like the SQL of
 * a released migration, what it does never changes.
 */

import { randomBytes } from 'node:crypto';
import { laterDay, withdrawalOf } from '../../../domain/life/withdrawal.ts';
import { normalizeAddress } from '../../../domain/values/address.ts';
import type { LicenseState } from '../../../domain/values/license.ts';
import { AppError } from '../../../errors.ts';
import { formatLicenseId } from '../../../license-code/license-id.ts';
import { revocationDigest } from '../../../license-code/revocation-list.ts';
import type { CodeRow } from '../../record/code-row.ts';
import { sealCustomer } from '../../record/customer-row.ts';
import { type FulfillmentRow, sealFulfillment } from '../../record/fulfillment-row.ts';
import { type HistoryRow, sealHistory } from '../../record/history-row.ts';
import { sealIdentity } from '../../record/identity-row.ts';
import { lastValidDay } from '../../record/last-valid.ts';
import { type LicenseRow, sealLicense } from '../../record/license-row.ts';
import { newPen, PenCounter } from '../../record/pen.ts';
import { NO_SEAL, type Sealer } from '../../record/sealer.ts';
import { prepareLast } from '../aggregate.ts';
import type { Connection } from '../file/connection.ts';
import { insertPen } from '../pens.ts';
import { fillEvents } from './fill-schema-6-events.ts';
import { carryTally, OLD_TALLIED } from './fill-schema-6-tallies.ts';

type OldLicense = Pick<
  LicenseRow,
  | 'number'
  | 'id'
  | 'marketplace'
  | 'mode'
  | 'order_id'
  | 'product'
  | 'unit'
  | 'reissue'
  | 'state'
  | 'revision'
  | 'customer'
  | 'subscription'
>;

interface OldHistory extends Omit<HistoryRow, 'from_state'> {
  readonly from_state: LicenseState | null;
}

const PAGE = 1000;

type After = { readonly after: number };
type Of = { readonly number: number };

export function fillSchema6(connection: Connection, sealer: Sealer, from: number): void {
  const counter = new PenCounter(newPen(0));
  fillCustomers(connection, sealer, counter);
  fillLicenses(connection, sealer, counter);
  fillEvents(connection, sealer, counter);
  for (const seal of connection.prepare<[], Buffer>('SELECT seal FROM fact').pluck().iterate())
    counter.count('fact', undefined, seal);
  const counts = counter.counts();
  const tallies = { ...counts.tallies };
  for (const name of OLD_TALLIED) {
    tallies[name] = carryTally(connection, sealer, { name, now: counts.tallies[name], from });
  }
  const last = (table: string) => prepareLast(connection, table)();
  const numbers = { license: last('license'), event: last('event'), customer: last('customer') };
  const pen = { ...counts, numbers: { ...counts.numbers, ...numbers }, tallies };
  insertPen(connection, sealer, pen);
  const identity = { ledger: randomBytes(16), secret: sealer.idSecretCheck, key_id: 0 };
  connection
    .prepare('INSERT INTO identity (ledger, secret, key_id, seal) VALUES ($ledger, $secret, $key_id, $seal)')
    .run({ ...identity, seal: sealIdentity(sealer, identity) });
}

function fillCustomers(connection: Connection, sealer: Sealer, counter: PenCounter): void {
  const page = connection.prepare<[After], { number: number; name: string | null; email: string | null }>(
    `SELECT number, name, email FROM customer_5 WHERE number > $after ORDER BY number LIMIT ${PAGE}`,
  );
  const insert = connection.prepare(`
    INSERT INTO customer (number, name, email, email_norm, erased, seal)
    VALUES ($number, $name, $email, $email_norm, $erased, $seal)`);
  for (const row of pages(page)) {
    const erased = row.name === null && row.email === null ? 1 : 0;
    const customer = { ...row, buyer_name: null, buyer_email: null, erased, former: null };
    const seal = sealCustomer(sealer, customer);
    insert.run({ ...row, email_norm: row.email === null ? null : normalizeAddress(row.email), erased, seal });
    counter.count('customer', undefined, seal);
  }
}

function* pages<Row extends { readonly number: number }>(page: { all(after: After): Row[] }): Generator<Row> {
  let after = -1;
  for (let rows = page.all({ after }); rows.length > 0; rows = page.all({ after })) {
    yield* rows;
    after = rows.at(-1)?.number ?? Number.MAX_SAFE_INTEGER;
  }
}

function fillLicenses(connection: Connection, sealer: Sealer, counter: PenCounter): void {
  const page = connection.prepare<[After], OldLicense>(
    `SELECT * FROM license_5 WHERE number > $after ORDER BY number LIMIT ${PAGE}`,
  );
  const codesOf = connection.prepare<[Of], CodeRow>(
    'SELECT * FROM code_5 WHERE license = $number ORDER BY revision',
  );
  const answersOf = connection.prepare<[Of], FulfillmentRow>(
    'SELECT * FROM fulfillment_5 WHERE license = $number ORDER BY sequence',
  );
  const historyOf = connection.prepare<[Of], OldHistory>(
    'SELECT * FROM history_5 WHERE license = $number ORDER BY sequence',
  );
  const into = prepareInserts(connection);
  for (const license of pages(page)) {
    const codes = codesOf.all(license);
    const answers = answersOf.all(license);
    const history = historyOf.all(license);
    const row = licenseRow(sealer, license, { codes, answers, history });
    into.license.run(row);
    if (license.mode === 'test') counter.countTestLicense();
    for (const code of codes) if (code.revision > row.first_revision) into.code.run(code);
    for (const answer of answers) {
      if (row.quantity !== null && answer.sequence === 1) continue;
      into.fulfillment.run(answer);
      counter.count('answer', undefined, answer.seal);
    }
    for (const change of chain(sealer, row, history)) {
      into.history.run(change);
      counter.count('change', undefined, change.seal);
    }
    const entry = withdrawalOf(row.state, row.last_valid, row.reach);
    if (entry !== undefined) {
      const { number, product, id } = row;
      into.withdrawal.run({ ...entry, product, digest: revocationDigest(id), license: number });
    }
  }
}

interface Past {
  readonly codes: readonly CodeRow[];
  readonly answers: readonly FulfillmentRow[];
  readonly history: readonly OldHistory[];
}

function licenseRow(sealer: Sealer, license: OldLicense, { codes, answers, history }: Past): LicenseRow {
  const first = history[0];
  const code = codes[0];
  if (first === undefined || code === undefined) {
    throw new AppError(
      'ledger_damaged',
      `The ledger cannot be brought to schema 6: license ${formatLicenseId(license.id)} has lost its code or its history. Restore a backup.`,
    );
  }
  const answer = answers.find(
    ({ sequence, revision, at }) => sequence === 1 && revision === first.revision && at === first.at,
  );
  const days = codes.map(({ text }) => lastValidDay(text));
  const origin = {
    id: license.id,
    line: '',
    issued_at: first.at,
    cause: first.cause,
    state: first.to_state,
    first_revision: first.revision,
    quantity: answer?.quantity ?? null,
    message: answer?.message ?? null,
    alone: answer?.alone ?? (0 as const),
    total: null,
    currency: null,
    terms: null,
  };
  const isIntact =
    first.seal.equals(sealOldHistory(sealer, license.id, first, null)) &&
    (answer === undefined || answer.seal.equals(sealFulfillment(sealer, license.id, answer)));
  return {
    ...license,
    ...origin,
    state: license.state,
    first_code: code.text,
    delivered_at: answer?.delivered_at ?? null,
    last_valid: days.at(-1) ?? null,
    reach: days.reduce(laterDay, days[0] ?? null),
    handed: answers.length === 0 ? null : Math.max(...answers.map(({ revision }) => revision)),
    due: null,
    seal: isIntact ? sealLicense(sealer, origin) : NO_SEAL,
  };
}

/** The rows of history after the first, each sealed again over the seal of the row before it. */
function* chain(sealer: Sealer, license: LicenseRow, history: readonly OldHistory[]): Generator<HistoryRow> {
  let before = license.seal;
  for (const [place, { seal: _, ...row }] of history.entries()) {
    const old = history[place - 1];
    if (old === undefined) continue;
    const change = { ...row, from_state: row.from_state ?? old.to_state };
    const isIntact = history[place]?.seal.equals(sealOldHistory(sealer, license.id, row, old.seal)) ?? false;
    before = isIntact ? sealHistory(sealer, license.id, change, before) : NO_SEAL;
    yield { ...change, seal: before };
  }
}

function sealOldHistory(
  sealer: Sealer,
  id: Uint8Array,
  row: Omit<OldHistory, 'seal'>,
  before: Uint8Array | null,
): Buffer {
  const { sequence, at, from_state, to_state, revision, cause } = row;
  return sealer.seal('history', id, sequence, at, from_state, to_state, revision, cause, before);
}

function prepareInserts(connection: Connection) {
  const into = (table: string, columns: readonly string[]) =>
    connection.prepare(
      `INSERT INTO ${table} (${columns.join()}) VALUES (${columns.map((name) => `$${name}`).join()})`,
    );
  const identity = ['number', 'id', 'marketplace', 'mode', 'order_id', 'line', 'product', 'unit', 'reissue'];
  const now = ['state', 'revision', 'customer', 'subscription', 'last_valid', 'reach', 'handed', 'due'];
  const origin = [
    'terms',
    'first_code',
    'first_revision',
    'issued_at',
    'cause',
    'quantity',
    'message',
    'alone',
  ];
  const change = ['sequence', 'at', 'from_state', 'to_state', 'revision', 'cause', 'seal'];
  const answer = [
    'sequence',
    'revision',
    'quantity',
    'message',
    'at',
    'delivered_at',
    'request',
    'alone',
    'seal',
  ];
  return {
    license: into('license', [...identity, ...now, ...origin, 'delivered_at', 'seal']),
    code: into('code', ['license', 'revision', 'text']),
    history: into('history', ['license', ...change]),
    fulfillment: into('fulfillment', ['license', ...answer]),
    withdrawal: into('withdrawal', ['product', 'digest', 'license', 'listed', 'since', 'until']),
  };
}
