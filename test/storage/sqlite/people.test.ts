/** Customers: named where nobody is named yet, and erased for good. */
import test from 'ava';
import { productOf } from '../../domain/support.ts';
import { dump, eventOf, factOf, openWithMessage, SOLD_AT } from '../support.ts';

const PRODUCTS = [productOf()];
const ADA = { name: 'Ada Byron', email: 'ada@example.com' };
const sold = factOf(
  'order:R1',
  { kind: 'sold', product: 'app', quantity: 1, subscription: 'S1' },
  { at: SOLD_AT },
);
const people = (customer = ADA) => ({ people: [{ subject: 'order:R1' as const, customer }] });
const more = factOf('subscription:S1', { kind: 'resized', product: 'app', quantity: 3 });

test('a customer is filled in where none is known, and never written over', async (t) => {
  const { ledger } = await openWithMessage(t, { products: PRODUCTS });
  const named = async () =>
    (await ledger.find({ by: 'order', order: 'R1' })).map(({ customer }) => customer.name);
  await ledger.ingest(eventOf('e1', [sold]));
  t.deepEqual(await named(), [undefined]);
  await ledger.ingest(eventOf('e2', [sold], people()));
  t.deepEqual(await named(), ['Ada Byron']);
  await ledger.ingest(eventOf('e3', [sold], people({ name: 'Eve', email: 'eve@example.com' })));
  t.deepEqual(await named(), ['Ada Byron']);
});

test('units that come later are of the same customer', async (t) => {
  const { ledger, connection } = await openWithMessage(t, { products: PRODUCTS });
  await ledger.ingest(eventOf('e1', [sold], people()));
  await ledger.ingest(eventOf('e2', [more]));
  t.is((await ledger.find({ by: 'email', email: ADA.email })).length, 3);
  t.is(dump(connection)['customer']?.length, 1);
});

test('one who was erased stays erased, whatever is told again and whichever units come later', async (t) => {
  const { ledger, connection } = await openWithMessage(t, { products: PRODUCTS });
  const event = eventOf('e1', [sold], { ...people(), payload: '{"email":"ada@example.com"}' });
  await ledger.ingest(event);
  t.deepEqual(await ledger.eraseCustomer('Ada@Example.com'), { licenses: 1, events: 1 });
  await ledger.ingest(event);
  await ledger.ingest(eventOf('e2', [sold], people()));
  await ledger.ingest(eventOf('e3', [more]));
  await ledger.ingest(eventOf('e4', [sold], people()));
  t.is((await ledger.find({ by: 'order', order: 'R1' })).length, 3);
  t.notRegex(JSON.stringify(dump(connection)), /ada byron|ada@/i);
});
