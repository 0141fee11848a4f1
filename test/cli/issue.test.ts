import { readdirSync, rmSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { makeMissing } from '../../src/keyring/bootstrap.ts';
import { type Cli, cliOf } from '../kit/cli.ts';
import { productFile } from '../kit/products.ts';
import { rows } from '../kit/rows.ts';
import { codesIn, signed } from '../kit/sale.ts';
import { post } from '../kit/send-sale.ts';
import { type Home, makeHome, startHome } from '../kit/service.ts';

test('issue prints the customer’s text to standard output alone, and its code is valid', async (t) => {
  const { home, cli } = await prepared(t);
  const { status, out, err } = await cli(['issue', 'app', '--order', 'invoice-17', '--name', 'Ada <b>']);
  t.is(status, 0);
  t.is(err, 'Issued (mode live). Send this to the customer:\n\n');
  t.regex(out, /^Hello Ada &lt;b&gt;, this is order invoice-17 of 1\./);
  t.is(home.reader('app', { liveOnly: true }).read(codesIn(out)[0]).verdict, 'valid');
});

test('the same order again prints the same text, and says so; another quantity is refused and changes nothing', async (t) => {
  const { home, cli } = await prepared(t);
  const first = await cli(['issue', 'app', '--order', '1', '--quantity', '2']);
  home.clock.now += 400 * 86_400_000;
  const again = await cli(['issue', 'app', '--order', '1', '--quantity', '2', '--name', 'Other']);
  t.is(again.out, first.out);
  t.is(again.err, 'Already issued, unchanged (mode live):\n\n');
  const before = rows(home);
  const refused = await cli(['issue', 'app', '--order', '1', '--quantity', '3']);
  t.is(refused.status, 1);
  t.is(refused.out, '');
  t.is(refused.err, 'Order 1 has quantity 2 in the ledger; nothing was changed.\n');
  t.deepEqual(rows(home), before);
});

test('the same order again has no code of a license that was revoked; where all were, it is refused', async (t) => {
  const { cli } = await prepared(t);
  const words = ['issue', 'app', '--order', '1', '--quantity', '2', '--json'];
  const [first, second] = JSON.parse((await cli(words)).out).licenses;
  await cli(['license', 'revoke', first.id, '--reason', 'x']);
  const again = JSON.parse((await cli(words)).out);
  t.deepEqual(again.licenses, [second]);
  t.deepEqual(codesIn(again.text), [second.code]);
  await cli(['license', 'revoke', second.id, '--reason', 'x']);
  const refused = await cli(words);
  t.deepEqual(refused, { status: 1, out: '', err: 'The licenses of order 1 were revoked.\n' });
  await cli(['license', 'reinstate', first.id, '--reason', 'x']);
  t.deepEqual(JSON.parse((await cli(words)).out).licenses, [first]);
});

test('commands that issue the same order at once print the same text', async (t) => {
  const { home, cli } = await prepared(t);
  const said = await Promise.all(Array.from({ length: 5 }, () => cli(['issue', 'app', '--order', '1'])));
  t.is(new Set(said.map(({ out }) => out)).size, 1);
  t.is(rows(home).license, 1);
});

test('--json prints outcome, mode, order, licenses and text on one line', async (t) => {
  const { cli } = await prepared(t);
  const { out, err } = await cli(['issue', 'app', '--order', '1', '--quantity', '2', '--json']);
  t.is(err, '');
  t.is(out.split('\n').length, 2);
  const { text, licenses, ...rest } = JSON.parse(out);
  t.deepEqual(rest, { outcome: 'issued', mode: 'live', order: '1' });
  t.deepEqual(
    codesIn(text),
    licenses.map(({ code }: { code: string }) => code),
  );
  t.like(licenses[1], { unit: 1, revision: 0 });
  t.regex(licenses[0].id, /^[0-9a-f]{8}-[0-9a-f]{4}-/);
  const again = JSON.parse((await cli(['issue', 'app', '--order', '1', '--quantity', '2', '--json'])).out);
  t.deepEqual(again, { outcome: 'repeated', mode: 'live', order: '1', licenses, text });
});

test('all units come at once even of a product with separate multibuy, and one code of a product with seats', async (t) => {
  const { cli } = await prepared(t);
  const single = await cli(['issue', 'single', '--order', '1', '--quantity', '3']);
  t.is(codesIn(single.out).length, 3);
  t.is((await cli(['issue', 'single', '--order', '1', '--quantity', '3'])).out, single.out);
  t.is(codesIn((await cli(['issue', 'team', '--order', '1', '--quantity', '3'])).out).length, 1);
});

test('a product needs no marketplace, and a sale of the seller’s own has none', async (t) => {
  const { home, cli } = await prepared(t);
  t.is((await cli(['issue', 'elsewhere', '--order', '1'])).status, 0);
  const own = await cli(['issue', 'app', '--order', '573252']);
  const { url } = await startHome(t, home);
  const sold = await post(url, signed());
  t.not(codesIn(sold.text)[0], codesIn(own.out)[0]);
});

test('without a live key the mode is test; --mode live then says how to make one; --mode test is always test', async (t) => {
  const { home, cli } = await prepared(t);
  const [testCode] = codesIn((await cli(['issue', 'app', '--order', '1', '--mode', 'test'])).out);
  t.is(home.reader('app', { liveOnly: true }).read(testCode).verdict, 'test-code');

  const bare = makeHome(t, { env: { PADDLE_CLASSIC_PUBLIC_KEY: undefined } });
  for (const file of readdirSync(bare.config.keysDir)) rmSync(`${bare.config.keysDir}/${file}`);
  await makeKeys(bare);
  const inTest = await cliOf(bare)(['issue', 'app', '--order', '1']);
  t.is(inTest.err, 'Issued (mode test). Send this to the customer:\n\n');
  const refused = await cliOf(bare)(['issue', 'app', '--order', '2', '--mode', 'live']);
  t.is(refused.status, 1);
  t.regex(refused.err, /There is no active live signing key: make one with .*keys new --mode live/);
});

test('an invalid order is refused with the correction, and issues nothing', async (t) => {
  const { home, cli } = await prepared(t);
  for (const [words, message] of [
    [['app'], /required option '--order <id>' not specified/],
    [['app', '--order', ''], /--order: 1 to 100 printable/],
    [['app', '--order', 'a b'], /--order: 1 to 100 printable/],
    [['app', '--order', 'x'.repeat(101)], /--order: 1 to 100 printable/],
    [['app', '--order', '1', '--quantity', '0'], /Write a whole number from 1 to 1000/],
    [['app', '--order', '1', '--quantity', '1001'], /Write a whole number/],
    [['app', '--order', '1', '--quantity', '1.5'], /Write a whole number/],
    [['app', '--order', '1', '--mode', 'Live'], /Allowed choices are live, test/],
    [['none', '--order', '1'], /There is no product none\. There are: app, bound/],
  ] as const) {
    const said = await cli(['issue', ...words]);
    t.is(said.status, 1, words.join(' '));
    t.regex(said.err, message);
    t.is(said.out, '');
  }
  t.is(rows(home).license, 0);
});

test('a product file with a fault stops the command before anything is issued', async (t) => {
  const { home, cli } = await prepared(t);
  home.putProducts({ app: productFile('name: App\nterm: long') });
  const said = await cli(['issue', 'app', '--order', '1']);
  t.is(said.status, 1);
  t.regex(said.err, /app\.md:3: term/);
});

async function makeKeys({ config }: Home): Promise<void> {
  await makeMissing(config.keysDir, { today: '2026-11-20', simulator: false, ledgerExists: false });
}

async function prepared(t: ExecutionContext): Promise<{ home: Home; cli: Cli }> {
  const home = makeHome(t);
  await makeKeys(home);
  return { home, cli: cliOf(home) };
}
