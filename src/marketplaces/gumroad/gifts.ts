/** Gifts: two sales, the giver's, which is paid and listed, and the receiver's, whose license it is. */
import type { Subject } from '../../domain/facts/fact.ts';
import { awaitedSale } from '../../domain/sales/awaited-lines.ts';
import { orderSubject } from '../../domain/values/order-subject.ts';
import { noted } from '../noted.ts';
import type { Told } from '../told.ts';
import { moneyFacts } from './money.ts';
import type { Reading } from './told.ts';

const REMEDY =
  'It is a gift, and its receiver was not told here: issue the license by `license issue`, to the receiver whom Gumroad shows.';

const DAY_MILLISECONDS = 86_400_000;

/** The giver gets nothing. The license is the receiver's: until that sale is told, it is awaited. */
export function giverFacts(reading: Reading): Told[] {
  const { id, soldAt: at } = reading;
  const awaited = { subject: orderSubject(id), key: awaitedKey(id), body: awaitedSale(REMEDY), at };
  return [awaited, ...moneyFacts(reading, giverSubject(id))];
}

/** Another name of the receiver's order, and never that of its licenses: refunds and disputes name the giver's sale. */
function giverSubject(giver: string): Subject {
  return `order-id:${giver}`;
}

function awaitedKey(giver: string): string {
  return `gift:${giver}`;
}

export function giftFacts({ id, soldAt: at }: Reading, giver: string | undefined): Told[] {
  const subject = orderSubject(id);
  if (giver === undefined) {
    const note = `a gift, and which sale paid for order ${id} is not clear: a refund or dispute of it will not be seen here`;
    return [{ subject, key: `giver:${id}`, body: noted(note, 'unclear'), at }];
  }
  const told = noted(`the sale that paid for the gift of order ${id}`);
  return [
    // Earlier than what is awaited, whose place it takes.
    { subject: orderSubject(giver), key: awaitedKey(giver), body: told, at: at - DAY_MILLISECONDS },
    { subject: giverSubject(giver), key: `gift:${giver}:${id}`, body: { kind: 'alias', of: subject }, at },
  ];
}
