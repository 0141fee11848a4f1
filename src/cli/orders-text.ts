/** Orders in a list, as the commands show them. */
import type { OrderSummary } from '../domain/ports/ledger-views.ts';
import type { Cell } from '../message/csv.ts';
import { timeText } from './license-text.ts';
import { printable, shortened } from './printable.ts';

const STATES = ['active', 'suspended', 'revoked', 'ended'] as const;

/** An order for a person, on one line, with the customer. */
export function orderLine(summary: OrderSummary): string {
  const { marketplace, mode, order, line, product, at, licenses, missing, undelivered, unmailed } = summary;
  const { lastValid, customer } = summary;
  const counts = [
    ...STATES.filter((state) => licenses[state] > 0).map((state) => `${licenses[state]} ${state}`),
    missing > 0 && `${missing} without a license`,
    undelivered > 0 && `${undelivered} undelivered`,
    unmailed > 0 && `${unmailed} unmailed`,
  ].filter(Boolean);
  const what = product ?? (line === '' ? '(no product named)' : `${line} (no product file)`);
  const parts = [
    timeText(at),
    `${marketplace} ${mode}`,
    shortened(order, 'reference'),
    product !== null && line !== '' && line !== product ? `${what} (${line})` : what,
    counts.join(', ') || 'no licenses',
    lastValid !== null && `to ${lastValid}`,
    [customer.name, customer.email].filter(Boolean).join(', '),
  ];
  return `${printable(parts.filter(Boolean).join('  '))}\n`;
}

/** An order as `--json` prints it; its customer only with `--personal`. */
export function orderJson({ at, customer, ...order }: OrderSummary, personal: boolean) {
  return { ...order, at: timeText(at), ...(personal && { customer }) };
}

export const ORDER_COLUMNS: readonly string[] = [
  'marketplace',
  'mode',
  'order',
  'line',
  'product',
  'recorded',
  ...STATES,
  'missing',
  'undelivered',
  'unmailed',
  'last_valid_day',
];

export function orderCells(summary: OrderSummary, personal: boolean): readonly Cell[] {
  const { marketplace, mode, order, line, product, at, licenses, customer } = summary;
  return [
    marketplace,
    mode,
    order,
    line,
    product,
    timeText(at),
    ...STATES.map((state) => licenses[state]),
    summary.missing,
    summary.undelivered,
    summary.unmailed,
    summary.lastValid,
    ...(personal ? [customer.name, customer.email] : []),
  ];
}
