import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { type Cli, cliOf } from '../kit/cli.ts';
import { PRODUCTS } from '../kit/products.ts';
import { portOf } from '../kit/raw.ts';
import { codesIn } from '../kit/sale.ts';
import { type Given, type Home, makeHome, startHome } from '../kit/service.ts';

const ON: Given = { env: { SIMULATOR: 'on' } };

test('simulate sends a signed order and prints the reply: codes of mode test, that a program for customers refuses', async (t) => {
  const { home, simulate } = await prepared(t);
  const { status, out, err } = await simulate('app', '--quantity', '3');
  t.is(status, 0);
  t.regex(err, /^Order \d{9}: the service answered 200\. The customer is mailed:\n\n$/);
  t.regex(out, /^Hello Ada Byron, this is order \d{9} of 3\./);
  const codes = codesIn(out);
  t.is(codes.length, 3);
  for (const code of codes) t.is(home.reader('app', { liveOnly: true }).read(code).verdict, 'test-code');
  t.is(home.requestLines()[0]?.['mode'], 'test');
});

test('without --order each call is a new order; with it the second is a repeat, by GET too', async (t) => {
  const { simulate } = await prepared(t);
  t.not(codesIn((await simulate('app')).out)[0], codesIn((await simulate('app')).out)[0]);
  const first = await simulate('app', '--order', 'x1');
  t.is((await simulate('app', '--order', 'x1', '--name', 'Other')).out, first.out);
  t.is((await simulate('app', '--order', 'x1', '--get')).out, first.out);
});

test('name and e-mail are sent as given, and p_product_id is the product file’s', async (t) => {
  const { home, cli, simulate } = await prepared(t);
  t.regex(
    (await simulate('bound', '--name', 'Käthe 😀', '--email', 'k@example.com', '--order', 'b')).out,
    /^Hello Käthe 😀,/,
  );
  t.is((await cli(['ledger', 'find', 'k@example.com'])).status, 0);
  const refused = await simulate('bound', '--paddle-product', '1');
  t.is(refused.status, 1);
  t.regex(refused.err, /the service answered 400\.\n.*wrong_product/);
  t.true(Object.keys(PRODUCTS).includes('bound'));
  t.true(home.requestLines().length > 0);
});

test('--json prints status, order and reply; what is not 200 is exit status 1 with the problem', async (t) => {
  const { simulate } = await prepared(t);
  const good = JSON.parse((await simulate('app', '--order', 'j', '--json')).out);
  t.like(good, { status: 200, order: 'j' });
  t.is(codesIn(good.reply).length, 1);
  const conflict = await simulate('app', '--order', 'j', '--quantity', '2', '--json');
  t.is(conflict.status, 1);
  const said = JSON.parse(conflict.out);
  t.is(said.status, 409);
  t.is(JSON.parse(said.reply).code, 'order_conflict');
  const unknown = await simulate('none');
  t.is(unknown.status, 1);
  t.regex(unknown.err, /^Order \d+: the service answered 404\.\n.*unknown_product/);
  t.is(unknown.out, '');
});

test('the service is found by HOST and PORT where no --url is given, all addresses by the loopback one', async (t) => {
  const { home, url } = await prepared(t);
  for (const host of ['127.0.0.1', '0.0.0.0']) {
    const config = { ...home.config, host, port: portOf(url) };
    const said = await cliOf({ ...home, config })(['simulate', 'paddle-classic', 'app']);
    t.is(said.status, 0, said.err);
  }
});

test('with the simulator off the command says what to set, and a service that has it off refuses the order', async (t) => {
  const home = makeHome(t, ON);
  const { url, stop } = await startHome(t, home);
  const off = { ...home.config, simulator: false };
  const said = await cliOf({ ...home, config: off })(['simulate', 'paddle-classic', 'app', '--url', url]);
  t.is(said.status, 1);
  t.regex(said.err, /The simulator is off: set SIMULATOR=on/);

  await stop();
  const strict = await startHome(t, { ...home, config: off });
  const refused = await cliOf(home)(['simulate', 'paddle-classic', 'app', '--url', strict.url]);
  t.is(refused.status, 1);
  t.regex(refused.err, /answered 401\.\n.*bad_signature/);
});

test('where nothing answers, or not over HTTP, the command says to start the service', async (t) => {
  const { cli } = await prepared(t);
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  for (const url of [`http://127.0.0.1:${port}`, 'not a url']) {
    const said = await cli(['simulate', 'paddle-classic', 'app', '--url', url]);
    t.is(said.status, 1);
    t.regex(said.err, /^Nothing answers at .*: start the service with {2}npm start {2}first\.\n$/);
  }
});

test('a quantity that is none is refused before anything is sent', async (t) => {
  const { home, simulate } = await prepared(t);
  for (const quantity of ['0', '1001', '1.5', 'x']) {
    const said = await simulate('app', '--quantity', quantity);
    t.is(said.status, 1);
    t.regex(said.err, /Write a whole number from 1 to 1000/);
  }
  t.is(home.requestLines().length, 0);
});

interface Prepared {
  readonly home: Home;
  readonly url: string;
  readonly cli: Cli;
  readonly simulate: (product: string, ...options: readonly string[]) => ReturnType<Cli>;
}

async function prepared(t: ExecutionContext): Promise<Prepared> {
  const home = makeHome(t, ON);
  const { url } = await startHome(t, home);
  const cli = cliOf(home);
  const simulate = (product: string, ...options: readonly string[]) =>
    cli(['simulate', 'paddle-classic', product, '--url', url, ...options]);
  return { home, url, cli, simulate };
}
