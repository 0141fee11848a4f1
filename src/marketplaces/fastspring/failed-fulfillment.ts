/** `fulfillment.failed`: a paid sale whose delivery failed. FastSpring holds `order.completed` until a rerun. */
import { cut } from '../../domain/values/cut.ts';
import { textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import { aliasFacts, orderKey, orderNamesBeside, saleSubject } from './order-names.ts';
import { idOf } from './references.ts';
import type { Reading, Told } from './told.ts';
import { readWare } from './wares.ts';

/** Only `type: license` matters here. A message without a type is flagged, and states nothing about a line. */
export function failedFulfillmentFacts({ data, created, findProduct }: Reading): Told[] {
  const names = orderNamesBeside(data);
  const subject = saleSubject(names);
  if (subject === undefined) return [];
  const order = orderKey(names);
  const type = textOf(data['type'])?.toLowerCase();
  const isOurs = type === undefined || type === 'license';
  const ware = readWare({ product: data['product'], quantity: data['quantity'] }, findProduct);
  const line = ware?.line ?? 'an unnamed item';
  const reason = cut(textOf(data['reason']) ?? 'no reason told', 150);
  const note = isOurs
    ? `the license fulfillment of ${line} failed (${reason}): rerun the fulfillment in FastSpring, on the page of this order`
    : `the ${type} fulfillment of ${line} failed (${reason})`;
  const failed: Told = {
    subject,
    key: `fulfillment.failed:${order}:${line}:${created}`,
    body: isOurs ? noted(note, 'undelivered') : noted(note),
  };
  if (type !== 'license' || ware === undefined) return [...aliasFacts(names), failed];
  const subscription = idOf(data['subscription'], 'subscription');
  return [
    ...aliasFacts(names),
    {
      subject,
      // Not the key of the line in `order.completed`: of two facts with one key, the earlier would count.
      key: `failed:${order}:${ware.line}`,
      body: {
        kind: 'sold',
        product: ware.product?.id ?? null,
        quantity: ware.quantity,
        line: ware.line,
        ...(subscription !== undefined && { subscription }),
        ...(ware.features && { features: ware.features }),
        failed: true,
      },
    },
    failed,
  ];
}
