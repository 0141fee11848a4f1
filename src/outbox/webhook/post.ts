/** One POST of a webhook: to the checked address, without redirects, in limited time, reading little of the answer. */
import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { ForbiddenAddress, isPublicAddress, publicLookup } from './public-address.ts';

/** Bytes of the answer that are read. */
const MOST_READ = 1024;
/** Milliseconds for everything: name, connection, TLS, answer. */
const LONGEST = 15_000;

export interface Target {
  readonly url: URL;
  /** Addresses that are not public are allowed. */
  readonly private: boolean;
}

export interface PostOptions {
  /** Looks names up; default that of the system. */
  readonly lookup?: LookupFunction;
  /** Milliseconds for everything. */
  readonly timeout?: number;
  /** Further certificate authorities, as PEM; default those of Node.js and NODE_EXTRA_CA_CERTS. */
  readonly ca?: string;
}

export type Answered =
  | { readonly status: number; readonly retryAfter: string | undefined; readonly text: string }
  /** There was no valid HTTP response: the error in words. */
  | { readonly fault: string };

export type Post = (
  target: Target,
  message: { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array },
  signal: AbortSignal,
) => Promise<Answered>;

/** The agents are of its own, so that neither a proxy of the environment nor a kept connection is used. */
export function createPost({ lookup, timeout = LONGEST, ca }: PostOptions = {}): Post {
  const agents = { 'http:': new HttpAgent(), 'https:': new HttpsAgent(ca === undefined ? {} : { ca }) };
  const guarded = publicLookup(lookup);
  return async ({ url, private: isPrivate }, { headers, body }, signal) => {
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    // Node.js looks up names only.
    if (!isPrivate && isIP(host) !== 0 && !isPublicAddress(host))
      return { fault: 'the address is not public: say private: on if that is meant' };
    const isSecure = url.protocol === 'https:';
    const ended = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
    try {
      return await new Promise<Answered>((resolve, reject) => {
        const options = {
          method: 'POST',
          headers: { ...headers, 'content-length': String(body.length) },
          agent: agents[isSecure ? 'https:' : 'http:'],
          signal: ended,
          ...(isPrivate ? lookup && { lookup } : { lookup: guarded }),
        };
        const call: ClientRequest = (isSecure ? httpsRequest : httpRequest)(url, options);
        // After the head of the answer its status counts, whatever happens to the rest.
        call.once('error', reject);
        // Node.js closes the connection after 101, without an error: no protocol is changed here.
        call.on('upgrade', (response, socket) => {
          socket.destroy();
          resolve({ status: response.statusCode ?? 0, retryAfter: undefined, text: '' });
        });
        call.on('response', (response) => {
          call.off('error', reject).on('error', () => {});
          readBeginning(response).then((text) => {
            call.destroy();
            const { statusCode = 0, headers } = response;
            resolve({ status: statusCode, retryAfter: headers['retry-after'], text });
          }, reject);
        });
        call.end(body);
      });
    } catch (error) {
      return { fault: signal.aborted ? 'the service is stopping' : faultText(error, timeout) };
    }
  };
}

/** What came when the answer ends, breaks off or is long enough: the status counts, whatever the text. */
function readBeginning(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const end = () => resolve(Buffer.concat(pieces).subarray(0, MOST_READ).toString());
    response.on('data', (piece: Buffer) => {
      pieces.push(piece);
      size += piece.length;
      if (size >= MOST_READ) end();
    });
    response.on('end', end);
    response.on('close', end);
    response.on('error', end);
  });
}

/** Without the address, which may hold a secret in its path. */
function faultText(error: unknown, timeout: number): string {
  if (error instanceof ForbiddenAddress) return `${error.message}: say private: on if that is meant`;
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'AbortError' || error.name === 'TimeoutError')
    return `no answer within ${timeout / 1000} seconds`;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return code === undefined ? 'no answer' : `no answer (${code})`;
}
