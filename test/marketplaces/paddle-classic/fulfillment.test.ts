import test, { type ExecutionContext } from 'ava';
import type { Product } from '../../../src/domain/values/product.ts';
import { AppError, type ErrorCode } from '../../../src/errors.ts';
import type { Caller } from '../../../src/marketplaces/marketplace.ts';
import { readOrder } from '../../../src/marketplaces/paddle-classic/requests.ts';
import { productOf } from '../../kit/alerts.ts';
import { NOW, SALE } from '../../kit/sale.ts';

const PRODUCT = productOf('app', 'name: App\nterm: P1Y\nmarketplaces: { paddle-classic: {} }');
const DAY = 86_400_000;

test('an order is read from its fields', (t) => {
  t.deepEqual(read(), {
    marketplace: 'paddle-classic',
    mode: 'live',
    order: '573252',
    product: 'app',
    line: '',
    quantity: 1,
    soldAt: Date.UTC(2026, 10, 20, 11, 59, 58),
    customer: { name: 'Grace Hopper', email: 'grace@example.com' },
  });
});

test('only the live key makes an order live', (t) => {
  t.is(read({}, 'live').mode, 'live');
  t.is(read({}, 'sandbox').mode, 'test');
  t.is(read({}, 'simulator').mode, 'test');
});

test('the test button’s addresses make an order test, under whatever name the seller sends them', (t) => {
  for (const address of [
    'blackhole+0123456789abc@paddle.com',
    'ff00@blackhole.io',
    'BLACKHOLE+AB@PADDLE.COM',
  ]) {
    t.is(read({ email: address }).mode, 'test', address);
    t.is(read({ kunde_mail: address }).mode, 'test', address);
  }
  for (const address of [
    'ada@paddle.com',
    'blackhole@paddle.com',
    'blackhole+0123@paddle.com.evil.example',
    'x@blackhole.io',
    'ada+ff00@blackhole.io',
  ]) {
    t.is(read({ email: address }).mode, 'live', address);
  }
});

const TEST_CALL: Changes = {
  passthrough: 'Example passthrough',
  p_used_price_override: '1',
  email: undefined,
  name: 'Test User',
};

test('fault 10: without any address, the test button’s passthrough and price override together make a test', (t) => {
  t.is(read(TEST_CALL).mode, 'test');
  t.is(read({ ...TEST_CALL, name: undefined }).mode, 'test');
});

test('fault 10: one sign alone, or both beside a real address, is a live sale', (t) => {
  t.is(read({ ...TEST_CALL, passthrough: 'cart-7' }).mode, 'live');
  t.is(read({ ...TEST_CALL, passthrough: undefined }).mode, 'live');
  for (const p_used_price_override of ['0', '', undefined]) {
    t.is(read({ ...TEST_CALL, p_used_price_override }).mode, 'live');
  }
  t.is(read({ ...TEST_CALL, email: 'grace@example.com' }).mode, 'live');
  t.is(read({ ...TEST_CALL, kunde_mail: 'grace@example.com' }).mode, 'live');
});

test('the order id is text: leading zeros and subscription orders stay as they are', (t) => {
  for (const order of ['007', '621267-5045403', 'x'.repeat(100), '1e3'])
    t.is(read({ p_order_id: order }).order, order);
});

test('the deprecated field quantity is ignored', (t) => {
  t.is(read({ p_quantity: '2', quantity: '9' }).quantity, 2);
});

for (const quantity of [
  '',
  '0',
  '00',
  '01',
  '1001',
  '9999',
  '10000',
  '1.5',
  '-1',
  '+1',
  '1e2',
  ' 1',
  '1 ',
  '1\n',
  '0x1',
  '１',
  'NaN',
]) {
  test(`p_quantity ${JSON.stringify(quantity)} is malformed`, (t) => {
    refused(
      t,
      { p_quantity: quantity },
      'malformed_request',
      /^p_quantity must be a whole number from 1 to 1000\.$/,
    );
  });
}

test('a missing field is named', (t) => {
  refused(t, { p_order_id: undefined }, 'malformed_request', /^p_order_id is missing\.$/);
  refused(t, { p_quantity: undefined }, 'malformed_request', /^p_quantity is missing\.$/);
});

