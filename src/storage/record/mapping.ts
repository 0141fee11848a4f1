/** Rows to the domain's words and back: one mapping a table. */
import type { LedgerAnswer, LedgerLicense, OwedLine, RebillAnswer } from '../../domain/changes.ts';
import type { EventHead, KeptEvent } from '../../domain/event.ts';
import type { Fact, FactBody } from '../../domain/fact.ts';
import { refersTo } from '../../domain/fact-order.ts';
import type { Flag, RaisedFlag } from '../../domain/flag.ts';
import type { Customer } from '../../domain/order.ts';
import type { CustomerRow, EventRow, FactRow, FlagRow, LicenseRow, OwedRow } from './rows.ts';
import { ERASED_HOLDER } from './rows.ts';

/** A license with its newest code and its customer. */
export interface LoadedLicense
  extends Omit<LicenseRow, 'marketplace' | 'mode' | 'seal'>,
    Pick<CustomerRow, 'name' | 'email'> {
  readonly code: string;
  /** null where there is no customer. */
  readonly erased: number | null;
}

/** The answer to the order's own request that came later than the license. */
export interface LaterAnswer {
  readonly license: number;
  readonly revision: number;
  readonly code: string;
  readonly quantity: number;
  readonly message: Buffer;
  readonly at: number;
  readonly delivered_at: number | null;
  readonly alone: 0 | 1;
}

export function laterAnswer({
  revision,
  code,
  quantity,
  message,
  at,
  delivered_at,
  alone,
}: LaterAnswer): LedgerAnswer {
  const digest = message.toString('hex');
  return { quantity, revision, code, message: digest, at, deliveredAt: delivered_at, byUnit: alone === 1 };
}

/** The answer that is in the license's own row; null where no request brought the license about. */
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

export function rebillAnswer(row: LaterAnswer & { readonly request: string }): RebillAnswer {
  return { ...laterAnswer(row), number: row.license, request: row.request };
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

export function factRow({ subject, marketplace, mode, key, at, cause, body }: Fact): Omit<FactRow, 'seal'> {
  const text = JSON.stringify(body);
  return { subject, marketplace, mode, key, at, kind: body.kind, body: text, cause, refers: refersTo(body) };
}

export function factOf(row: Omit<FactRow, 'seal' | 'kind' | 'refers'>): Fact {
  const { subject, marketplace, mode, key, at, cause, body } = row;
  return { subject, marketplace, mode, key, at, cause, body: JSON.parse(body) as FactBody };
}

export function flagRow(id: number, flag: RaisedFlag): Omit<FlagRow, 'seal'> {
  const { marketplace, mode, key, kind, reason, order, product, event, at } = flag;
  const settled = { settled_at: null, settled_by: null };
  return {
    id,
    marketplace,
    mode,
    key,
    kind,
    reason,
    order_id: order,
    product,
    event_id: event,
    at,
    ...settled,
  };
}

export function flagOf(row: Omit<FlagRow, 'seal'>): Flag {
  const { id, marketplace, mode, key, kind, reason, product, at } = row;
  const about = { order: row.order_id, product, event: row.event_id };
  const settled = { settledAt: row.settled_at, settledBy: row.settled_by };
  return { id, marketplace, mode, key, kind, reason, ...about, at, ...settled };
}

export function owedLine({
  order_id,
  line,
  product,
  quantity,
  missing,
  since,
  due,
}: Omit<OwedRow, 'seal'>): OwedLine {
  return { order: order_id, line, product, quantity, missing, since, due };
}

export function keptEvent(row: Omit<EventRow, 'digest'> & { readonly flagged: 0 | 1 }): KeptEvent {
  return {
    marketplace: row.marketplace,
    mode: row.mode,
    id: row.event_id,
    type: row.type,
    at: row.at,
    receivedAt: row.received_at,
    outcome: row.outcome,
    fault: row.fault,
    attempts: row.attempts,
    flagged: row.flagged === 1,
    payload: row.payload,
  };
}

/** A new row of an event that nothing became of yet. */
export function eventRow(event: EventHead, number: number, receivedAt: number, digest: Buffer): EventRow {
  const { marketplace, mode, id, type, at, payload } = event;
  const head = { number, marketplace, mode, event_id: id, type, at, received_at: receivedAt };
  return { ...head, payload, digest, outcome: 'done', fault: null, attempts: 0 };
}

/** Undefined for a holder who was erased; nobody is known where there is no row. */
export function customerOf(
  row: Pick<CustomerRow, 'name' | 'email' | 'erased'> | undefined,
): Customer | undefined {
  if (row === undefined) return { name: undefined, email: undefined };
  if ((row.erased & ERASED_HOLDER) !== 0) return undefined;
  return { name: row.name ?? undefined, email: row.email ?? undefined };
}
