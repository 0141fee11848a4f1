import test from 'ava';
import { flagJson, flagLines } from '../../src/cli/flag-text.ts';
import { printable, shortened } from '../../src/cli/printable.ts';
import { cliOf } from '../kit/cli.ts';
import { flagOf } from '../kit/desk-ledger.ts';
import { PRODUCTS } from '../kit/products.ts';
import { makeHome, startHome } from '../kit/service.ts';

const RED = '\u001b[31mAda\u009b0m\u202e';
const OBEYED = /[^\P{Cc}\n]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

test('control characters are shown as in JSON, and other text stays', (t) => {
  t.is(printable(RED), '\\u001b[31mAda\\u009b0m\\u202e');
  t.is(printable('a\r\nb\u2028c\u007f'), 'a\\u000d\\u000ab\\u2028c\\u007f');
  t.is(printable('Zoë O’Brien, 李小龍 👩‍👩‍👧 \\u001b'), 'Zoë O’Brien, 李小龍 👩‍👩‍👧 \\u001b');
});

test('a reference of 5,000 characters is printed by its beginning and length, and whole as JSON', (t) => {
  const order = 'é'.repeat(5000);
  t.is(shortened(order, 'reference'), `${'é'.repeat(100)}… (5000 characters)`);
  t.is(shortened('é'.repeat(100), 'reference'), 'é'.repeat(100), 'the control');
  const flag = flagOf({ order, reason: `Order ${order} was not understood`, event: order });
  t.true(flagLines(flag).length < 1000, `${flagLines(flag).length}`);
  t.regex(flagLines(flag), /order é{100}… \(5000 characters\)/);
  t.is(flagJson(flag).order, order);
});

test('a name that would color the terminal is printed as text, and read back from JSON as it was', async (t) => {
  const home = makeHome(t, { products: PRODUCTS });
  const { stop } = await startHome(t, home, { products: PRODUCTS });
  await stop();
  const cli = cliOf(home);
  const sale = ['issue', 'app', '--order', '1', '--mode', 'test', '--email', 'ada@example.com'];
  t.is((await cli([...sale, '--name', RED])).status, 0);
  const { out } = await cli(['ledger', 'find', '1']);
  t.regex(out, /\\u001b\[31mAda\\u009b0m\\u202e, ada@example\.com/);
  t.notRegex(out, OBEYED);
  const exported = await cli(['customer', 'export', 'ada@example.com']);
  t.notRegex(exported.out, OBEYED);
  const { licenses } = JSON.parse(exported.out) as { licenses: { customer: { name: string } }[] };
  t.is(licenses[0]?.customer.name, RED);
});
