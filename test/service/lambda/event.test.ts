import test from 'ava';
import { requestOf, resultOf } from '../../../src/service/lambda/event.ts';
import { eventOf, SHAPES, SOURCE } from '../../kit/lambda.ts';

const BYTES = Buffer.from(Array.from({ length: 256 }, (_, value) => value));

for (const shape of SHAPES) {
  test(`${shape}: a request is what was sent, with the address that the platform names`, (t) => {
    const headers = {
      'content-type': 'application/octet-stream',
      'x-forwarded-for': '198.51.100.1',
      'x-forwarded-proto': 'http',
      connection: 'keep-alive',
      'content-length': '999',
    };
    const target = '/webhooks/x?a=1&b=%2B';
    const asked = requestOf(eventOf(shape, { method: 'POST', target, headers, body: BYTES }));
    t.is(asked?.method, 'POST');
    t.is(asked?.target, target);
    t.deepEqual(asked?.body, BYTES);
    t.deepEqual(asked?.headers, {
      'content-type': 'application/octet-stream',
      'x-forwarded-for': SOURCE,
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    });
  });

  test(`${shape}: cookies are one header, as a browser sends them`, (t) => {
    const asked = requestOf(eventOf(shape, { target: '/', headers: { cookie: 'a=1; b=2' } }));
    t.is(asked?.headers['cookie'], 'a=1; b=2');
  });
}

test('a text that is not in base64 is UTF-8', (t) => {
  const event = eventOf('function-url', {
    method: 'POST',
    target: '/',
    headers: { 'content-type': 'text/plain' },
    body: Buffer.from('ä\r\n€\0'),
  });
  t.false((event as { isBase64Encoded: boolean }).isBase64Encoded, 'the control');
  t.deepEqual(requestOf(event)?.body, Buffer.from('ä\r\n€\0'));
});

test('a field that is not there, or null, is an empty one', (t) => {
  const least = { version: '2.0', rawPath: '/x', requestContext: { http: { method: 'GET' } } };
  const nothing = { rawQueryString: null, headers: null, cookies: null, body: null, isBase64Encoded: null };
  for (const event of [least, { ...least, ...nothing }])
    t.deepEqual(requestOf(event), {
      method: 'GET',
      target: '/x',
      headers: { 'x-forwarded-proto': 'https' },
      body: Buffer.alloc(0),
    });
});

test('a stage with a name is no part of the path', (t) => {
  const staged = (rawPath: string, stage: string) => {
    const event = eventOf('api-gateway', { target: rawPath });
    const { requestContext } = event as { requestContext: object };
    return requestOf({ ...event, requestContext: { ...requestContext, stage } })?.target;
  };
  t.is(staged('/prod/v1/keyring', 'prod'), '/v1/keyring');
  t.is(staged('/prod', 'prod'), '/');
  t.is(staged('/production/x', 'prod'), '/production/x');
  t.is(staged('/$default/x', '$default'), '/x');
});

test('a path that the platform decoded is encoded again', (t) => {
  const asked = requestOf({ ...eventOf('api-gateway', { target: '/' }), rawPath: '/a b/ä?#\n\ud800' });
  t.is(asked?.target, '/a%20b/%C3%A4%3F%23%0A%EF%BF%BD');
});

test('what is no request is none', (t) => {
  for (const event of [null, 7, {}, { mintmark: 'minute' }, { version: '1.0', path: '/', httpMethod: 'GET' }])
    t.is(requestOf(event), undefined);
});

test('a result has the bytes of the answer, its cookies as a list, and other names once', (t) => {
  const rawHeaders = [
    ...['Content-Type', 'image/png', 'Set-Cookie', 'a=1; Path=/', 'Set-Cookie', 'b=2'],
    ...['Vary', 'Accept', 'Vary', 'Cookie', 'Connection', 'close', 'Transfer-Encoding', 'chunked'],
  ];
  const { body, ...result } = resultOf({ status: 200, rawHeaders, body: BYTES });
  t.deepEqual(result, {
    statusCode: 200,
    headers: { 'content-type': 'image/png', vary: 'Accept, Cookie' },
    cookies: ['a=1; Path=/', 'b=2'],
    isBase64Encoded: true,
  });
  t.deepEqual(Buffer.from(body, 'base64'), BYTES);
});
