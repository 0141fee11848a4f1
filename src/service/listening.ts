/** Where servers listen, and how they stop. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Milliseconds between the stop signal and the cut of all connections. */
const STOP_MILLISECONDS = 9_000;

interface Place {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
}

/** Resolves to the address, once it is taken. */
export function listen(server: Server, { host, port }: Place): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const { address, port: taken, family } = server.address() as AddressInfo;
      resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`);
    });
  });
}

/** Open requests are answered and their connections closed; the rest is cut at the end of the grace period. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), STOP_MILLISECONDS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
  });
}
