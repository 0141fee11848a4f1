/** The product's text for an answer, in Markdown: the mail to the customer. */
import type { Minter } from '../domain/minter.ts';
import type { AnsweredLicense } from '../domain/requests/fulfill.ts';
import type { Customer, Order } from '../domain/values/order.ts';
import { findCodes } from '../license-code/find-codes.ts';
import { assertSafeNotice, assertSafeReply } from './proof.ts';
import type { MessageTemplate, MessageValues } from './template.ts';
import type { Templates } from './templates.ts';

export interface ReplySources {
  readonly templates: Templates;
  readonly minter: Pick<Minter, 'entitlementOf'>;
}

/**
 * The text for an answer from the ledger: the same licenses always give the same bytes, whatever later happens to
 * them, to the product file or to the request. Throws AppError `internal` for an unsafe text.
 */
export async function writeMessage(
  licenses: readonly [AnsweredLicense, ...AnsweredLicense[]],
  order: Pick<Order, 'order' | 'mode'>,
  customer: Customer,
  { templates, minter }: ReplySources,
): Promise<string> {
  const { answer, id } = licenses[0];
  const template = await templates.get(answer.message);
  const codes = licenses.map((license) => license.answer.code);
  const values = {
    codes,
    license: {
      ...minter.entitlementOf(answer.code),
      ...(await templates.addressesOf(template.message, id, answer.at)),
    },
    order: { id: order.order, quantity: answer.quantity, test: order.mode === 'test' },
  };
  const reason = answer.revision > 0 ? ('renewed' as const) : ('sold' as const);
  return writeText(template, { ...values, customer, reason });
}

/** The text with its codes, proved; without codes: a word about a license that has none. Throws AppError `internal`. */
export function writeText(template: MessageTemplate, values: MessageValues): string {
  const { codes } = values;
  const named = template.renderProven(values);
  const text =
    named.holdsOnlyCodes || !holdsMore(named.text, codes)
      ? named.text
      : fewerCodes(named.text, template.render({ ...values, customer: NOBODY }));
  if (codes.length > 0) assertSafeReply(text, codes);
  else assertSafeNotice(text);
  return text;
}

const NOBODY: Customer = { name: undefined, email: undefined };

/**
 * Whether a reader of the whole mail would find one more code: the customer's name looks like a code, or the check digits
 * of a name and the words beside it match by chance.
 */
function holdsMore(reply: string, codes: readonly string[]): boolean {
  return findCodes(reply).length > codes.length;
}

/** The nameless text only if it holds fewer codes: the product's own words may match by chance, too. */
function fewerCodes(named: string, nameless: string): string {
  return findCodes(nameless).length < findCodes(named).length ? nameless : named;
}
