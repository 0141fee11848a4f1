/** The product's whole text for an answer, in Markdown: what the customer is mailed. */
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
 * The text for an answer as the ledger holds it: the same licenses give the same bytes for ever, whatever has become
 * of them, of the product file or of the request since. Throws AppError `internal` for a text that is not safe to send.
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

/** Characters of a name or an address from which on, with the words beside it, it could look like a code of 160. */
const LONG = 32;

/** Whether a program that is given the whole mail would find one code more, because somebody is called like one. */
function isMistakable(reply: string, codes: readonly string[], { name = '', email = '' }: Customer): boolean {
  return (name.length >= LONG || email.length >= LONG) && findCodes(reply).length !== codes.length;
}
