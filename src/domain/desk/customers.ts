/** Corrects or erases a customer's data; the licenses stay. */

import { ADDRESS_NOTES, addressNote } from '../announcements/corrected.ts';
import type { FactBody } from '../facts/fact.ts';
import type { Ledger } from '../ledger.ts';
import type { Customer, OrderName } from '../values/order.ts';
import { orderSubject } from '../values/order-subject.ts';
import { type Desk, decisionTime, type Grounds, isOfOrder, operatorFact } from './operator.ts';

export type Corrected =
  | { readonly outcome: 'corrected'; readonly licenses: number }
  /** The data is already as requested. */
  | { readonly outcome: 'unchanged' }
  /** The order has no license yet, and a customer is kept with a license: nothing was corrected. */
  | { readonly outcome: 'no license' }
  /** The customer of all its licenses was erased: the data does not come back. */
  | { readonly outcome: 'erased' }
  /** The ledger has no such order. */
  | { readonly outcome: 'unknown' };

/** The history notes that name or address was corrected, but neither the old nor the new value. */
export async function correctCustomer(
  { ledger }: Pick<Desk, 'ledger'>,
  name: OrderName,
  customer: Partial<Customer>,
  grounds: Grounds,
  now: number,
): Promise<Corrected> {
  const shown = await ledger.showOrder(name.order);
  const licenses = shown.licenses.filter((license) => isOfOrder(license, name));
  if (licenses.length === 0)
    return { outcome: shown.owed.some((line) => isOfOrder(line, name)) ? 'no license' : 'unknown' };
  const isKnown = licenses.every((license) => isSame({ ...license.customer, ...customer }, license.customer));
  if (isKnown) return { outcome: 'unchanged' };
  const act = `correct ${[customer.name !== undefined && 'name', customer.email !== undefined && 'address'].filter(Boolean).join(' and ')} of the customer`;
  const at = await decisionTime(ledger, name, now);
  const note: FactBody =
    customer.email === undefined
      ? { kind: 'noted', note: 'the customer’s name was corrected' }
      : addressNote(ADDRESS_NOTES.corrected);
  const fact = operatorFact(name, orderSubject(name.order), note, { act, at, grounds });
  const corrected = await ledger.correctCustomer(name, customer, fact);
  return corrected === 0 ? { outcome: 'erased' } : { outcome: 'corrected', licenses: corrected };
}

function isSame(a: Customer, b: Customer): boolean {
  return a.name === b.name && a.email === b.email;
}

export type Erased =
  | ({ readonly outcome: 'erased' } & Awaited<ReturnType<Ledger['eraseCustomer']>>)
  /** The ledger has no data of this customer. Not `clean`: what was erased before may still be in its files. */
  | { readonly outcome: 'unknown'; readonly clean: boolean };

export async function eraseCustomer(
  { ledger }: Pick<Desk, 'ledger'>,
  who: { readonly email: string } | OrderName,
): Promise<Erased> {
  const erased = await ledger.eraseCustomer(who);
  return erased.licenses === 0 && erased.events === 0
    ? { outcome: 'unknown', clean: erased.clean }
    : { outcome: 'erased', ...erased };
}
