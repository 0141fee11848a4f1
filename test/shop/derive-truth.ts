/** The expected end, from the books alone: paid units, their dates, and flags. */
import { flagsOf } from './flag-truth.ts';
import { paidByLine } from './line-truth.ts';
import { paidBySubscription } from './subscription-truth.ts';
import type { Books, Truth } from './truth.ts';

export function truthOf(books: Books): Truth {
  const lines = books.charges.flatMap((charge) =>
    charge.items.flatMap((item) => (item.subscription === undefined ? paidByLine(charge, item, books) : [])),
  );
  const subscribed = books.subscriptions.flatMap((subscription) => paidBySubscription(subscription, books));
  return { paid: [...lines, ...subscribed], flags: flagsOf(books), people: books.people };
}
