import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { makeMissing } from '../../src/keyring/bootstrap.ts';
import { twinProducts } from '../../verifiers/vectors/cases/twin-products.ts';
import { type Cli, cliOf } from '../kit/cli.ts';
import { productFile } from '../kit/products.ts';
import { codesIn } from '../kit/sale.ts';
import { type Home, makeHome } from '../kit/service.ts';

test('a valid code is shown with what it says, and the exit status is 0', async (t) => {
  const { cli, live } = await prepared(t);
  const { status, out, err } = await cli(['read', live, '--product', 'app']);
  t.is(status, 0);
  t.is(err, '');
  t.regex(
    out,
    /^valid: licensed\n {2}license {2}[0-9a-f-]{36}, revision 0\n {2}product {2}app\n {2}valid {4}from 2026-11-20 to 2027-11-20\n/,
  );
});

test('any verdict but valid is exit status 1, with the explanation on standard output', async (t) => {
  const { cli, live, testCode } = await prepared(t);
  for (const [words, verdict] of [
    [[live, '--product', 'other'], 'wrong-product'],
    [['ABC261126-1234-56789', '--product', 'app'], 'no-code'],
    [[live.slice(0, -2), '--product', 'app'], 'too-short'],
    [[`${live}00`, '--product', 'app'], 'too-long'],
    [[twoWrong(live), '--product', 'app'], 'mistyped'],
    [['', '--product', 'app'], 'empty'],
    [[live, '--product', 'app', '--today', '2028-01-01'], 'expired'],
    [[live, '--product', 'app', '--today', '2026-11-01'], 'not-yet-valid'],
    [[testCode, '--product', 'app', '--live-only'], 'test-code'],
  ] as const) {
    const said = await cli(['read', ...words]);
    t.is(said.status, 1, verdict);
    t.true(said.out.startsWith(`${verdict}: `), said.out);
    t.is(said.err, '');
  }
  t.is((await cli(['read', testCode, '--product', 'app'])).status, 0);
});

test('--json prints verdict, explanation and license; the license is null where none was read', async (t) => {
  const { cli, live } = await prepared(t);
  const valid = JSON.parse((await cli(['read', live, '--product', 'app', '--json'])).out);
  t.deepEqual(Object.keys(valid), ['verdict', 'explanation', 'license', 'code', 'keep']);
  t.like(valid, { verdict: 'valid', explanation: 'licensed' });
  t.like(valid.license, {
    product: 'app',
    test: false,
    issued: '2026-11-20',
    lastValid: '2027-11-20',
    seats: 1,
  });
  const said = await cli(['read', 'x', '--product', 'app', '--json']);
  t.is(said.status, 1);
  t.deepEqual(JSON.parse(said.out).license, null);
});

test('- reads a whole e-mail from standard input and finds the best code in it', async (t) => {
  const { cli, live, mail } = await prepared(t);
  t.is((await cli(['read', '-', '--product', 'app'], { stdin: mail })).status, 0);
  const quoted = `Grüße 😀,\n${mail.replaceAll(/^/gm, '> ')}\n`;
  t.is((await cli(['read', '-', '--product', 'app'], { stdin: quoted })).status, 0);
  const wrapped = `code:\n\n${live.match(/.{40}/g)?.join('\n')}\n`;
  t.is((await cli(['read', '-', '--product', 'app'], { stdin: wrapped })).status, 0);
  const none = await cli(['read', '-', '--product', 'app'], { stdin: 'no code in here' });
  t.is(none.status, 1);
  const empty = await cli(['read', '-', '--product', 'app'], { stdin: '' });
  t.regex(empty.out, /^empty: /);
});

test('of several codes of one license in an e-mail the newest is read, wherever it stands', async (t) => {
  const { cli, live } = await prepared(t);
  const renewed = (await cli(['license', 'renew', live, '--until', '2030-01-31', '--reason', 'paid'])).out;
  const newer = codesIn(renewed).find((code) => code !== live) ?? '';
  for (const mail of [`${newer}\n\n> ${live}\n`, `> ${live}\n\n${newer}\n`]) {
    const { out } = await cli(['read', '-', '--product', 'app'], { stdin: `Hello,\n\n${mail}` });
    t.regex(
      out,
      /^valid: .*\n.*, revision 1\n {2}product {2}app\n {2}valid {4}from 2026-11-20 to 2030-01-31\n/,
    );
  }
});

test('standard input over 8 MiB is refused', async (t) => {
  const { cli } = await prepared(t);
  const said = await cli(['read', '-', '--product', 'app'], { stdin: ' '.repeat(8 * 1024 * 1024 + 1) });
  t.is(said.status, 1);
  t.regex(said.err, /larger than 8 MiB/);
});

test('fault 61: without --product a code is read as the product that it is of, whichever that is', async (t) => {
  const { home, cli, live } = await prepared(t);
  const team = (await cli(['issue', 'team', '--order', '3'])).out;
  for (const [code, product] of [
    [live, 'app'],
    [codesIn(team)[0] ?? '', 'team'],
  ] as const) {
    const { status, out } = await cli(['read', code]);
    t.is(status, 0);
    t.regex(out, new RegExp(`^valid: .*\\n.*\\n {2}product {2}${product}\\n`));
    const inMail = await cli(['read', '-'], { stdin: `Hello,\n\n> ${code}\n` });
    t.is(inMail.out, out);
  }
  for (const [words, verdict] of [
    [[live, '--today', '2028-01-01'], 'expired'],
    [[live.slice(0, -2)], 'too-short'],
    [[''], 'empty'],
  ] as const) {
    const said = await cli(['read', ...words]);
    t.is(said.status, 1);
    t.true(said.out.startsWith(`${verdict}: `), said.out);
  }
  rmSync(join(home.config.productsDir, 'app.md'));
  t.regex((await cli(['read', live])).out, /^wrong-product: /);
  rmSync(home.config.productsDir, { recursive: true });
  t.regex((await cli(['read', live])).err, /the folder cannot be read/);
  mkdirSync(home.config.productsDir);
  t.regex((await cli(['read', live])).err, /There is no product file in .*--product/);
});

