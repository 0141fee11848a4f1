/** Unauthenticated requests of any kind: no status of 500 or above, no exit, no growing memory. */
import { connect } from 'node:net';
import { Machine, type RunningService } from '../kit/machine.ts';
import { atOnce } from './kit/buyers.ts';
import { Gauge, type Memory } from './kit/memory.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import { type Outcome, type Proof, pick, type Tools } from './proof.ts';

const CONNECTIONS = 64;
/** The most milliseconds of an answer, also of a busy machine; half a request gets none. */
const PATIENCE = 400;
const MOST_GROWTH = 50;

export const READS_NO_TARGET: Weakness = {
  file: 'src/http/edge/edge.ts',
  changes: [['      checkTarget(context);\n', '']],
};

export const httpFuzz: Proof = {
  title: `HTTP fuzz on every endpoint, unsigned: no 5xx, no exit, memory grows by less than ${MOST_GROWTH} MB`,
  unit: 'requests',
  quick: 30_000,
  full: 1_000_000,
  run: (requests, tools) => bombard(requests, tools),
  controls: [
    { title: 'a target that is not checked first', run: (tools) => bombard(10_000, tools, READS_NO_TARGET) },
  ],
};

async function bombard(requests: number, tools: Tools, weakness?: Weakness): Promise<Outcome> {
  const machine = new Machine(tools, { LOG_LEVEL: 'silent' });
  const gauge = new Gauge(tools, weakness === undefined ? {} : weakened(weakness));
  const service = await machine.start(gauge.around);
  const violations: string[] = [];
  const statuses = new Map<number, number>();
  const send = async () => {
    // A control has found enough.
    if (weakness !== undefined && violations.length > 0) return;
    const message = makeUp(tools);
    const answer = await exchange(service, message);
    for (const [, status] of answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
      statuses.set(Number(status), (statuses.get(Number(status)) ?? 0) + 1);
      if (Number(status) >= 500)
        violations.push(`${status} for ${JSON.stringify(message.toString('latin1'))}`);
    }
  };
  // The first tenth fills caches, which is no leak.
  await atOnce(Array(requests / 10).keys(), CONNECTIONS, send);
  const before = await gauge.read(service);
  await atOnce(Array((requests * 9) / 10).keys(), CONNECTIONS, send);
  const after = await gauge.read(service);
  const growth = after.used - before.used;
  const { status } = await service.order('still-serves');
  if (status !== 200) violations.push(`an order afterwards got ${status}`);
  if (service.ran.child.exitCode !== null) violations.push(`the service ended: ${service.ran.err}`);
  if (growth >= MOST_GROWTH) violations.push(`memory grew by ${Math.round(growth)} MB`);
  await service.ran.kill();
  const seen = [...statuses].sort(([a], [b]) => a - b).map(([code, count]) => `${code}: ${count}`);
  tools.note(`${seen.join(', ')}; memory in use ${megabytes(before)} to ${megabytes(after)}`);
  return { done: requests, violations };
}

const megabytes = ({ used, resident }: Memory) => `${used.toFixed(1)} MB (resident ${Math.round(resident)})`;

/** All received bytes until the connection ends or the patience is over. */
function exchange({ url }: RunningService, message: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: false });
    const timer = setTimeout(() => socket.destroy(), PATIENCE);
    socket.setEncoding('latin1');
    socket.on('data', (part) => {
      // The head has the status; the rest of a long body is not needed.
      if (answer.length < 4096) answer += part;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(answer);
    });
    socket.end(message);
  });
}

const PATHS = [
  '/fulfillment/paddle-classic/example',
  '/fulfillment/fastspring/example',
  '/webhooks/paddle-classic',
  '/webhooks/fastspring',
  '/v1/licenses/refresh',
  '/v1/keyring',
  '/v1/keyring.jwks',
  '/v1/revocations/example',
  '/openapi.json',
  '/docs',
  '/health/live',
  '/health/ready',
  '/metrics',
] as const;
const METHODS = ['GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'QUERY', 'get', 'A B'];
const TYPES = [
  'application/x-www-form-urlencoded',
  'application/json',
  'text/plain',
  'text/plain; charset=utf-16',
  'multipart/form-data; boundary=x',
  'application/json; charset="',
  '',
  ';;',
];
const HEADERS = [
  'Content-Encoding: gzip',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: chunked, identity',
  'Content-Length: 4',
  'Content-Length: -1',
  'Content-Length: 99999999999',
  'Expect: 100-continue',
  'Upgrade: websocket',
  'Connection: close',
  'If-None-Match: "x", W/"y", *',
  'If-None-Match: \xff',
  'Range: bytes=0-1',
  'Origin: null',
  'Access-Control-Request-Method: POST',
  'X-Forwarded-For: 1.2.3.4, ::1, x',
  'X-FS-Signature: AAAA',
  'X-FS-Signature: ',
  'Cookie: a=b',
  'Host: [::1',
  'Accept: */*;q=x',
  ': x',
];
const PIECES = [
  'p_order_id=1&p_quantity=1&p_product_id=1&p_signature=',
  'p_signature=AAAA&p_signature=BBBB',
  'p_signature[]=x&a[b][c]=d&__proto__=1&constructor.prototype=2',
  '%',
  '%zz%00%ff',
  '{"code":"',
  '{"code":{"toString":1}}',
  '{"events":[{"id":1}]}',
  '['.repeat(5000),
  '{"__proto__":{"code":"x"}}',
  '200HDMQP069F78BW9SYJQ6GHBW63QT6PE4000M9A',
  '\u0000\u202e\ufeff',
  '\r\n\r\nGET / HTTP/1.1\r\n',
  '0\r\n\r\n',
  'ffffffffffffffff\r\n',
];
const TARGETS = [
  'http://[',
  '//',
  '*',
  '/%',
  '/%00',
  '/..%2f..',
  '/\\',
  'http://x:99999/',
  '/?%',
  '//[',
  '/fulfillment/paddle-classic/%',
];

/** A request for a known path, damaged in a few places; sometimes random bytes. */
function makeUp(tools: Tools): Buffer {
  const one = <T>(list: readonly T[]): T => list[pick(list.length, tools)] as T;
  const some = <T>(list: readonly T[], most: number): T[] =>
    Array.from({ length: pick(most + 1, tools) }, () => one(list));
  if (tools.random() < 0.05) return noise(pick(300, tools), tools);
  const path = tools.random() < 0.1 ? one(TARGETS) : one(PATHS);
  const query =
    tools.random() < 0.3
      ? `?${some(PIECES, 2)
          .join('&')
          .replaceAll(/[\r\n ]/g, '')}`
      : '';
  const body = some(PIECES, 4).join(one(['', '&', ',']));
  const method = tools.random() < 0.7 ? one(['GET', 'POST']) : one(METHODS);
  const headers = [
    `Host: ${one(['127.0.0.1', 'x', '', 'a b'])}`,
    `Content-Type: ${one(TYPES)}`,
    ...(tools.random() < 0.8 ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
    ...some(HEADERS, 3),
  ];
  const message = Buffer.from(`${method} ${path}${query} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${body}`);
  for (let change = pick(4, tools); change > 1; change--)
    message[pick(message.length, tools)] = pick(256, tools);
  return tools.random() < 0.05 ? message.subarray(0, pick(message.length, tools)) : message;
}

function noise(length: number, tools: Tools): Buffer {
  return Buffer.from(Array.from({ length }, () => pick(256, tools)));
}
