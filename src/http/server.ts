/** The HTTP server around the app: Node's own limits, set, and the answers to what never becomes a request. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';

export interface Limits {
  /** Milliseconds for the head of a request, and for all of it. */
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  /** Milliseconds between the requests of a connection; above the 60 seconds of usual proxies, which reuse them. */
  readonly keepAliveTimeout: number;
  /** Milliseconds between two looks at the three above. */
  readonly connectionsCheckingInterval: number;
  /** Bytes of a request's head; a signed GET carries all its fields there. */
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

export function createHttpServer(listener: RequestListener, limits: Limits = LIMITS): Server {
  const { maxConnections, ...options } = limits;
  const server = createServer({ ...options, noDelay: true }, listener);
  server.maxConnections = maxConnections;
  server.on('clientError', answerClientError);
  return server;
}

const CLIENT_ERRORS: Readonly<Record<string, readonly [number, string, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'The head of the request is too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'The request took too long.'],
};

/** What Node refuses before there is a request gets the same kind of answer as all else. */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, reason, title] = CLIENT_ERRORS[error.code ?? ''] ?? [
    400,
    'Bad Request',
    'This is not HTTP.',
  ];
  const code = 'malformed_request';
  const body = JSON.stringify({ type: `urn:mintmark:problem:${code}`, title, status, code });
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
