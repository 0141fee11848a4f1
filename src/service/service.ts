/** The service: composes it from the settings, listens, and stops. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Catalog } from '../catalog/catalog.ts';
import type { CheckText } from '../catalog/passed-texts.ts';
import { dayOf } from '../domain/day.ts';
import type { Mode } from '../domain/order.ts';
import { createHttpServer, type Limits } from '../http/edge/server.ts';
import { type Made, makeMissing } from '../keyring/bootstrap.ts';
import { readSimulatorPublicKey, simulatorSecret } from '../keyring/simulator-key.ts';
import type { Log } from '../log.ts';
import type { SharedKeys } from '../marketplaces/simulator.ts';
import { Metrics } from '../metrics.ts';
import { compose } from './compose.ts';
import type { Config } from './config.ts';
import { keepHouse } from './housekeeping.ts';
import { type OpenOptions, openParts } from './open.ts';
import { servedModes } from './served-modes.ts';

/** Milliseconds from the signal to stop until connections are cut, whatever they are doing. */
const STOP_MILLISECONDS = 9_000;

export interface Service {
  readonly url: string;
  readonly catalog: Catalog;
  readonly modes: readonly Mode[];
  /** The names of the marketplaces whose calls are answered. */
  readonly served: { readonly requests: readonly string[]; readonly events: readonly string[] };
  /** What a first start made. */
  readonly made: readonly Made[];
  /** Applies changes that are due by time alone; also done once a minute. Resolves to how many stories were settled. */
  settleDue(): Promise<number>;
  /** Deletes the payloads of old events; also begun at the start and every six hours. Resolves when it is done. */
  forgetOldEvents(): Promise<void>;
  /** The short form of `mintmark doctor`: a line for each problem with the sales so far. */
  examine(): Promise<readonly string[]>;
  /** Stops accepting, finishes the requests under way, closes the ledger. Takes 10 seconds at most. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly log: Log;
  readonly now?: () => number;
  readonly limits?: Limits;
  /** Opens the ledger; `openMarkedLedger`, if not given. */
  readonly openLedger?: OpenOptions['openLedger'];
  readonly newRequestId?: () => string;
  /** Begin a new ledger where the mark beside the keys knows of one that is missing. */
  readonly newLedger?: boolean;
  /** Checks the products' texts; `checkTemplate`, if not given. */
  readonly checkText?: CheckText | undefined;
}

/** Throws AppError `bad_configuration` naming all that has to be mended; nothing listens then. */
export async function startService(
  config: Config,
  {
    log,
    now = Date.now,
    limits,
    newLedger = false,
    checkText,
    openLedger,
    newRequestId = randomUUID,
  }: ServiceOptions,
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
  const opened = await openParts(config, {
    modesNeeded: modes,
    observeCommit: (acts, seconds) => metrics.commit(acts, seconds),
    onMarkFault: (error) =>
      log.error({ err: error }, 'the mark beside the keys cannot be written: an older ledger goes unnoticed'),
    newLedger,
    checkText,
    now,
    openLedger,
  });
  if (!hadLedger) made.push({ what: 'the ledger', path: config.ledgerFile });
  const { catalog, ledger } = opened;
  for (const product of opened.orphans) {
    log.warn(
      { product },
      'a product with sold licenses has no file: no sale of it is delivered, its licenses live on',
    );
  }
  metrics.watch(ledger, now);
  try {
    let stopping = false;
    const { app, requests, events } = compose({
      opened,
      accounts: config.accounts,
      simulator: simulatorKeys(config),
      modes,
      trustProxy: config.trustProxy,
      log,
      metrics,
      now,
      newRequestId,
      isStopping: () => stopping,
    });
    const answer = app.callback();
    const listener: RequestListener = (request, response) => {
      // Else a connection whose request is answered during the stop would be kept alive until it is cut.
      response.once('finish', () => stopping && request.socket.end());
      return answer(request, response);
    };
    const server = createHttpServer(listener, { log, newRequestId, ...(limits && { limits }) });
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
    const namesOf = (readers: readonly { readonly name: string }[]) => readers.map(({ name }) => name);
    const served = { requests: namesOf(requests), events: namesOf(events) };
    const { settleDue, forgetOldEvents } = house;
    return { url, catalog, modes, served, made, settleDue, forgetOldEvents, examine, stop };
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

function simulatorKeys({ simulator, keysDir }: Config): SharedKeys | undefined {
  return simulator
    ? { publicKey: readSimulatorPublicKey(keysDir), secret: simulatorSecret(keysDir) }
    : undefined;
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
