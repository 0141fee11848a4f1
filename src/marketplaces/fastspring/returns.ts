/** `return.created`: a refund for one charge. The domain adds up the refunds of a charge. */

import type { RepaidLine } from '../../domain/facts/repaid-line.ts';
import { subscriptionSubject } from '../../domain/values/order-subject.ts';
import { amountOf, type Loose, listOf, numberOf, recordOf, textOf } from '../loose.ts';
import { noted } from '../noted.ts';
import { aliasFacts, chargeSubject, orderKey, orderNames } from './order-names.ts';
import { idOf, pathOf } from './references.ts';
import { amountText, type Reading, type Told } from './told.ts';

/** The return does not end the subscriptions that it names, and their other periods stay paid (12). */
export function returnFacts({ data }: Reading): Told[] {
  const original = recordOf(data['original']);
  const names = orderNames(original);
  const subject = chargeSubject(names);
  if (subject === undefined) return [];
  const id = textOf(data['return']) ?? textOf(data['id']) ?? textOf(data['reference']) ?? '';
  const amount = amountOf(data['totalReturn']);
  const currency = textOf(data['currency']) ?? textOf(original['currency']);
  const total = amountOf(original['total']);
  const lines = listOf(data['items']).flatMap(readLine);
  const type = textOf(data['type'])?.toUpperCase();
  const facts: Told[] = [
    ...aliasFacts(names),
    {
      subject,
      key: `return:${id}`,
      body: {
        kind: 'repaid',
        amount: amount ?? null,
        currency: currency ?? null,
        ...(total !== undefined && { total }),
        ...(isTaxOnly(data) && { tax: true }),
        ...(lines.length > 0 && { lines }),
      },
    },
    ...payersOf(data, original).map((of): Told => {
      const key = `returned:${orderKey(names)}:${of}`;
      return { subject, key, body: { kind: 'alias', of: subscriptionSubject(of), unsold: true } };
    }),
  ];
  if (type === undefined || type === 'RETURN') return facts;
  const note = `a return of type ${type} of ${amountText(amount, currency)}: FastSpring does not document the type, so the amount decided`;
  return [...facts, { subject, key: `return-type:${id}`, body: noted(note, 'unclear') }];
}

/** The subscriptions that the return names: its order is a charge of them, unless it is their sale. */
function payersOf(data: Loose, original: Loose): readonly string[] {
  const { subscriptions } = original;
  const told: readonly unknown[] = Array.isArray(subscriptions) ? subscriptions : [];
  const named = [...told, ...listOf(data['items']).map(({ subscription }) => subscription)];
  return [...new Set(named.flatMap((each) => idOf(each, 'subscription') ?? []))];
}

function isTaxOnly(data: Loose): boolean {
  return amountOf(data['subtotal']) === 0 && (amountOf(data['tax']) ?? 0) > 0;
}

function readLine(item: Loose): RepaidLine[] {
  const line = pathOf(item['product'])?.toLowerCase();
  if (line === undefined) return [];
  const subscription = idOf(item['subscription'], 'subscription');
  const quantity = Math.trunc(numberOf(item['quantity']) ?? 0);
  return [
    {
      line,
      amount: amountOf(item['subtotal']) ?? null,
      quantity: Math.max(quantity, 0),
      full: /^full\b/i.test(textOf(item['refundType']) ?? ''),
      ...(subscription !== undefined && { subscription }),
    },
  ];
}
