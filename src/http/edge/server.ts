/** The HTTP server around the app: the limits of node:http, and the answers to bytes that are no HTTP request. */
import type { RequestListener, Server } from 'node:http';
import { createRequire } from 'node:module';
import type { Duplex } from 'node:stream';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { problemOf } from './problem.ts';

/** An `import` of node:http reads all of its lazy exports, of which one loads undici: 25 ms and 6 MB. */
const require = createRequire(import.meta.url);

const { createServer, STATUS_CODES } = require('node:http') as typeof import('node:http');

export interface Limits {
  /** Milliseconds for the head of a request, and for the whole request. */
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  /** Milliseconds that a connection may be idle; longer than the 60 seconds for which proxies reuse one. */
  readonly keepAliveTimeout: number;
  /** Milliseconds between two checks of the three above. */
  readonly connectionsCheckingInterval: number;
  /** Bytes of a request's head; a signed GET has all its fields in it. */
  readonly maxHeaderSize: number;
  readonly maxConnections: number;
}

export const LIMITS: Limits = {
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 32 * 1024,
  maxConnections: 4_096,
};

export interface HttpServerOptions {
  readonly limits?: Limits;
  /** For what is refused before it is a request. */
  readonly newRequestId: () => string;
  readonly log: Pick<Log, 'warn'>;
}

export function createHttpServer(listener: RequestListener, options: HttpServerOptions): Server {
  const { maxConnections, ...limits } = options.limits ?? LIMITS;
  const server = createServer({ ...limits, noDelay: true }, listener);
  server.maxConnections = maxConnections;
  server.on('clientError', (error, socket) => answerClientError(error, socket, options));
  return server;
}

const CLIENT_ERRORS: Readonly<Record<string, AppError>> = {
  HPE_HEADER_OVERFLOW: new AppError('head_too_large', 'The head of the request is too large.'),
  ERR_HTTP_REQUEST_TIMEOUT: new AppError('request_timeout', 'The request took too long.'),
};
const NOT_HTTP = new AppError('malformed_request', 'This is not HTTP.');

/** Answers with a problem, as the app does, if Node.js cannot parse a request. */
function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  { newRequestId, log }: HttpServerOptions,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOf(CLIENT_ERRORS[error.code ?? ''] ?? NOT_HTTP, newRequestId());
  log.warn({ request: problem.request, status: problem.status, outcome: problem.code, why: error.code });
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\nConnection: close\r\n` +
      `X-Request-Id: ${problem.request}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
