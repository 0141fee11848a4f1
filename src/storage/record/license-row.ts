/** The table `license`: one row per unit, with its first code, its first answer and the beginning of its history. */
import type { LedgerAnswer, LedgerLicense, Market, NewLicense } from '../../domain/changes.ts';
import type { Day } from '../../domain/values/day.ts';
import type { LicenseState } from '../../domain/values/license.ts';
import type { Marketplace, Mode } from '../../domain/values/order.ts';
import { type CustomerRow, customerOf } from './customer-row.ts';
import { type LaterAnswer, laterAnswer } from './fulfillment-row.ts';
import type { Sealer } from './sealer.ts';

export interface LicenseRow {
  readonly number: number;
  readonly id: Buffer;
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly order_id: string;
  readonly line: string;
  readonly product: string;
  readonly unit: number;
  readonly reissue: number;
  readonly state: LicenseState;
  readonly revision: number;
  readonly customer: number | null;
  readonly subscription: string | null;
  /** Digest of the terms of its sale; null in ledgers before schema 6. */
  readonly terms: Buffer | null;
  readonly first_code: string;
  readonly first_revision: number;
  readonly issued_at: number;
  readonly cause: string;
  /** Quantity and message of the first answer; null where no request created the license. */
  readonly quantity: number | null;
  readonly message: Buffer | null;
  readonly alone: 0 | 1;
  /** The order's total by its request. */
  readonly total: number | null;
  readonly currency: string | null;
  readonly delivered_at: number | null;
  /** Last valid day of the newest code; null: perpetual. */
  readonly last_valid: Day | null;
  /** The latest last valid day of all codes; null: one of them is perpetual. */
  readonly reach: Day | null;
  /** The highest revision that was handed out; null: none. */
  readonly handed: number | null;
  readonly due: number | null;
  readonly seal: Buffer;
}

export const LICENSE_COLUMNS: readonly (keyof LicenseRow)[] = [
  'number',
  'id',
  'marketplace',
  'mode',
  'order_id',
  'line',
  'product',
  'unit',
  'reissue',
  'state',
  'revision',
  'customer',
  'subscription',
  'terms',
  'first_code',
  'first_revision',
  'issued_at',
  'cause',
  'quantity',
  'message',
  'alone',
  'total',
  'currency',
  'delivered_at',
  'last_valid',
  'reach',
  'handed',
  'due',
  'seal',
];

/** The columns that never change, with the first state. The id covers the license's identity; codes are signed. */
export type LicenseOrigin = Pick<
  LicenseRow,
  | 'id'
  | 'line'
  | 'issued_at'
  | 'cause'
  | 'state'
  | 'first_revision'
  | 'quantity'
  | 'message'
  | 'alone'
  | 'total'
  | 'currency'
  | 'terms'
>;

/** `state`: the first state of the license. The first row of its history is sealed over this seal. */
export function sealLicense(sealer: Sealer, row: LicenseOrigin): Buffer {
  const { id, line, issued_at, cause, state, first_revision, quantity, message, alone, terms } = row;
  const { total, currency } = row;
  const began = [id, line, issued_at, cause, state, first_revision] as const;
  return sealer.seal('license', ...began, quantity, message, alone, total, currency, terms);
}

/** What the storage adds to a new license. */
interface LicensePlace {
  readonly number: number;
  readonly market: Market;
  readonly customer: number | null;
  /** Undefined: the first revision if the license has an answer. */
  readonly handed: number | undefined;
}

export function licenseRow(
  license: Omit<NewLicense, 'customer'>,
  { number, market, customer, handed }: LicensePlace,
  sealer: Sealer,
): LicenseRow {
  const { answer, charged, lastValid, terms } = license;
  const { id, unit, revision, code } = license.minted;
  const origin: LicenseOrigin = {
    id: Buffer.from(id.buffer, id.byteOffset, id.length),
    line: license.line,
    issued_at: license.at,
    cause: license.cause,
    state: license.state,
    first_revision: revision,
    quantity: answer?.quantity ?? null,
    message: answer === null ? null : Buffer.from(answer.message, 'hex'),
    alone: answer?.byUnit ? 1 : 0,
    total: charged?.total ?? null,
    currency: charged?.currency ?? null,
    terms: terms === '' ? null : Buffer.from(terms, 'hex'),
  };
  return {
    ...origin,
    number,
    marketplace: market.marketplace,
    mode: market.mode,
    order_id: license.order,
    product: license.product,
    unit,
    reissue: license.reissue,
    revision,
    customer,
    subscription: license.subscription,
    first_code: code,
    delivered_at: null,
    last_valid: lastValid,
    reach: lastValid,
    handed: handed ?? (answer === null ? null : revision),
    due: license.due,
    seal: sealLicense(sealer, origin),
  };
}

/** A license with its newest code and its customer. */
export interface LoadedLicense
  extends Omit<LicenseRow, 'marketplace' | 'mode' | 'seal'>,
    Pick<CustomerRow, 'name' | 'email'> {
  readonly code: string;
  /** null: the license has no customer. */
  readonly erased: number | null;
}

/** The answer in the license's own row; null where no request created the license. */
export function firstAnswer(
  row: Pick<
    LicenseRow,
    'quantity' | 'message' | 'first_revision' | 'first_code' | 'issued_at' | 'delivered_at' | 'alone'
  >,
): LedgerAnswer | null {
  if (row.quantity === null || row.message === null) return null;
  return {
    quantity: row.quantity,
    revision: row.first_revision,
    code: row.first_code,
    message: row.message.toString('hex'),
    at: row.issued_at,
    deliveredAt: row.delivered_at,
    byUnit: row.alone === 1,
  };
}

export function licenseRecord(row: LoadedLicense, later: LaterAnswer | undefined): LedgerLicense {
  return {
    number: row.number,
    id: row.id,
    order: row.order_id,
    line: row.line,
    product: row.product,
    unit: row.unit,
    reissue: row.reissue,
    state: row.state,
    revision: row.revision,
    customer: row.customer,
    holder: row.customer === null ? undefined : customerOf({ ...row, erased: row.erased ?? 0 }),
    subscription: row.subscription,
    terms: row.terms?.toString('hex') ?? null,
    at: row.issued_at,
    cause: row.cause,
    charged: row.total === null ? null : { total: row.total, currency: row.currency },
    firstCode: row.first_code,
    code: row.code,
    reach: row.reach,
    answer: firstAnswer(row) ?? (later ? laterAnswer(later) : null),
    handed: row.handed,
    due: row.due,
  };
}
