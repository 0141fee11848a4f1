/** Unusual responses, and engines without streams, timers or AbortController. */
import test from 'ava';
import { type Fetch, type FetchResponse, postJson } from '../../src/license-code/post-json.ts';
import { refresh } from '../../src/license-code/refresh.ts';
import { mint } from '../kit/sample-codes.ts';

const LONGEST = 2 ** 16;
const code = mint();

/** A fetch with this response; without a stream, as in React Native. */
function answering(
  text: string,
  headers: Record<string, string> = {},
  rest: Partial<FetchResponse> = {},
): Fetch {
  const get = (name: string) => headers[name] ?? null;
  return async () => ({ status: 200, headers: { get }, text: async () => text, ...rest });
}

async function bodyOf(fetch: Fetch): Promise<string | undefined> {
  const answer = await postJson('https://x.example', {}, 1000, fetch);
  return 'body' in answer ? answer.body : undefined;
}

function streamOf(...sizes: number[]): unknown {
  const chunks = sizes.map((size) => ({ done: false, value: new Uint8Array(size).fill(0x41) }));
  const read = async () => chunks.shift() ?? { done: true };
  return { getReader: () => ({ read, cancel: async () => {} }) };
}

test('a response without a stream is read as text, whatever its `body` is', async (t) => {
  for (const body of [undefined, null, 'a stream', 7, {}, { getReader: true }]) {
    t.is(await bodyOf(answering('yes', {}, { body })), 'yes');
  }
});

test('a response of 64 KiB is read, and a longer response is not', async (t) => {
  t.is((await bodyOf(answering('A'.repeat(LONGEST))))?.length, LONGEST);
  t.is(await bodyOf(answering('A'.repeat(LONGEST + 1))), '');
  t.is(await bodyOf(answering('yes', { 'Content-Length': String(LONGEST) })), 'yes');
  t.is(await bodyOf(answering('yes', { 'Content-Length': String(LONGEST + 1) })), '');
  t.is((await bodyOf(answering('', {}, { body: streamOf(LONGEST - 1, 1) })))?.length, LONGEST);
  t.is(await bodyOf(answering('', {}, { body: streamOf(LONGEST, 1) })), '');
});

test('a redirected response is refused, and without a fetch the outcome is offline', async (t) => {
  t.deepEqual(await postJson('https://x.example', {}, 1000, answering('yes', {}, { redirected: true })), {
    missing: 'the server sent the question elsewhere',
  });
  t.is(await bodyOf(answering('yes', {}, { redirected: false })), 'yes');
  t.deepEqual(await postJson('https://x.example', {}, 1000, 7 as never), {
    missing: 'there is no fetch here',
  });
});

test.serial('an engine without timers and AbortController gets its response', async (t) => {
  const { AbortController, setTimeout, clearTimeout } = globalThis;
  Object.assign(globalThis, { AbortController: undefined, setTimeout: undefined, clearTimeout: undefined });
  try {
    t.is(await bodyOf(answering('yes')), 'yes');
  } finally {
    Object.assign(globalThis, { AbortController, setTimeout, clearTimeout });
  }
});

test('the verdict of the service is passed on, and an unreadable verdict counts as forged', async (t) => {
  const saying = (verdict: unknown) =>
    answering(JSON.stringify({ code: 'not_a_valid_code', verdict }), {}, { status: 422 });
  for (const [told, verdict] of [
    ['wrong-product', 'wrong-product'],
    [7, 'forged'],
  ]) {
    t.like(await refresh(code, 'https://x.example', saying(told)), { outcome: 'not-a-code', verdict });
  }
});

test('Retry-After is read as seconds or as a date; the default is one minute', async (t) => {
  const wait = async (text: string) => {
    const answer = await refresh(
      code,
      'https://x.example',
      answering('', { 'Retry-After': text }, { status: 503 }),
    );
    return answer.outcome === 'try-later' ? answer.seconds : Number.NaN;
  };
  const soon = await wait(new Date(Date.now() + 3_600_000).toUTCString());
  t.true(soon > 3500 && soon <= 3600);
  t.is(await wait('90'), 90);
  for (const nonsense of ['soon', '']) t.is(await wait(nonsense), 60, nonsense);
});

test('an invalid address gets no request', async (t) => {
  const fetch = () => t.fail();
  for (const url of [
    '',
    'x.example',
    'ftp://x.example',
    'see https://x.example',
    'https://x.example/?a=b',
    7,
  ]) {
    t.is((await refresh(code, url as string, fetch)).outcome, 'offline', String(url));
  }
});

test('a renewal counts at any distance from the held revision', async (t) => {
  const renewed = mint({ revision: 300 });
  const answer = await refresh(code, 'https://x.example', answering(JSON.stringify({ code: renewed })));
  t.deepEqual(answer, { outcome: 'renewed', code: renewed });
});