test('of two products with the same tag, the product that the code was signed for is found', async (t) => {
  const { home, cli } = await prepared(t);
  const twins = twinProducts();
  home.putProducts(Object.fromEntries(twins.map((id) => [id, productFile('name: X\nterm: P1Y')])));
  for (const [product, other] of [twins, twins.toReversed()]) {
    const [code = ''] = codesIn((await cli(['issue', product!, '--order', product!])).out);
    t.regex((await cli(['read', code])).out, new RegExp(`^valid: .*\\n.*\\n {2}product {2}${product}\\n`));
    t.regex((await cli(['read', code, '--product', other!])).out, /^forged: /);
  }
});

test('with --product read needs keyring.json alone: no private key, product, ledger', async (t) => {
  const { home, cli, live } = await prepared(t);
  for (const file of readdirSync(home.config.keysDir)) {
    if (file !== 'keyring.json') rmSync(join(home.config.keysDir, file));
  }
  rmSync(home.config.dataDir, { recursive: true });
  t.is((await cli(['read', live, '--product', 'app'])).status, 0);
  rmSync(home.config.keysDir, { recursive: true });
  mkdirSync(home.config.keysDir);
  const said = await cli(['read', live, '--product', 'app']);
  t.is(said.status, 1);
  t.regex(said.err, /There are no keys in .*keyring\.json: npm start makes a test key/);
});

test('a day or product that is none is refused with what to write, never as a fault of Mintmark’s', async (t) => {
  const { cli, live } = await prepared(t);
  for (const [words, message] of [
    [['--product', 'app', '--today', '2026-02-30'], /Write a day of the calendar as YYYY-MM-DD/],
    [['--product', 'app', '--build-date', 'today'], /Write a day of the calendar as YYYY-MM-DD/],
    [['--product', ''], /--product/],
    [['--product', 'x'.repeat(65)], /--product/],
  ] as const) {
    const said = await cli(['read', live, ...words]);
    t.is(said.status, 1, words.join(' '));
    t.regex(said.err, message);
    t.notRegex(said.err, /A fault in Mintmark itself/);
  }
});

test('a slip that was undone is told, and so are codes of several licenses', async (t) => {
  const { cli, live } = await prepared(t);
  const typed = `${live.slice(0, 49)}${live[49] === '7' ? '8' : '7'}${live.slice(50)}`;
  const { status, out } = await cli(['read', typed]);
  t.is(status, 0);
  t.regex(out, new RegExp(`^valid: licensed\\n {2}repaired character 50: [78] should be ${live[49]}\\n`));
  t.regex((await cli(['read', live.slice(0, -1)])).out, /repaired . was missing before character 1[56]\d\n/);
  const more = live.endsWith('0') ? '1' : '0'; // of two equal letters the first would be told
  t.regex((await cli(['read', live + more])).out, /repaired character 161, [01], was too many\n/);
  const json = JSON.parse((await cli(['read', typed, '--json'])).out);
  t.deepEqual(json.repaired, { kind: 'substitution', position: 50, was: typed[49], is: live[49] });
  const [second = ''] = codesIn((await cli(['issue', 'app', '--order', '9'])).out);
  const both = await cli(['read', '-'], { stdin: `${live}\n${second}` });
  t.is(both.status, 1);
  t.regex(both.out, new RegExp(`^several: .*\\n${live}\\n {2}valid: licensed\\n`));
  t.true(both.out.includes(second));
});

test('issue --out writes a file for each license, which is read like any other text', async (t) => {
  const { home, cli } = await prepared(t);
  const folder = join(home.config.dataDir, 'files');
  const words = ['issue', 'app', '--order', '12-2026', '--quantity', '2', '--out', folder];
  const codes = codesIn((await cli(words)).out);
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  t.is(files.length, 2);
  for (const file of files) {
    t.regex(file, /^# License for app, order 12-2026\n# Open this file .*\n[0-9A-Z]{160}\n$/);
    t.is((await cli(['read', '-'], { stdin: file })).status, 0);
  }
  t.deepEqual(files.map((file) => file.split('\n')[2]).sort(), codes.toSorted());
  await cli(words);
  t.is(readdirSync(folder).length, 2, 'the same order again gives the same files');
});

/** More than a reader undoes. */
function twoWrong(code: string): string {
  const change = (letter?: string) => (letter === '7' ? '8' : '7');
  return `${code.slice(0, 60)}${change(code[60])}${code.slice(61, 90)}${change(code[90])}${code.slice(91)}`;
}

async function prepared(
  t: ExecutionContext,
): Promise<{ home: Home; cli: Cli; live: string; testCode: string; mail: string }> {
  const home = makeHome(t);
  await makeMissing(home.config.keysDir, { today: '2026-11-20', simulator: false, ledgerExists: false });
  const cli = cliOf(home);
  const mail = (await cli(['issue', 'app', '--order', '1'])).out;
  const [live = ''] = codesIn(mail);
  const [testCode = ''] = codesIn((await cli(['issue', 'app', '--order', '2', '--mode', 'test'])).out);
  return { home, cli, live, testCode, mail };
}
