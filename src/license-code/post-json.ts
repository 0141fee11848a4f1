/** Sends one request to the seller's server. Every outcome, including no response, is a value. */

import { fromUtf8 } from './utf8.ts';

/** The part of `fetch` that is used. The `fetch` of browsers and of Node.js fits, and so does a function of your own. */
export type Fetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: { [name: string]: string };
    readonly body: string;
    readonly redirect: 'manual';
  },
) => PromiseLike<FetchResponse>;

/** The part of a response that is used. */
export interface FetchResponse {
  /** The HTTP status. */
  readonly status: number;
  /** The response headers. */
  readonly headers: { get(name: string): string | null };
  /** Whether a redirect was followed: such a response is not accepted. */
  readonly redirected?: boolean;
  /** The body as a stream, where there is one: it is read up to a limit. */
  readonly body?: unknown;
  /** The body as text. */
  text(): PromiseLike<string>;
}

export type Answer =
  | { readonly status: number; readonly retryAfter: string | null; readonly body: string }
  /** Why there is no response, for a log. */
  | { readonly missing: string };

/** Globals of every engine with a `fetch`, declared here so that the code needs no DOM or Node types. */
interface Host {
  readonly fetch?: Fetch;
  readonly AbortController?: new () => { readonly signal: unknown; abort(): void };
  readonly setTimeout?: (run: () => void, milliseconds: number) => unknown;
  readonly clearTimeout?: (timer: unknown) => void;
}

interface Chunks {
  getReader(): {
    read(): PromiseLike<{ readonly done: boolean; readonly value?: unknown }>;
    cancel(): PromiseLike<unknown>;
  };
}

/** Limit of a response in bytes: a hundred times the size of the server's response. */
const LONGEST_BODY = 2 ** 16;

const host = globalThis as unknown as Host;

/**
 * POSTs JSON and returns the response of any status. Does not follow redirects: they would send the code elsewhere.
 * Never rejects, and settles within the given milliseconds even if `fetch` never settles.
 */
export async function postJson(
  url: string,
  value: object,
  milliseconds: number,
  fetch: Fetch | undefined = host.fetch,
): Promise<Answer> {
  let timer: unknown;
  const abortion = host.AbortController === undefined ? null : new host.AbortController();
  const timeout = new Promise<Answer>((resolve) => {
    timer = host.setTimeout?.(() => {
      resolve({ missing: `no answer within ${milliseconds} ms` });
      abortion?.abort();
    }, milliseconds);
  });
  try {
    if (typeof fetch !== 'function') return { missing: 'there is no fetch here' };
    const answer = ask(fetch, url, JSON.stringify(value), abortion?.signal);
    return await Promise.race([timeout, answer]);
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  } finally {
    host.clearTimeout?.(timer);
  }
}

async function ask(fetch: Fetch, url: string, body: string, signal: unknown): Promise<Answer> {
  const init = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body,
    redirect: 'manual',
    ...(signal === undefined ? {} : { signal }),
  } as const;
  const response = await fetch(url, init);
  if (response.redirected === true) return { missing: 'the server sent the question elsewhere' };
  const { status, headers } = response;
  return { status, retryAfter: headers.get('Retry-After'), body: await readBody(response) };
}

/** Reads a response as text, nothing if it is too long. Reads it whole without a stream (React Native). */
async function readBody(response: FetchResponse): Promise<string> {
  if (Number(response.headers.get('Content-Length')) > LONGEST_BODY) return '';
  if (isChunks(response.body)) return readChunks(response.body);
  const text = await response.text();
  return text.length > LONGEST_BODY ? '' : text;
}

async function readChunks(body: Chunks): Promise<string> {
  const reader = body.getReader();
  const parts: number[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return fromUtf8(Uint8Array.from(parts));
    if (!(value instanceof Uint8Array) || parts.length + value.length > LONGEST_BODY) {
      await reader.cancel();
      return '';
    }
    for (const byte of value) parts.push(byte);
  }
}

function isChunks(body: unknown): body is Chunks {
  return (
    typeof body === 'object' && body !== null && 'getReader' in body && typeof body.getReader === 'function'
  );
}
