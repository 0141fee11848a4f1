/** Requests as AWS hands them to a function: the events of a function URL and of API Gateway's HTTP APIs. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EventResult } from '../../src/service/lambda/event.ts';
import { forwardTo } from '../../src/service/lambda/forward.ts';
import { createHandler, type Handler } from '../../src/service/lambda/handler.ts';
import type { Service } from '../../src/service/service.ts';
import type { Owner } from './service.ts';

export interface Asked {
  readonly method?: string;
  /** Path and query. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export const SHAPES = ['function-url', 'api-gateway'] as const;
export type Shape = (typeof SHAPES)[number];

export const SOURCE = '203.0.113.7';

/** Types whose bodies a function URL hands over as text. */
const TEXT = /^(text\/|application\/(json|javascript|xml))/;

/**
 * The event of a request. A function URL hands over texts as text, and all else in base64; API Gateway hands over what is
 * UTF-8 as text.
 */
export function eventOf(
  shape: Shape,
  { method = 'GET', target, headers = {}, body = Buffer.alloc(0) }: Asked,
): object {
  const [path = '', query = ''] = split(target);
  const { cookie, ...others } = headers;
  const isText =
    shape === 'function-url'
      ? TEXT.test(headers['content-type'] ?? '')
      : Buffer.from(body.toString('utf8')).equals(body);
  const domainName =
    shape === 'function-url'
      ? 'abcdefg.lambda-url.eu-central-1.on.aws'
      : 'abcdefg.execute-api.eu-central-1.amazonaws.com';
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    ...(cookie !== undefined && { cookies: cookie.split('; ') }),
    headers: { 'x-forwarded-proto': 'https', 'x-forwarded-port': '443', ...others },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'abcdefg',
      domainName,
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: SOURCE, userAgent: 'test' },
      requestId: 'b0d2f5a4-0000-4000-8000-000000000000',
      routeKey: '$default',
      stage: '$default',
      time: '20/Nov/2026:12:00:00 +0000',
      timeEpoch: 1_795_176_000_000,
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

function split(target: string): readonly [string, string] {
  const mark = target.indexOf('?');
  return mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}

/** What the caller of the function gets. */
export function answerOf(result: unknown): {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
} {
  const { statusCode, headers, cookies, body, isBase64Encoded } = result as EventResult;
  return {
    status: statusCode,
    headers,
    cookies,
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** The address of a service; or, where TEST_THROUGH names a shape, one whose requests come to it as such events. */
export async function throughEvents(
  owner: Owner,
  { url, idle }: Pick<Service, 'url' | 'idle'>,
): Promise<string> {
  const shape = SHAPES.find((name) => name === process.env['TEST_THROUGH']);
  if (shape === undefined) return url;
  return serveEvents(owner, shape, handlerOf({ url, idle }));
}

/** The handler of Lambda in front of a service that runs already. */
export function handlerOf({ url, idle }: Pick<Service, 'url' | 'idle'>): Handler {
  const nothing = async () => {};
  const behind = { forward: forwardTo(url), idle, everyMinute: nothing, everyDay: nothing };
  const log = { error: console.error, flush: nothing };
  return createHandler({ open: async () => behind, log, newRequestId: randomUUID });
}

/** A port at which `handle` answers what comes as events of the shape, as AWS would in front of a function. */
export async function serveEvents(
  owner: Owner,
  shape: Shape,
  handle: (event: unknown) => Promise<unknown>,
): Promise<string> {
  const server = createServer(async (request, response) => {
    const event = eventOf(shape, {
      method: request.method ?? '',
      target: request.url ?? '',
      headers: headersOf(request),
      body: await bodyOf(request),
    });
    const { status, headers, cookies, body } = answerOf(await handle(event));
    response.writeHead(status, {
      ...headers,
      ...(body.length > 0 && { 'content-length': body.length }),
      ...(cookies.length > 0 && { 'set-cookie': [...cookies] }),
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  owner.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(',') : value]],
    ),
  );
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of request) pieces.push(piece);
  } catch {
    // Broken off: the platform hands over nothing.
  }
  return Buffer.concat(pieces);
}
