import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { AppError } from '../../../src/errors.ts';
import { readBody } from '../../../src/http/edge/body.ts';
import { exchange, statusOf } from '../../kit/raw.ts';

const FORM = 'application/x-www-form-urlencoded';
const LARGEST = 1000;

test('the bytes of a body arrive unchanged', async (t) => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  t.is(await read(t, { 'Content-Type': FORM }, bytes), `read ${bytes.toString('hex')}`);
});

for (const type of [
  FORM,
  'APPLICATION/X-WWW-FORM-URLENCODED',
  `${FORM}; charset=utf-8`,
  `${FORM};charset="UTF-8"`,
  `${FORM} ; charset=utf8`,
]) {
  test(`Content-Type ${type} is accepted`, async (t) => {
    t.is(await read(t, { 'Content-Type': type }, Buffer.from('a')), 'read 61');
  });
}

for (const [type, encoding] of [
  ['application/json'],
  ['multipart/form-data; boundary=x'],
  ['text/plain'],
  [''],
  [`x${FORM}`],
  [`${FORM}x`],
  [`${FORM}; charset=iso-8859-1`],
  [`${FORM}; charset=utf-16`],
  [FORM, 'gzip'],
  [FORM, 'deflate'],
  [FORM, 'br'],
  [FORM, 'identity'],
  [FORM, ''],
] as const) {
  test(`Content-Type "${type}" with Content-Encoding "${encoding}" is unsupported`, async (t) => {
    const headers = {
      'Content-Type': type,
      ...(encoding !== undefined && { 'Content-Encoding': encoding }),
    };
    t.is(await read(t, headers, gzipSync('a=b')), 'unsupported_media_type');
  });
}

test('a body without a Content-Type is unsupported', async (t) => {
  t.is(await read(t, {}, Buffer.from('a')), 'unsupported_media_type');
});

test('a body of exactly the limit is accepted, and one byte more is too large, declared or in chunks', async (t) => {
  const most = Buffer.alloc(LARGEST, 'a');
  const more = Buffer.alloc(LARGEST + 1, 'a');
  t.is(await read(t, { 'Content-Type': FORM }, most), `read ${most.toString('hex')}`);
  t.is(await read(t, { 'Content-Type': FORM }, more), 'body_too_large');
  t.is(await read(t, { 'Content-Type': FORM }, most, 'chunked'), `read ${most.toString('hex')}`);
  t.is(await read(t, { 'Content-Type': FORM }, more, 'chunked'), 'body_too_large');
});

test('a body is assembled from chunks of any size', async (t) => {
  const { port, outcome } = await listen(t);
  const bytes = Buffer.from(Array.from({ length: LARGEST }, (_, i) => i % 251));
  const pieces = [...bytes].map((byte) =>
    Buffer.concat([Buffer.from('1\r\n'), Buffer.of(byte), Buffer.from('\r\n')]),
  );
  const head = `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${FORM}\r\nTransfer-Encoding: chunked\r\n\r\n`;
  await exchange(port, Buffer.concat([Buffer.from(head), ...pieces, Buffer.from('0\r\n\r\n')]));
  t.is(await outcome, `read ${bytes.toString('hex')}`);
});

test('a body with a Content-Length over the limit is refused before any byte arrives', async (t) => {
  const { port, outcome } = await listen(t);
  const head = `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${FORM}\r\n`;
  const answer = await exchange(port, `${head}Content-Length: ${LARGEST + 1}\r\n\r\n`, { cutAfter: 5000 });
  t.is(statusOf(answer), 200);
  t.is(await outcome, 'body_too_large');
});

test('an aborted body is malformed', async (t) => {
  const { port, begun, outcome } = await listen(t);
  await exchange(port, `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${FORM}\r\nContent-Length: 9\r\n\r\nab`, {
    cutAfter: begun,
  });
  t.is(await outcome, 'malformed_request');
});

/** Returns `read` and the bytes in hex, or the error code. */
async function read(
  t: ExecutionContext,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  way: 'length' | 'chunked' = 'length',
): Promise<string> {
  const { port, outcome } = await listen(t);
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const framing = way === 'length' ? `Content-Length: ${body.length}\r\n` : 'Transfer-Encoding: chunked\r\n';
  const payload =
    way === 'length'
      ? body
      : Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]);
  const answer = await exchange(
    port,
    Buffer.concat([
      Buffer.from(`POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${head.join('')}${framing}\r\n`),
      payload,
    ]),
  );
  t.is(statusOf(answer), 200);
  return outcome;
}

async function listen(
  t: ExecutionContext,
): Promise<{ port: number; begun: Promise<void>; outcome: Promise<string> }> {
  const begun = Promise.withResolvers<void>();
  const told = Promise.withResolvers<string>();
  const server = createServer(async (request, response) => {
    begun.resolve();
    try {
      told.resolve(`read ${(await readBody(request, FORM, LARGEST)).toString('hex')}`);
    } catch (error) {
      told.resolve(error instanceof AppError ? error.code : String(error));
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, begun: begun.promise, outcome: told.promise };
}
