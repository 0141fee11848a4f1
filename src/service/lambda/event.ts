/**
 * Events of Lambda as HTTP, and answers as results: function URLs and API Gateway's HTTP APIs, payload format 2.0
 * (docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 */
import { isIP } from 'node:net';
import { z } from 'zod';

/** A field that is not there, or null, as some emulators write it. */
const optional = <T extends z.ZodType>(type: T, otherwise: z.output<T>) =>
  type.nullish().transform((value) => value ?? otherwise);

/** What is read of an event; it has more. */
const httpEvent = z.object({
  version: z.literal('2.0'),
  rawPath: z.string(),
  rawQueryString: optional(z.string(), ''),
  /** Several of one name are joined by commas. */
  headers: optional(z.record(z.string(), z.string()), {}),
  cookies: optional(z.array(z.string()), []),
  requestContext: z.object({
    stage: optional(z.string(), '$default'),
    http: z.object({ method: z.string(), sourceIp: optional(z.string(), '') }),
  }),
  body: optional(z.string(), ''),
  isBase64Encoded: optional(z.boolean(), false),
});

export interface EventRequest {
  readonly method: string;
  /** The target of a request: path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes that were sent. */
  readonly body: Buffer;
}

export interface EventAnswer {
  readonly status: number;
  /** Names and values in turn, as node:http has them. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface EventResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: string;
  readonly isBase64Encoded: true;
}

/** Of one connection (RFC 9110, 7.6.1). */
const OF_THE_CONNECTION = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Undefined for an event that is no request. */
export function requestOf(event: unknown): EventRequest | undefined {
  const parsed = httpEvent.safeParse(event);
  if (!parsed.success) return undefined;
  const { rawPath, rawQueryString, requestContext, body, isBase64Encoded, cookies } = parsed.data;
  const { stage, http } = requestContext;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(parsed.data.headers)) {
    const lower = name.toLowerCase();
    // The length of what was sent: the body may have come in base64.
    if (!OF_THE_CONNECTION.has(lower) && lower !== 'content-length')
      headers[lower] = Buffer.from(value, 'utf8').toString('latin1');
  }
  if (cookies.length > 0) headers['cookie'] = cookies.join('; ');
  // The platform's own word: callers can write these headers too.
  headers['x-forwarded-proto'] = 'https';
  delete headers['x-forwarded-for'];
  if (isIP(http.sourceIp) > 0) headers['x-forwarded-for'] = http.sourceIp;
  const path = escaped(withoutStage(rawPath, stage), /[^!-~]|[?#]/gu);
  const query = escaped(rawQueryString, /[^!-~]|#/gu);
  return {
    method: http.method,
    target: `${path.startsWith('/') ? path : `/${path}`}${query === '' ? '' : `?${query}`}`,
    headers,
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** The body is always in base64: so its bytes arrive as they are, whatever its type. */
export function resultOf({ status, rawHeaders, body }: EventAnswer): EventResult {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (let place = 0; place + 1 < rawHeaders.length; place += 2) {
    const [name = '', value = ''] = rawHeaders.slice(place, place + 2);
    const lower = name.toLowerCase();
    if (lower === 'set-cookie') cookies.push(value);
    else if (!OF_THE_CONNECTION.has(lower))
      headers[lower] = headers[lower] === undefined ? value : `${headers[lower]}, ${value}`;
  }
  return {
    statusCode: status,
    headers,
    cookies,
    body: body.toString('base64'),
    isBase64Encoded: true,
  };
}

/** A stage with a name is the first part of the path. */
function withoutStage(path: string, stage: string): string {
  const prefix = `/${stage}`;
  return path === prefix || path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
}

/** The platform may have decoded what node:http does not send. */
function escaped(text: string, unsafe: RegExp): string {
  return text.replace(unsafe, (letter) =>
    Buffer.from(letter, 'utf8').reduce(
      (all, byte) => `${all}%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
      '',
    ),
  );
}
