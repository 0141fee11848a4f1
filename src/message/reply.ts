/** The product's text for an answer, in Markdown: the mail to the customer. */
import type { AnsweredLicense } from '../domain/fulfill.ts';
import type { Minter } from '../domain/minter.ts';
import type { Customer, Order } from '../domain/order.ts';
import { findCodes } from '../license-code/find-codes.ts';
import { assertSafeReply } from './proof.ts';
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
  const { answer } = licenses[0];
  const template = await templates.get(answer.message);
  const codes = licenses.map((license) => license.answer.code);
  const values = {
    codes,
    license: minter.entitlementOf(answer.code),
    order: { id: order.order, quantity: answer.quantity, test: order.mode === 'test' },
  };
  const named = template.render({ ...values, customer });
  const reply = isMistakable(named, codes, customer)
    ? template.render({ ...values, customer: NOBODY })
    : named;
  assertSafeReply(reply, codes);
  return reply;
}

const NOBODY: Customer = { name: undefined, email: undefined };

/** A name or address with this many characters, with the words beside it, could look like a code of 160. */
const LONG = 32;

/** Whether a reader of the whole mail would find one more code because of the customer's name or address. */
function isMistakable(reply: string, codes: readonly string[], { name = '', email = '' }: Customer): boolean {
  return (name.length >= LONG || email.length >= LONG) && findCodes(reply).length !== codes.length;
}
