/** Tests refresh against a real HTTP server whose response each test defines. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import { type Fetch, postJson } from '../../src/license-code/post-json.ts';
import { createReader } from '../../src/license-code/reader.ts';
import { refresh } from '../../src/license-code/refresh.ts';
import { keyring, mint, PRODUCT, strangerKey, TODAY, tamper, testKey } from '../kit/sample-codes.ts';

const code = mint();
const newer = mint({ revision: 4 });
const reader = createReader({ product: PRODUCT, keyring, today: TODAY });

type Respond = (response: ServerResponse, request: IncomingMessage, body: string) => void;

const json =
  (status: number, value: unknown, headers: Record<string, string> = {}): Respond =>
  (response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(typeof value === 'string' ? value : JSON.stringify(value));
  };

/** Calls `ask` with the address of a server with this response. */
async function serving<T>(respond: Respond, ask: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => respond(response, request, body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await ask(`http://127.0.0.1:${port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const refreshed = (respond: Respond, text: unknown = code) =>
  serving(respond, (url) => refresh(text, url, undefined, reader));

test('refresh posts the normalized code as JSON below the path of the service', async (t) => {
  const asked: unknown[] = [];
  const respond: Respond = (response, request, body) => {
    asked.push([request.method, request.url, request.headers['content-type'], JSON.parse(body)]);
    json(200, { changed: false, code })(response, request, body);
  };
  const messy = `> ${code.toLowerCase().slice(0, 80)}\n> ${code.slice(80)}`;
  const answer = await serving(respond, (url) => refresh(messy, `${url}/licenses//`));
  t.deepEqual(asked, [['POST', '/licenses/v1/licenses/refresh', 'application/json', { code }]]);
  t.deepEqual(answer, { outcome: 'current', code });
});

const ANSWERS: readonly [string, Respond, object][] = [
  ['a newer code', json(200, { changed: true, code: newer }), { outcome: 'renewed', code: newer }],
  ['the same code', json(200, { changed: false, code }), { outcome: 'current', code }],
  ['a word that contradicts the code', json(200, { changed: true, code }), { outcome: 'current', code }],
  ['revoked', json(410, { code: 'license_revoked' }), { outcome: 'revoked', code }],
  [
    'suspended since a day',
    json(403, { code: 'license_suspended', since: '2026-11-01' }),
    { outcome: 'suspended', code, since: '2026-11-01' },
  ],
  [
    'suspended since no day',
    json(403, { code: 'license_suspended', since: 'soon' }),
    { outcome: 'suspended', code, since: null },
  ],
  ['unknown', json(404, { code: 'unknown_license' }), { outcome: 'unknown', code }],
  [
    'no valid code',
    json(422, { code: 'not_a_valid_code', verdict: 'forged' }),
    { outcome: 'not-a-code', code, verdict: 'forged' },
  ],
  [
    'no valid code, and no word of why',
    json(422, { code: 'not_a_valid_code' }),
    { outcome: 'not-a-code', code, verdict: 'forged' },
  ],
  ['too often', json(429, {}, { 'Retry-After': '17' }), { outcome: 'try-later', code, seconds: 17 }],
  [
    'trouble for a year',
    json(503, {}, { 'Retry-After': '31536000' }),
    { outcome: 'try-later', code, seconds: 86_400 },
  ],
  [
    'trouble until a day past',
    json(503, {}, { 'Retry-After': 'Wed, 21 Oct 2015 07:28:00 GMT' }),
    { outcome: 'try-later', code, seconds: 1 },
  ],
  ['trouble, and no word of when', json(500, '<h1>oops</h1>'), { outcome: 'try-later', code, seconds: 60 }],
];

for (const [what, respond, wanted] of ANSWERS) {
  test(`each response of the service has its outcome: ${what}`, async (t) => {
    t.deepEqual(await refreshed(respond), wanted);
  });
}

const given = (answer: unknown) => json(200, { changed: true, code: answer });
const NOT_TAKEN: readonly [string, Respond, RegExp][] = [
  ['another license', given(mint({ revision: 9, licenseId: new Uint8Array(16) })), /another license/],
  ['another product', given(tamper(newer, (bytes) => bytes.fill(7, 2, 5))), /another license/],
  ['a test code', given(mint({ revision: 9, test: true, keyId: 2 }, testKey)), /another license/],
  ['a lower revision', given(mint({ revision: 2 })), /not newer/],
  ['the same revision in other words', given(mint({ seats: 9 })), /not newer/],
  ['a forged one', given(mint({ revision: 9 }, strangerKey)), /reads forged/],
  [
    'one by a key that the program does not know',
    given(mint({ revision: 9, keyId: 9 })),
    /reads unknown-key/,
  ],
  ['no code', given('hello'), /no-code/],
  ['a code that is no text', given({ code }), /empty/],
  ['a page of HTML', json(200, '<!doctype html>'), /empty/],
  ['null', json(200, 'null'), /empty/],
  ['an answer cut off', json(200, `{"changed": true, "code": "${newer}`), /empty/],
  ['a huge answer', json(200, { code: newer, more: 'x'.repeat(100_000) }), /empty/],
  ['a status of somebody else', json(404, '<h1>Not Found</h1>'), /status 404/],
  ['a refusal of somebody else', json(403, { error: 'sign in' }), /status 403/],
  ['a redirect', json(307, '', { Location: '/elsewhere' }), /status 307/],
];

for (const [what, respond, detail] of NOT_TAKEN) {
  test(`refresh keeps the old code and gives the reason: ${what}`, async (t) => {
    const answer = await refreshed(respond);
    t.like(answer, { outcome: 'bad-answer', code });
    t.regex('detail' in answer ? answer.detail : '', detail);
  });
}

test('without a reader refresh cannot detect a forged newer code', async (t) => {
  const forged = mint({ revision: 9 }, strangerKey);
  t.deepEqual(await serving(given(forged), (url) => refresh(code, url)), {
    outcome: 'renewed',
    code: forged,
  });
});

test('a huge response without a length is aborted', async (t) => {
  const endless: Respond = (response) => {
    response.writeHead(200);
    for (let i = 0; i < 20; i++) response.write('x'.repeat(10_000));
  };
  t.like(await refreshed(endless), { outcome: 'bad-answer', code });
});

test('without a stream the whole text is read, and a text that is too long is refused', async (t) => {
  const whole = (text: string, length: string | null = null) =>
    (async () => ({
      status: 200,
      headers: { get: () => length },
      text: async () => text,
    })) as unknown as Fetch;
  const answer = JSON.stringify({ code: newer });
  const url = 'https://example.com';
  t.like(await refresh(code, url, whole(answer), reader), { outcome: 'renewed', code: newer });
  t.like(await refresh(code, url, whole(answer.padEnd(2 ** 16 + 1)), reader), {
    outcome: 'bad-answer',
    code,
  });
  t.like(await refresh(code, url, whole(answer, String(2 ** 16 + 1)), reader), {
    outcome: 'bad-answer',
    code,
  });
});

test.serial('without AbortController the request has no signal', async (t) => {
  const { AbortController } = globalThis;
  Reflect.deleteProperty(globalThis, 'AbortController');
  try {
    const fetch = async (_: string, init: object) => {
      t.false('signal' in init);
      return { status: 204, headers: { get: () => null }, text: async () => '' };
    };
    const answer = await postJson('https://example.com', {}, 1_000, fetch as unknown as Fetch);
    t.deepEqual(answer, { status: 204, retryAfter: null, body: '' });
  } finally {
    Object.assign(globalThis, { AbortController });
  }
});

test('a text that is not a code is returned unchanged, without a request', async (t) => {
  const never: Fetch = () => t.fail('asked') as never;
  const ask = (text: unknown) => refresh(text, 'https://example.com', never);
  t.deepEqual(await ask('hello U'), { outcome: 'not-a-code', code: 'hello U', verdict: 'no-code' });
  t.deepEqual(await ask(undefined), { outcome: 'not-a-code', code: '', verdict: 'empty' });
  const mistyped = `${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`;
  t.deepEqual(await ask(mistyped), { outcome: 'not-a-code', code: mistyped, verdict: 'mistyped' });
});

test('no response is offline: no server, a cut connection, an invalid address', async (t) => {
  const cut = await refreshed((response) => response.destroy());
  t.like(cut, { outcome: 'offline', code });
  const gone = await serving(json(200, {}), async (url) => url).then((url) => refresh(code, url));
  t.like(gone, { outcome: 'offline', code });
  for (const url of ['', 'example.com', 'file:///etc', 'https://a.example/?x', undefined, null] as string[]) {
    t.like(await refresh(code, url), { outcome: 'offline', code });
  }
});

test('refresh never rejects, whatever the program’s own fetch does', async (t) => {
  const odd: readonly unknown[] = [
    () => {
      throw new Error('no');
    },
    () => Promise.reject('a text'),
    () => Promise.resolve(undefined),
    () => Promise.resolve({ status: 200, headers: { get: () => null }, text: () => Promise.resolve(7) }),
    () => Promise.resolve({ status: 200, redirected: true, headers: { get: () => null }, text: () => '' }),
    'no function',
  ];
  for (const fetch of odd) {
    const answer = await refresh(code, 'https://example.com', fetch as Fetch);
    t.is(answer.code, code);
    t.true(['offline', 'bad-answer'].includes(answer.outcome), answer.outcome);
  }
  const broken = { read: () => t.fail('not asked for the same code') as never };
  t.is(
    (await serving(json(200, { code }), (url) => refresh(code, url, undefined, broken))).outcome,
    'current',
  );
  const throwing = {
    read: () => {
      throw new Error('its clock');
    },
  };
  const answer = await serving(given(newer), (url) => refresh(code, url, undefined, throwing));
  t.like(answer, { outcome: 'bad-answer', code });
});

test('a server or a fetch that never answers times out, and the request is aborted', async (t) => {
  const silent = await serving(
    () => {},
    (url) => postJson(url, {}, 50),
  );
  t.deepEqual(silent, { missing: 'no answer within 50 ms' });
  let withdrawn = false;
  const never = (_: string, init: object) => {
    if ('signal' in init && init.signal instanceof AbortSignal) {
      init.signal.addEventListener('abort', () => {
        withdrawn = true;
      });
    }
    return new Promise<never>(() => {});
  };
  t.deepEqual(await postJson('https://example.com', {}, 20, never), { missing: 'no answer within 20 ms' });
  t.true(withdrawn);
  const slow: Respond = (response) => response.writeHead(200).write('{');
  t.deepEqual(await serving(slow, (url) => postJson(url, {}, 80)), { missing: 'no answer within 80 ms' });
});
