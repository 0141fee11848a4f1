/** The service: put together from its settings, listening, and stopped again. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import type { Catalog } from './catalog.ts';
import type { Config } from './config.ts';
import { dayOf } from './domain/day.ts';
import { Handouts } from './domain/handouts.ts';
import type { Mode } from './domain/order.ts';
import { createHttpServer, type Limits } from './http/server.ts';
import { type Made, makeMissing } from './keyring/bootstrap.ts';
import { readSimulatorPublicKey } from './keyring/simulator-key.ts';
import type { Log } from './log.ts';
import type { PaddleKeys } from './marketplaces/paddle-classic/authenticity.ts';
import { paddleClassic } from './marketplaces/paddle-classic/paddle-classic.ts';
import type { Signer } from './marketplaces/port.ts';
import { Metrics } from './metrics.ts';
import { openParts } from './parts.ts';

/** Milliseconds from the signal to stop until connections are cut, whatever they are doing. */
const STOP_MILLISECONDS = 9_000;

export interface Service {
  readonly url: string;
  readonly catalog: Catalog;
  readonly modes: readonly Mode[];
  /** What a first start made. */
  readonly made: readonly Made[];
  /** Stops accepting, finishes what is under way, closes the ledger: 10 seconds at the most. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly log: Log;
  readonly now?: () => number;
  readonly limits?: Limits;
}

/** Throws AppError `bad_configuration` naming all that has to be mended; nothing listens then. */
export async function startService(
  config: Config,
  { log, now = Date.now, limits }: ServiceOptions,
): Promise<Service> {
  const made = await makeMissing(config.keysDir, {
    today: dayOf(now()),
    passphrase: config.keyPassphrase,
    simulator: config.simulator,
    ledgerExists: existsSync(config.ledgerFile),
  });
  const modes = modesOf(config);
  const metrics = new Metrics();
  const parts = await openParts(config, {
    modesNeeded: modes,
    observeCommit: (acts, seconds) => metrics.commit(acts, seconds),
  });
  const { catalog, ledger } = parts;
  try {
    let stopping = false;
    const app = createApp({
      ...parts,
      handouts: new Handouts(),
      marketplaces: [paddleClassic({ ...parts, keys: paddleKeys(config) })],
      findProduct: (id) => catalog.get(id),
      products: catalog.all().length,
      modes,
      isStopping: () => stopping,
      log,
      metrics,
      now,
      newRequestId: randomUUID,
      trustProxy: config.trustProxy,
    });
    const answer = app.callback();
    const server = createHttpServer((request, response) => {
      // Else a connection whose request is answered during the stop would be kept alive until it is cut.
      response.once('finish', () => stopping && request.socket.end());
      return answer(request, response);
    }, limits);
    const url = await listen(server, config);
    const stop = async () => {
      stopping = true;
      await close(server);
      await ledger.close();
    };
    return { url, catalog, modes, made, stop };
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

/** The modes in which a sale can come in. */
function modesOf({ paddleClassic, simulator }: Config): Mode[] {
  const modes: Mode[] = [];
  if (paddleClassic.publicKey) modes.push('live');
  if (paddleClassic.sandboxPublicKey || simulator) modes.push('test');
  return modes;
}

function paddleKeys({
  paddleClassic: { publicKey, sandboxPublicKey },
  simulator,
  keysDir,
}: Config): PaddleKeys {
  const keys = [
    ['live', publicKey],
    ['sandbox', sandboxPublicKey],
    ['simulator', simulator ? readSimulatorPublicKey(keysDir) : undefined],
  ] as const;
  return keys.flatMap(([signer, key]) => (key === undefined ? [] : [[signer, key] as [Signer, typeof key]]));
}

function listen(server: Server, { host, port }: Config): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const { address, port: taken, family } = server.address() as AddressInfo;
      resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`);
    });
  });
}

/** Requests under way are answered and their connections closed; what has not ended by then is cut off. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), STOP_MILLISECONDS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
  });
}
