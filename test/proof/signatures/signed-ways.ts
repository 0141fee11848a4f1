/**
 * Every signed endpoint at the byte level: a genuine call, and the input of its signature. All texts have one byte per
 * character (latin1), so that any byte can be changed.
 */
import { createHash, createHmac, type KeyObject, sign } from 'node:crypto';
import { signedBytes } from '../../../src/marketplaces/paddle-classic/authenticity.ts';

export interface Secrets {
  readonly paddle: KeyObject;
  readonly licenseKey: string;
  readonly webhookSecret: string;
}

export interface Way {
  readonly name: string;
  /** The place of the signature: the name of a field, or of a header. */
  readonly place: string;
  readonly inHeader: boolean;
  readonly encoding: 'base64' | 'hex';
  /** The signed body; `order` makes it unique. */
  body(order: string): string;
  /** The signature's bytes, over a body as it is parsed; over `bytes`, if given. */
  signature(body: string, secrets: Secrets, hash?: string, bytes?: Uint8Array): Buffer;
  /** The whole request, with additional headers and fields. */
  request(body: string, more?: { readonly headers?: string; readonly fields?: string }): Buffer;
  /** Whether two bodies have the same signed content. */
  isSame(one: string, other: string): boolean;
}

const SALE = {
  p_product_id: '1',
  p_quantity: '1',
  p_earnings: '{"9710":"5.0300"}',
  p_coupon: '',
  event_time: '2026-11-20 11:59:58',
  email: 'grace@example.com',
  name: 'Zoë O’Brien & Søn',
};

const ALERT = { alert_name: 'payment_succeeded', quantity: '1', event_time: '2026-11-20 11:59:58' };

const REQUEST = { quantity: '1', name: 'Zoë O’Brien & Søn', email: 'grace@example.com', test: '0' };

const FULFILLMENT = '/fulfillment/paddle-classic/example';
const LICENSE_REQUEST = '/fulfillment/fastspring/example';

export const WAYS: readonly Way[] = [
  paddle('Paddle fulfillment by POST', 'POST', FULFILLMENT, (order) => ({ ...SALE, p_order_id: order })),
  paddle('Paddle fulfillment by GET', 'GET', FULFILLMENT, (order) => ({ ...SALE, p_order_id: order })),
  paddle('Paddle alert', 'POST', '/webhooks/paddle-classic', (order) => ({
    ...ALERT,
    alert_id: order,
    order_id: order,
  })),
  fastSpring('FastSpring license request by POST', 'POST'),
  fastSpring('FastSpring license request by GET', 'GET'),
  webhook(),
];

type Fields = Readonly<Record<string, string>>;
type Method = 'GET' | 'POST';

function paddle(name: string, method: Method, path: string, fields: (order: string) => Fields): Way {
  return {
    name,
    place: 'p_signature',
    inHeader: false,
    encoding: 'base64',
    body: (order) => new URLSearchParams(fields(order)).toString(),
    signature: (body, secrets, hash = 'sha1', bytes = signedBytes(new Map(new URLSearchParams(body)))) =>
      sign(`RSA-${hash}`, bytes, secrets.paddle),
    request: formRequest(method, path),
    isSame: (one, other) => sorted(one) === sorted(other),
  };
}

function fastSpring(name: string, method: Method): Way {
  const values = (body: string) => sortedPairs(body).flatMap(([, value]) => value);
  return {
    name,
    place: 'security_request_hash',
    inHeader: false,
    encoding: 'hex',
    body: (order) => new URLSearchParams({ ...REQUEST, reference: order }).toString(),
    signature: (body, { licenseKey }, hash = 'md5', bytes = Buffer.from(values(body).join(''))) =>
      createHash(hash).update(bytes).update(licenseKey).digest(),
    request: formRequest(method, LICENSE_REQUEST),
    // FastSpring signs the values only, without separators: names and borders are not protected.
    isSame: (one, other) => values(one).join('') === values(other).join(''),
  };
}

function webhook(): Way {
  return {
    name: 'FastSpring webhook',
    place: 'X-FS-Signature',
    inHeader: true,
    encoding: 'base64',
    body: (order) => {
      const data = { reference: order, order: `${order}-id`, items: [{ product: 'example', quantity: 1 }] };
      const event = { id: order, created: 1_795_255_200_000, type: 'order.completed', live: true, data };
      return Buffer.from(JSON.stringify({ events: [event], more: 'Søn/1.0' })).toString('latin1');
    },
    signature: (body, { webhookSecret }, hash = 'sha256', bytes = Buffer.from(body, 'latin1')) =>
      createHmac(hash, webhookSecret).update(bytes).digest(),
    request: (body, { headers = '', fields = '' } = {}) =>
      message(`POST /webhooks/fastspring${fields && `?${fields}`}`, 'application/json', body, headers),
    isSame: (one, other) => one === other,
  };
}

function formRequest(method: Method, path: string): Way['request'] {
  return (body, { headers = '', fields = '' } = {}) => {
    const form = fields === '' ? body : `${body}&${fields}`;
    return method === 'GET'
      ? message(`GET ${path}?${form}`, undefined, '', headers)
      : message(`POST ${path}`, 'application/x-www-form-urlencoded', form, headers);
  };
}

function message(start: string, type: string | undefined, body: string, headers: string): Buffer {
  const content = type === undefined ? '' : `Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n`;
  const head = `${start} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${content}${headers}\r\n`;
  return Buffer.from(head + body, 'latin1');
}

function sortedPairs(form: string): [string, string][] {
  return [...new URLSearchParams(form)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function sorted(form: string): string {
  return JSON.stringify(sortedPairs(form));
}
