/** The service: put together from its settings, listening, and stopped again. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Catalog } from '../catalog/catalog.ts';
import type { CheckText } from '../catalog/passed-texts.ts';
import { dayOf } from '../domain/day.ts';
import { Handouts } from '../domain/handouts.ts';
import type { Mode } from '../domain/order.ts';
import { createHttpServer, type Limits } from '../http/server.ts';
import { type Made, makeMissing } from '../keyring/bootstrap.ts';
import { createCodeReader } from '../keyring/code-reader.ts';
import { RevocationPublisher } from '../keyring/revocation-publisher.ts';
import { readSimulatorPublicKey, simulatorSecret } from '../keyring/simulator-key.ts';
import type { Log } from '../log.ts';
import { fastSpringEvents, fastSpringRequests } from '../marketplaces/fastspring/fastspring.ts';
import type { EventMarketplace, FulfillmentMarketplace, Signer } from '../marketplaces/marketplace.ts';
import type { PaddleKeys } from '../marketplaces/paddle-classic/authenticity.ts';
import { paddleClassicEvents, paddleClassicRequests } from '../marketplaces/paddle-classic/paddle-classic.ts';
import { Metrics } from '../metrics.ts';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import { keepHouse } from './housekeeping.ts';
import { openParts, type Parts } from './open.ts';
import { servedModes } from './served-modes.ts';

/** Milliseconds from the signal to stop until connections are cut, whatever they are doing. */
const STOP_MILLISECONDS = 9_000;

export interface Service {
  readonly url: string;
  readonly catalog: Catalog;
  readonly modes: readonly Mode[];
  /** What a first start made. */
  readonly made: readonly Made[];
  /** Applies what time alone made true; also done once a minute. Resolves to how many stories were settled. */
  settleDue(): Promise<number>;
  /** Forgets what old events said; also begun at the start and every six hours. Resolves when it is done. */
  forgetOldEvents(): Promise<void>;
  /** The short form of `mintmark doctor`: a line for whatever of the sales so far somebody should look at. */
  examine(): Promise<readonly string[]>;
  /** Stops accepting, finishes what is under way, closes the ledger: 10 seconds at the most. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly log: Log;
  readonly now?: () => number;
  readonly limits?: Limits;
  /** Begin a new ledger where the mark beside the keys knows of one that is missing. */
  readonly newLedger?: boolean;
  /** Checks the products' texts; `checkTemplate`, if not given. */
  readonly checkText?: CheckText | undefined;
}

/** Throws AppError `bad_configuration` naming all that has to be mended; nothing listens then. */
export async function startService(
  config: Config,
  { log, now = Date.now, limits, newLedger = false, checkText }: ServiceOptions,
): Promise<Service> {
  const hadLedger = existsSync(config.ledgerFile);
  const made: Made[] = [
    ...(await makeMissing(config.keysDir, {
      today: dayOf(now()),
      passphrase: config.keyPassphrase,
      simulator: config.simulator,
      ledgerExists: hadLedger,
    })),
  ];
  const modes = servedModes(config);
  const metrics = new Metrics();
  const parts = await openParts(config, {
    modesNeeded: modes,
    observeCommit: (acts, seconds) => metrics.commit(acts, seconds),
    onMarkFault: (error) =>
      log.error({ err: error }, 'the mark beside the keys cannot be written: an older ledger goes unnoticed'),
    newLedger,
    checkText,
    now,
  });
  if (!hadLedger) made.push({ what: 'the ledger', path: config.ledgerFile });
  const { catalog, ledger } = parts;
  for (const product of parts.orphans) {
    log.warn(
      { product },
      'a product with sold licenses has no file: no sale of it is delivered, its licenses live on',
    );
  }
  metrics.watch(ledger, now);
  const { keyring, signerFor } = parts.signers;
  const findProduct = (id: string) => catalog.get(id);
  try {
    let stopping = false;
    const app = createApp({
      ...parts,
      handouts: new Handouts(),
      ...marketplacesOf(config, parts),
      keyring,
      readCode: createCodeReader(
        keyring,
        catalog.all().map(({ id }) => id),
      ),
      findProduct,
      revocations: new RevocationPublisher({ ledger, signerFor, findProduct, now }),
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
    const listener: RequestListener = (request, response) => {
      // Else a connection whose request is answered during the stop would be kept alive until it is cut.
      response.once('finish', () => stopping && request.socket.end());
      return answer(request, response);
    };
    const server = createHttpServer(listener, { log, newRequestId: randomUUID, ...(limits && { limits }) });
    const url = await listen(server, config);
    const house = await keepHouse({ config, ledger, now, log });
    const stop = async () => {
      stopping = true;
      house.stop();
      await close(server);
      await ledger.close();
    };
    const examine = async () => {
      const { examineRunning, shortForm } = await import('../doctor/examine.ts');
      return shortForm(await examineRunning(ledger, config, now()));
    };
    const { settleDue, forgetOldEvents } = house;
    return { url, catalog, modes, made, settleDue, forgetOldEvents, examine, stop };
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

/** A marketplace is served once somebody could sign a call of it: it has a key or secret here, or the simulator is on. */
function marketplacesOf(
  config: Config,
  parts: Parts,
): { marketplaces: FulfillmentMarketplace[]; eventMarketplaces: EventMarketplace[] } {
  const { simulator, keysDir, fastSpring } = config;
  const keys = paddleKeys(config);
  const secret = simulator ? simulatorSecret(keysDir) : undefined;
  const products = parts.catalog.all();
  const marketplaces = [paddleClassicRequests({ ...parts, keys })];
  if (fastSpring.licenseKeys.length > 0 || secret !== undefined) {
    marketplaces.push(fastSpringRequests({ ...parts, ...fastSpring, simulatorSecret: secret }));
  }
  const eventMarketplaces = [paddleClassicEvents({ keys, products })];
  if (fastSpring.webhookSecrets.length > 0 || secret !== undefined) {
    eventMarketplaces.push(fastSpringEvents({ ...fastSpring, simulatorSecret: secret, products }));
  }
  return { marketplaces, eventMarketplaces };
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
