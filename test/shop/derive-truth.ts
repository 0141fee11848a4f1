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
  const unnamed = unnamedOf(books);
  return { paid: [...lines, ...subscribed], flags: flagsOf(books), people: books.people, unnamed };
}

function unnamedOf({ calls }: Books): string[] {
  const told = calls.flatMap((call) => (call.kind === 'event' ? JSON.stringify(call.data) : [])).join();
  const asked = calls.flatMap((call) => (call.kind === 'request' ? (call.fields['reference'] ?? []) : []));
  return asked.filter((reference) => !told.includes(`"${reference}"`));
}
