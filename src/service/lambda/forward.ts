/** Passes a request of an event to the service of this process, over its own port, as any request comes. */
import { createRequire } from 'node:module';
import type { EventAnswer, EventRequest } from './event.ts';

/** An `import` of node:http costs what http/edge/server.ts says. */
const require = createRequire(import.meta.url);

const { Agent, request } = require('node:http') as typeof import('node:http');

export type Forward = (asked: EventRequest) => Promise<EventAnswer>;

/** `url`: where the service listens. Rejects if the request cannot be sent or has no answer. */
export function forwardTo(url: string): Forward {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  // A connection that stood still with the process may be closed at the other end.
  const agent = new Agent({ keepAlive: false });
  return ({ method, target, headers, body }) =>
    new Promise((resolve, reject) => {
      const length = body.length > 0 || method === 'POST' ? { 'content-length': String(body.length) } : {};
      const sent = request(
        { host, port, method, path: target, headers: { ...headers, ...length }, agent },
        (response) => {
          const pieces: Buffer[] = [];
          response.on('data', (piece: Buffer) => pieces.push(piece));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 500,
              rawHeaders: response.rawHeaders,
              body: Buffer.concat(pieces),
            }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
}
