/** The table `fulfillment`: answers to requests for licenses that existed before the request. */
import type { LedgerAnswer, NewAnswer, RebillAnswer } from '../../domain/changes.ts';
import type { Sealer } from './sealer.ts';

export interface FulfillmentRow {
  readonly license: number;
  /** 1: the order's own request; above: rebills. */
  readonly sequence: number;
  readonly revision: number;
  readonly quantity: number;
  readonly message: Buffer;
  readonly at: number;
  readonly delivered_at: number | null;
  /** The rebill's own order; null for the license's order. */
  readonly request: string | null;
  readonly alone: 0 | 1;
  readonly seal: Buffer;
}

export const FULFILLMENT_COLUMNS: readonly (keyof FulfillmentRow)[] = [
  'license',
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

/** Leaves out `delivered_at`, which is set later and promises nothing. */
export function sealFulfillment(
  sealer: Sealer,
  id: Uint8Array,
  row: Omit<FulfillmentRow, 'seal' | 'delivered_at'>,
): Buffer {
  const { sequence, revision, quantity, message, at, request, alone } = row;
  return sealer.seal('fulfillment', id, sequence, revision, quantity, message, at, request, alone);
}

export function fulfillmentRow(answer: NewAnswer, sequence: number, sealer: Sealer): FulfillmentRow {
  const { number, id, revision, quantity, message, at, request, byUnit } = answer;
  const row = {
    license: number,
    sequence,
    revision,
    quantity,
    message: Buffer.from(message, 'hex'),
    at,
    delivered_at: null,
    request,
    alone: byUnit ? (1 as const) : (0 as const),
  };
  return { ...row, seal: sealFulfillment(sealer, id, row) };
}

/** An answer with the code that it handed out. */
export interface LaterAnswer extends Omit<FulfillmentRow, 'sequence' | 'request' | 'seal'> {
  readonly code: string;
}

export function laterAnswer(row: LaterAnswer): LedgerAnswer {
  return {
    quantity: row.quantity,
    revision: row.revision,
    code: row.code,
    message: row.message.toString('hex'),
    at: row.at,
    deliveredAt: row.delivered_at,
    byUnit: row.alone === 1,
  };
}

export function rebillAnswer(row: LaterAnswer & { readonly request: string }): RebillAnswer {
  return { ...laterAnswer(row), number: row.license, request: row.request };
}
