/** The credit note of a refund that is for lines of a paid invoice, as Stripe sends it. */
export interface CreditedLine {
  readonly invoice_line_item: string;
  readonly quantity: number;
  /** Smallest units. */
  readonly amount: number;
}

export function creditNote(id: string, invoice: string, lines: readonly CreditedLine[]): object {
  const data = lines.map((line) => ({ ...line, object: 'credit_note_line_item', type: 'invoice_line_item' }));
  const amount = lines.reduce((sum, line) => sum + line.amount, 0);
  const known = { invoice, type: 'post_payment', status: 'issued', amount, currency: 'eur' };
  return { id, object: 'credit_note', ...known, lines: { object: 'list', data, has_more: false } };
}
