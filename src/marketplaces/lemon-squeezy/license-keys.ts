/** Reads Lemon Squeezy's own license keys: they are not Mintmark's, and two keys confuse the customer. */
import { orderSubject } from '../../domain/values/order-subject.ts';
import { textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import type { Told } from '../told.ts';
import type { Reading } from './told.ts';

export function licenseKeyFacts({ attributes }: Reading): Told[] {
  const order = textOf(attributes['order_id']);
  if (order === undefined) return [];
  const note = "Lemon Squeezy made a license key of its own: switch the product's keys off there";
  // One flag for each order, whatever becomes of the keys.
  return [{ subject: orderSubject(order), key: `own-key:${order}`, body: noted(note, 'unclear') }];
}
