/** Calls of all kinds, valid and invalid, each with people, addresses and codes, and all answers. */
import type { KeyObject } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { findCodes } from '../../../src/license-code/find-codes.ts';
import { signRequest, signWebhook } from '../../../src/marketplaces/fastspring/simulator.ts';
import { saleFields, signForm } from '../../../src/marketplaces/paddle-classic/simulator.ts';
import type { RunningService } from '../../kit/machine.ts';
import { exchange, portOf, statusOf } from '../../kit/raw.ts';
import type { Kind, PlantedValues, Said } from './planted.ts';

export interface Given {
  readonly mark: () => string;
  readonly planted: PlantedValues;
  readonly paddle: KeyObject;
  readonly licenseKey: string;
  readonly webhookSecret: string;
  /** The end of an address. */
  readonly addressSecret: string;
  /** It is locked for a while, so that calls get a 503; undefined: it is not. */
  readonly ledger: string | undefined;
}

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const SALE = '/fulfillment/paddle-classic/example';
const REQUEST = '/fulfillment/fastspring/example';
const REFRESH = '/v1/licenses/refresh';

export async function indiscretions({ url }: RunningService, given: Given): Promise<Said[]> {
  const { mark, planted, paddle, licenseKey, webhookSecret, addressSecret } = given;
  const said: Said[] = [];
  const plant = (name: string, value: string) => {
    planted.plant('person', name, value);
    return value;
  };
  const person = (where: string) => ({
    name: plant(`a name in ${where}`, `Zoë ${mark()} O’Brien`),
    email: plant(`an address in ${where}`, `zoe.${mark()}@example.com`),
  });
  let last = '10';
  const address = () => {
    last = String(Number(last) + 1);
    return plant('an IP address', `203.0.113.${last}`);
  };

  const send = async (
    start: string,
    type: string | undefined,
    body: string,
    more = '',
    expected?: number,
  ) => {
    const bytes = Buffer.from(body);
    const content = type === undefined ? '' : `Content-Type: ${type}\r\nContent-Length: ${bytes.length}\r\n`;
    const who = `X-Forwarded-For: ${address()}\r\nUser-Agent: ${plant('a user agent', `agent-${mark()}`)}\r\nReferer: http://${plant('a referrer', mark())}/\r\nAuthorization: Bearer ${plant('a token', mark())}\r\n`;
    const head = `${start} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${who}${content}${more}\r\n`;
    const text = await exchange(portOf(url), Buffer.concat([Buffer.from(head), bytes]));
    const status = statusOf(text);
    if (expected !== undefined && status !== expected)
      throw new Error(`${start}: ${text} instead of ${expected}`);
    const delivers = start.includes('/fulfillment/') && status === 200;
    const may: Kind[] = delivers
      ? ['code', 'person']
      : start.includes(REFRESH) && status === 200
        ? ['code']
        : [];
    said.push({ where: `${start.slice(0, 40)} (${status})`, text, may });
    return text;
  };

  const form = (order: string, more: Readonly<Record<string, string>> = {}) => {
    const sale = { product: '1', quantity: 1, order, ...person(`order ${order}`), at: Date.now() };
    const extra = {
      ip: address(),
      passthrough: plant('a passthrough', `pass-${mark()}`),
      customer_phone: mark(),
    };
    return signForm({ ...saleFields(sale), ...extra, ...more }, paddle);
  };
  const sell = (order: string, more = {}, expected = 200) =>
    send(`POST ${SALE}`, FORM, form(order, more), '', expected);
  const reply = await sell('P1');
  const [code = ''] = findCodes(reply);
  await sell('P1', { p_quantity: '2' }, 409);
  await send(`GET ${SALE}?${form('P2')}`, undefined, '', '', 200);
  await send(`GET ${SALE}?${form('P3')}A`, undefined, '', '', 401);
  await send(`POST ${SALE}`, FORM, `${form('P3')}A`, '', 401);
  await send(`POST ${SALE}?${form('P3')}`, FORM, 'x=1', '', 401);
  await send(`HEAD ${SALE}?${form('P3')}`, undefined, '', '', 405);
  await send(`PUT ${SALE}?${form('P3')}`, FORM, form('P3'), '', 405);
  await send(`POST ${SALE.replace('example', person('a path').email)}`, FORM, form('P3'), '', 404);
  await send(`POST /${code}/${person('a path').email}`, FORM, form('P3'), '', 404);
  for (const end of ['&name=%', '&name=again', '&x=%ff', '&=x'])
    await send(`POST ${SALE}`, FORM, `${form('P3')}${end}`, '', 400);
  await sell('with space', {}, 400);
  await sell('P3', { p_quantity: plant('a quantity', mark()) }, 400);
  await send(`POST ${SALE}`, `text/${mark()}`, form('P3'), '', 415);
  await send(`POST ${SALE}`, FORM, form('P3'), 'Content-Encoding: gzip\r\n', 415);
  await send(`POST ${SALE}`, FORM, form('P3') + '&x='.padEnd(70_000, mark()), '', 413);
  await send(`POST ${SALE}`, FORM, form('P3'), `Content-Length: 9\r\n${mark()}\r\n`);
  await send(`GET /${'x'.repeat(20_000)}?${form('P3')}`, undefined, '');
  await send(`GET http://[${form('P3')}`, undefined, '');

  const alert = (alert_id: string, alert_name: string, more: Readonly<Record<string, string>>) =>
    signForm(
      {
        alert_id,
        alert_name,
        event_time: '2026-11-21 10:00:00',
        ...person(alert_name),
        ip: address(),
        ...more,
      },
      paddle,
    );
  const tell = (body: string, expected: number) =>
    send('POST /webhooks/paddle-classic', FORM, body, '', expected);
  await tell(alert('1', 'payment_succeeded', { order_id: 'P1', quantity: '1' }), 200);
  await tell(alert('2', 'locker_processed', { order_id: 'P1', licence: reply }), 200);
  await tell(
    alert('3', 'high_risk_transaction_updated', { order_id: 'P1', case_id: '9', status: mark() }),
    200,
  );
  await tell(alert('4', `x-${alert.name}`, { licence: code }), 200);
  await tell(`${alert('5', 'payment_refunded', { order_id: 'P1' })}A`, 401);
  await tell(alert('', 'payment_refunded', { order_id: 'P1' }), 503);
  await send('POST /webhooks/paddle-classic', JSON_TYPE, alert('6', 'payment_refunded', {}), '', 415);

  const pings = `/webhooks/gumroad/${addressSecret}`;
  const ping = (more: Readonly<Record<string, string>>, expected: number, path = pings) =>
    send(`POST ${path}`, FORM, String(new URLSearchParams({ ...person('a ping'), ...more })), '', expected);
  await ping({ resource_name: 'sale', sale_id: 'S1' }, 200);
  await ping({ resource_name: person('a name of a ping').email }, 200);
  await ping({ resource_name: 'refund' }, 503);
  await ping({ resource_name: 'sale', sale_id: 'S2' }, 401, `${pings}A`);
  await ping({ resource_name: 'sale', sale_id: 'S2' }, 404, `${pings}/${mark()}`);
  await send(`POST ${pings}`, JSON_TYPE, '{}', '', 415);
  await send(`GET ${pings}`, undefined, '', '', 405);

  const ask = (more: Readonly<Record<string, string>>, expected: number, end = '') => {
    const fields = {
      reference: 'ACM261121-1111-00001',
      quantity: '1',
      test: 'true',
      ...person('a request'),
      company: mark(),
      ...more,
    };
    return send(`POST ${REQUEST}`, FORM, signRequest(fields, licenseKey) + end, '', expected);
  };
  await ask({}, 200);
  await ask({ quantity: '2' }, 409);
  await ask({ quantity: person('a quantity').email }, 400);
  await ask({ reference: person('a reference').name }, 400);
  await ask({ trialEnd: person('a trial').email }, 400);
  await ask({ reference: 'ACM261121-1111-00002' }, 401, '0');

  const deliver = (body: string, expected?: number, signature = signWebhook(body, webhookSecret)) =>
    send('POST /webhooks/fastspring', JSON_TYPE, body, `X-FS-Signature: ${signature}\r\n`, expected);
  const event = (id: unknown, type: string, data: object) => {
    const { name, email } = person(type);
    const customer = { first: name, email, phone: plant('a phone', mark()), ipAddress: address() };
    return {
      id,
      type,
      live: true,
      created: Date.now(),
      data: { customer, account: { contact: customer }, ...data },
    };
  };
  const batch = (...events: object[]) => JSON.stringify({ events });
  const items = (quantity: unknown) => ({ reference: 'F3', items: [{ product: 'example', quantity }] });
  const timeless = (id: string) => ({ ...event(id, 'order.completed', items(1)), created: null });
  const mailed = { fulfillments: { example: [{ license: code }, { license: reply }] } };
  await deliver(
    batch(event('good', 'order.completed', { reference: 'F3', items: [{ product: 'example', ...mailed }] })),
    200,
  );
  await deliver(batch(timeless('failing')), 503);
  await deliver(batch(timeless('failing'), event('other', 'x.y', {})), 202);
  await deliver(batch(event(undefined, 'order.completed', items(1)), { x: person('nothing').email }), 503);
  await deliver(batch(event('no-time', 'return.created', { created: person('a time').email })), 200);
  await deliver(batch(event('bad', 'order.completed', items(1))), 401, 'A');
  await deliver(person('a body alone').email, 503);
  // So short that JSON.parse quotes it completely.
  await deliver(plant('a short body', mark()), 503);
  await deliver(JSON.stringify(person('a body that is no batch')), 503);
  await deliver(batch(event('cut', 'order.completed', items(1))).slice(0, -30), 503);
  await deliver(`{"events":[],"events":["${person('a body of two lists').email}"]}`, 503);

  const refresh = (type: string, body: string, expected?: number) =>
    send(`POST ${REFRESH}`, type, body, '', expected);
  await refresh('text/plain', code, 200);
  await refresh(JSON_TYPE, JSON.stringify({ code }), 200);
  // A reader repairs one slip, not a code without its first group or with two slips.
  const slip = (text: string, at: number) =>
    text.slice(0, at) + (text[at] === '7' ? '8' : '7') + text.slice(at + 1);
  await refresh('text/plain', `${person('a paste').email} ${code.slice(8)}`, 422);
  await refresh('text/plain', slip(code, 20), 200);
  await refresh('text/plain', slip(slip(code, 20), 50), 422);
  await refresh(JSON_TYPE, `{"code":"${code}", ${person('broken JSON').email}`, 400);
  await refresh(JSON_TYPE, JSON.stringify({ code, email: person('one field more').email }), 400);
  await refresh('text/plain', `${person('a flood').email} `.repeat(400), 413);
  await tell(alert('7', 'payment_refunded', { order_id: 'P1', refund_type: 'full' }), 200);
  await refresh('text/plain', code, 410);

  const looked = async () => {
    for (const path of [
      '/v1/revocations/example',
      '/v1/keyring',
      '/v1/keyring.jwks',
      '/metrics',
      '/openapi.json',
      '/docs',
      '/health/ready',
    ])
      await send(`GET ${path}`, undefined, '');
  };
  const duringLock = async (ledger: string) => {
    const locked = new Database(ledger);
    locked.exec('BEGIN IMMEDIATE');
    try {
      await Promise.all([
        sell('P9', {}, 503),
        ask({ reference: 'ACM261121-1111-00009' }, 503),
        deliver(batch(event('locked', 'order.completed', items(1))), 503),
        tell(alert('9', 'payment_refunded', { order_id: 'P2', refund_type: 'full' }), 503),
      ]);
      await looked();
    } finally {
      locked.exec('ROLLBACK');
      locked.close();
    }
  };

  await looked();
  if (given.ledger !== undefined) await duringLock(given.ledger);
  await sell('P9');
  await wait(600);
  return said;
}
