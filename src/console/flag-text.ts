/** What a flag is about, in a sentence. */
import type { FlagKind } from '../domain/values/flag.ts';

const SENTENCES: Readonly<Record<FlagKind, string>> = {
  'partial-refund': 'A refund is not clear.',
  unclear: 'A message was not understood.',
  undelivered: 'A customer waits for a code.',
  'unknown-product': 'Something was sold that no product file names.',
  unmapped: 'A plan or quantity cannot be mapped.',
  refused: 'A sale was refused.',
  'assumed-unconfirmed': 'A renewal was answered, and its charge never came.',
  'unconfirmed-order': 'An order was answered, and its event never came.',
  'odd-reference': 'An order number looks unusual.',
  mode: 'Live and test were mixed up.',
  surplus: 'More codes are out than were paid for.',
  'mail-refused': 'A mail was refused.',
  differs: 'The codes that are out, or another event, differ from the sale.',
  'revoked-but-paid': 'Somebody paid for a license that is withdrawn.',
  'too-many-units': 'An order has more units than a code can hold.',
  'unconfirmed-change': 'A change was announced, and its charge never came.',
  drift: 'The ledger and a marketplace differ.',
};

export function whatIsFlagged(kind: FlagKind): string {
  return SENTENCES[kind];
}
