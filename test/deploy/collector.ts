/** OpenTelemetry's packages, and a collector that keeps what it gets. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Place, run } from './place.ts';

const PACKAGES = ['@opentelemetry/api@1.9.1', '@opentelemetry/sdk-node@0.223.0'];

export function installPackages(place: Place): void {
  run(place, 'npm', 'init', '-y');
  run(place, 'npm', 'install', '--silent', '--no-audit', '--no-fund', '--prefer-offline', ...PACKAGES);
}

/** A collector of OTLP over HTTP. */
export async function collect() {
  const pieces: Buffer[] = [];
  const server = createServer(async (request, response) => {
    for await (const piece of request) pieces.push(piece);
    response.writeHead(200, { 'content-type': request.headers['content-type'] ?? '' }).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => Buffer.concat(pieces),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