test('a product file with Paddle’s products accepts only their sales', (t) => {
  const bound = productOf(
    'app',
    'name: App\nterm: P1Y\nmarketplaces: { paddle-classic: { product: ["47023", "47025"] } }',
  );
  for (const id of ['47023', '47025']) t.is(read({ p_product_id: id }, 'live', bound).product, 'app');
  for (const id of ['47024', '047023', '47023,47025']) {
    const error = t.throws(() => read({ p_product_id: id }, 'live', bound), { instanceOf: AppError });
    t.is(error?.code, 'wrong_product');
  }
});

test('fault 4: a custom pay link sends no product id, an empty one or NULL, and each is accepted', (t) => {
  const bound = productOf(
    'app',
    'name: App\nterm: P1Y\nmarketplaces: { paddle-classic: { product: "47023" } }',
  );
  for (const id of ['', undefined, 'NULL', 'null'])
    t.is(read({ p_product_id: id }, 'live', bound).product, 'app');
});

test('fault 6: where one license carries all seats, the limit is what a code can hold', (t) => {
  const team = (seats: number) =>
    productOf(
      'team',
      `name: Team\nterm: perpetual\nquantity: seats\nseats: ${seats}\nmarketplaces: { paddle-classic: {} }`,
    );
  t.is(read({ p_quantity: '65535' }, 'live', team(1)).quantity, 65_535);
  t.is(read({ p_quantity: '13107' }, 'live', team(5)).quantity, 13_107);
  t.is(read({ p_quantity: '65535' }, 'live', team(0)).quantity, 65_535);
  for (const [quantity, seats, most] of [
    ['65536', 1, 65_535],
    ['13108', 5, 13_107],
    ['99999', 0, 65_535],
  ] as const) {
    const error = t.throws(() => read({ p_quantity: quantity }, 'live', team(seats)), {
      instanceOf: AppError,
    });
    t.is(error?.message, `p_quantity must be a whole number from 1 to ${most}.`);
  }
});

test('event_time is UTC; where it is missing, unreadable or over a day ahead, the sale is now', (t) => {
  t.is(read({ event_time: '2016-02-29 23:59:59' }).soldAt, Date.UTC(2016, 1, 29, 23, 59, 59));
  const ahead = new Date(NOW + DAY).toISOString().slice(0, 19).replace('T', ' ');
  t.is(read({ event_time: ahead }).soldAt, NOW + DAY);
  for (const time of [
    undefined,
    '',
    'yesterday',
    '2026-11-20',
    '2026-11-20T11:59:58Z',
    '2026-13-01 00:00:00',
    '2026-11-22 12:00:01',
    '9999-12-31 23:59:59',
    '0000-01-01 00:00:00',
    '2026-11-20 25:00:00',
  ]) {
    t.is(read({ event_time: time }).soldAt, NOW, String(time));
  }
});

test('the first of the seller’s fields that is sent and not empty has the customer', (t) => {
  t.deepEqual(
    read({ email: '  ', p_customer_email: ' a@b.example ', name: undefined, p_customer_name: 'B' }).customer,
    {
      email: 'a@b.example',
      name: 'B',
    },
  );
  t.deepEqual(read({ email: undefined, name: '' }).customer, { email: undefined, name: undefined });
});

test('too long a name is truncated between visible characters', (t) => {
  t.is(read({ name: '😀'.repeat(300) }).customer.name, '😀'.repeat(200));
  const accented = 'e\u0301';
  t.is(read({ name: `x${accented.repeat(150)}` }).customer.name, `x${accented.repeat(99)}`);
  t.is(read({ name: '👩‍🚀'.repeat(300) }).customer.name, '👩‍🚀'.repeat(66));
});

test('fault 8: the time of a sale is Paddle’s time, however old; the domain bounds the term', (t) => {
  t.is(read({ event_time: '2024-11-05 10:00:00' }).soldAt, Date.UTC(2024, 10, 5, 10));
});

type Changes = Readonly<Record<string, string | undefined>>;

function read(changes: Changes = {}, caller: Caller = 'live', of: Product = PRODUCT) {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries({ ...SALE, ...changes })) {
    if (value !== undefined) fields.set(name, value);
  }
  return readOrder(fields, of, caller, NOW);
}

function refused(t: ExecutionContext, changes: Changes, code: ErrorCode, message: RegExp): void {
  const error = t.throws(() => read(changes), { instanceOf: AppError });
  t.is(error?.code, code);
  t.regex(error?.message ?? '', message);
}
