/** A customer as a marketplace states it: the only personal data that is read. */
import { LONGEST_NAME } from '../domain/values/customer-name.ts';
import { cut } from '../domain/values/cut.ts';
import type { Customer } from '../domain/values/order.ts';

const LONGEST_EMAIL = 320;

/** Too long a value is truncated: a sale matters more than the end of a name. */
export function customerOf(name: string | undefined, email: string | undefined): Customer {
  return {
    name: name === undefined ? undefined : cut(name, LONGEST_NAME),
    email: email === undefined ? undefined : cut(email, LONGEST_EMAIL),
  };
}
