/** Charges of a subscription, and edits, that may have been for something else than they count for. */
import type { Fact } from '../facts/fact.ts';
import { EDIT_WITHIN_MILLISECONDS } from './changes-first.ts';
import { type Announced, type Known, unitsPaid } from './paid-lines.ts';
import type { Covered } from './stated-lines.ts';

export interface Unclear {
  readonly fact: Fact;
  /**
   * `units`: a proration of what was paid for before, of further units or of all. `fewer`: one of fewer units. `product`: a charge in an overdue subscription, for
   * an add-on or another plan. `change`: an edit to a product that was charged before it. `edit`: one told days after its proration.
   */
  readonly why: 'units' | 'fewer' | 'product' | 'change' | 'edit';
  /** Milliseconds since 1970-01-01: the edit may be told until then. */
  readonly from?: number;
}

/** Of a proration of the subscription's own product. `edit`: the known one, which it pays for. */
export function unclearOf(
  fact: Fact,
  lines: readonly Covered[] | undefined,
  edit: Fact | undefined,
  known: Known,
  latest: Announced | undefined,
): readonly Unclear[] {
  const from = fact.at + EDIT_WITHIN_MILLISECONDS;
  if (edit !== undefined) return edit.at > from ? [{ fact: edit, why: 'edit' }] : [];
  if (fact.body.kind !== 'paid' || lines === undefined) return [];
  const { total, own } = fact.body;
  const isKnown = ({ line, product, quantity }: Covered) =>
    (known.now?.some((one) => one.line === line) ?? latest?.line === line) &&
    quantity <= unitsPaid(product, known);
  if (!lines.every(isKnown)) return [];
  const shown = own?.product == null ? undefined : own.quantity;
  const isFewer = shown !== undefined && shown < unitsPaid(own?.product ?? '', known);
  return [{ fact, why: total === 0 || isFewer ? 'fewer' : 'units', from }];
}

/** Of a charge of something beside the subscription's own product. */
export function unclearBeside(
  fact: Fact,
  lines: readonly Covered[],
  known: Known,
  isOverdue: boolean,
): readonly Unclear[] {
  if (fact.body.kind !== 'paid') return [];
  const { part, own } = fact.body;
  const isPaid = lines.some(({ product }) => unitsPaid(product, known) > 0);
  if (isPaid && part === 'proration') return [{ fact, why: 'units' }];
  return own === undefined && isOverdue ? [{ fact, why: 'product' }] : [];
}

/** What a person is told; `from` as in flags. */
export function unclearReason(subscription: string, { fact: { body }, why }: Unclear): string {
  const covers = body.kind === 'paid' ? (body.covers ?? []) : body.kind === 'announced' ? [body] : [];
  const named = covers.map(({ line, quantity }) => `${quantity} of ${line}`).join(' and ');
  return REASONS[why](subscription, named);
}

const REASONS: Readonly<Record<Unclear['why'], (subscription: string, named: string) => string>> = {
  units: (id, named) =>
    `A proration of subscription ${id} names ${named} beside what was paid for before, and does not say whether those are further units: no license was added to the larger number`,
  fewer: (id, named) =>
    `A proration of subscription ${id} names ${named}, and no event told a change: if units or money went back to the customer, their licenses last until the next charge`,
  product: (id, named) =>
    `A charge of subscription ${id}, which is overdue, names ${named} alone, and does not show what the subscription is for: its licenses stand beside the others, of which none was renewed`,
  change: (id, named) =>
    `Subscription ${id} is for ${named} now, which a charge paid for more than a day before: if that charge was for the change, the licenses of the former product are not paid for any more, and last until their paid day`,
  edit: (id, named) =>
    `Subscription ${id} is for ${named} now, told more than a day after a proration of as many units as that adds: they count as paid by it`,
};
