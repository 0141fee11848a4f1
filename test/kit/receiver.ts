/** A receiver of webhooks: a real HTTP or HTTPS server that keeps what it gets, and answers as a test says. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type Owner, temporaryFolder } from './service.ts';

export interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Receiver {
  readonly port: number;
  readonly url: URL;
  readonly received: Received[];
}

export type Answer = (response: ServerResponse, received: Received) => void;

export const ACCEPT: Answer = (response) => {
  response.writeHead(204).end();
};

/** `tls`: key and certificate as PEM. */
export async function startReceiver(
  owner: Owner,
  answer: Answer = ACCEPT,
  tls?: { readonly key: string; readonly cert: string },
): Promise<Receiver> {
  const received: Received[] = [];
  const listener: RequestListener = (request, response) => {
    buffer(request).then(
      (body) => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        );
        const call = { headers, body: body.toString() };
        received.push(call);
        answer(response, call);
      },
      () => response.destroy(),
    );
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  owner.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const scheme = tls === undefined ? 'http' : 'https';
  return { port, url: new URL(`${scheme}://localhost:${port}/hook`), received };
}

/** A certificate for `localhost` and `receiver.example` that signs itself. */
export function selfSigned(owner: Owner, days = 2): { readonly key: string; readonly cert: string } {
  const folder = temporaryFolder(owner);
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = 'subjectAltName=DNS:localhost,DNS:receiver.example';
  const words = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=receiver';
  execFileSync(
    'openssl',
    [...words.split(' '), '-days', String(days), '-addext', names, '-keyout', key, '-out', cert],
    {
      stdio: 'ignore',
    },
  );
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}
