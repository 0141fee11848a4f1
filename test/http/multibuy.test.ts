/** Separate Multibuy over HTTP: one request per unit, and no request names its unit. */
import { connect } from 'node:net';
import test from 'ava';
import type { Ledger } from '../../src/domain/ledger.ts';
import { assemble } from '../kit/assembly.ts';
import { portOf } from '../kit/raw.ts';
import { rows } from '../kit/rows.ts';
import { codesIn, FORM, pathOf, signed } from '../kit/sale.ts';
import { post } from '../kit/send-sale.ts';
import { makeHome, start, startHome } from '../kit/service.ts';

const PRODUCT = 'single';

test('three consecutive requests get three units, each with its own code', async (t) => {
  const { home, url } = await start(t);
  const codes = [await unit(url), await unit(url), await unit(url)];
  t.is(new Set(codes).size, 3);
  t.is(rows(home).license, 3);
  for (const code of codes) t.is(home.reader(PRODUCT).read(code).verdict, 'valid');
});

test('two concurrent requests get two different units, and twenty get twenty', async (t) => {
  const { home, url } = await start(t);
  t.is(new Set(await Promise.all([unit(url), unit(url)])).size, 2);
  const more = await Promise.all(Array.from({ length: 20 }, () => unit(url, { p_order_id: 'twenty' })));
  t.is(new Set(more).size, 20);
  t.is(rows(home).license, 22);
});

test('a request that arrives while the ledger handles another request of its order gets another unit', async (t) => {
  const { ledger, gate } = gated('issue');
  const { home, url } = await assemble(t, ledger);
  gate.close();
  const first = unit(url);
  await gate.reached();
  const second = unit(url);
  await settle();
  gate.open();
  t.not(await second, await first);
  t.is(rows(home).license, 2);
});

test('a retry after a cut-off response gets the same unit again', async (t) => {
  const { ledger, gate } = gated('issue');
  const { home, url } = await assemble(t, ledger);
  gate.close();
  const cut = await half(portOf(url));
  await gate.reached();
  await cut();
  gate.open();
  await settle();
  t.is(rows(home).license, 1);
  const first = await unit(url);
  t.is(rows(home).license, 1);
  // Control: after a complete response the next unit follows.
  t.not(await unit(url), first);
  t.is(rows(home).license, 2);
});

test('a delivered unit is not handed out again while the ledger still notes its delivery', async (t) => {
  const { ledger, gate } = gated('noteDelivery');
  const { home, url } = await assemble(t, ledger);
  gate.close();
  const first = await unit(url);
  await gate.reached();
  await settle();
  t.not(await unit(url), first);
  gate.open();
  t.is(rows(home).license, 2);
});

test('units delivered before a restart are not handed out after it', async (t) => {
  const home = makeHome(t);
  const before = await startHome(t, home);
  const first = await unit(before.url);
  await before.stop();
  const after = await startHome(t, home);
  const second = await unit(after.url);
  t.not(second, first);
  t.is(rows(home).license, 2);
});

test('p_quantity above 1 limits the units, and a further request gets one of the units again', async (t) => {
  const { home, url } = await start(t);
  const codes = [await unit(url, { p_quantity: '2' }), await unit(url, { p_quantity: '2' })];
  t.is(new Set(codes).size, 2);
  for (let i = 0; i < 3; i++) t.true(codes.includes(await unit(url, { p_quantity: '2' })));
  const atOnce = await Promise.all(Array.from({ length: 5 }, () => unit(url, { p_quantity: '2' })));
  t.true(atOnce.every((code) => codes.includes(code)));
  t.is(rows(home).license, 2);
});

test('another quantity above 1 for the same order gets 409 and changes nothing', async (t) => {
  const { home, url } = await start(t);
  await unit(url, { p_quantity: '2' });
  const refused = await post(url, signed({ p_quantity: '3' }), PRODUCT);
  t.is(refused.status, 409);
  t.is(rows(home).license, 1);
});

test('multibuy: single gives all units, and the same units, to each request', async (t) => {
  const { home, url } = await start(t);
  const form = signed({ p_quantity: '3' });
  const [first, second] = await Promise.all([post(url, form), post(url, form)]);
  t.is(codesIn(first.text).length, 3);
  t.is(second.text, first.text);
  t.is(rows(home).license, 3);
});

async function unit(url: string, changes: Readonly<Record<string, string>> = {}): Promise<string> {
  const response = await post(url, signed(changes), PRODUCT);
  const [code, ...others] = codesIn(response.text);
  if (response.status !== 200 || code === undefined || others.length > 0) {
    throw new Error(`${response.status} with ${others.length} codes too many`);
  }
  return code;
}

/** Sends a whole request and resolves to a function that cuts the connection without waiting for a response. */
async function half(port: number): Promise<() => Promise<void>> {
  const form = signed();
  const socket = connect(port, '127.0.0.1');
  const head = `POST ${pathOf(PRODUCT)} HTTP/1.1\r\nHost: x\r\nContent-Type: ${FORM}\r\n`;
  socket.write(`${head}Content-Length: ${form.length}\r\n\r\n${form}`);
  return () =>
    new Promise((resolve) => {
      socket.once('close', () => setTimeout(resolve, 50));
      socket.destroy();
    });
}

/** A ledger whose `method` does its work and then waits at a gate before it returns. */
function gated(method: 'issue' | 'noteDelivery') {
  let opened = Promise.withResolvers<void>();
  let arrived = Promise.withResolvers<void>();
  opened.resolve();
  const gate = {
    close: () => {
      opened = Promise.withResolvers<void>();
      arrived = Promise.withResolvers<void>();
    },
    open: () => opened.resolve(),
    reached: () => arrived.promise,
  };
  const pass = async () => {
    arrived.resolve();
    await opened.promise;
  };
  const ledger = (real: Ledger): Ledger =>
    new Proxy(real, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return async (...words: readonly unknown[]) => {
          if (name === method && method === 'noteDelivery') await pass();
          const result: unknown = await Reflect.apply(value, target, words);
          if (name === method && method === 'issue') await pass();
          return result;
        };
      },
    });
  return { ledger, gate };
}

/** Lets the service finish pending work. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 50));
