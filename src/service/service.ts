/** The service: composes it from the settings, listens, and stops. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import type { Catalog } from '../catalog/catalog.ts';
import type { FoundBefore } from '../catalog/earlier-starts.ts';
import type { Mode } from '../domain/order.ts';
import { RefusedCallTally } from '../domain/refused-calls.ts';
import { AfterAnswer } from '../http/edge/after-answer.ts';
import type { SharedCounts } from '../http/edge/rate-limit.ts';
import { createHttpServer, type Limits } from '../http/edge/server.ts';
import type { Made } from '../keyring/bootstrap.ts';
import type { Log } from '../log.ts';
import { Metrics } from '../metrics.ts';
import { compose } from './compose.ts';
import type { Config } from './config.ts';
import { mountFor } from './console.ts';
import { serveDownloads } from './downloads.ts';
import { keepHouse } from './housekeeping.ts';
import { close, listen } from './listening.ts';
import { hasLedger, type OpenOptions, openParts } from './open.ts';
import { channelsOf, type OutboxOverrides, runOutboxOnce, startOutbox } from './outbox.ts';
import { startReconciling } from './reconcile-timer.ts';
import { customerTextsOf, downloadPagesFor, mountPagesFor } from './self-service.ts';
import { servedModes } from './served-modes.ts';
import { makeKeys, simulatorKeys } from './start-keys.ts';
import type { Traces } from './traces.ts';
import { watch } from './watch.ts';

export interface Service {
  readonly url: string;
  /** Where the console listens, and whether nobody has a passkey; undefined: it is off. */
  readonly consolePages: { readonly url: string; readonly knowsNobody: boolean } | undefined;
  readonly catalog: Catalog;
  readonly modes: readonly Mode[];
  /** The names of the served marketplaces. */
  readonly served: { readonly requests: readonly string[]; readonly events: readonly string[] };
  /** The files that a first start made. */
  readonly made: readonly Made[];
  /** Applies due changes; also once a minute. Resolves to the number of settled orders and subscriptions. */
  settleDue(): Promise<number>;
  /** Deletes the payloads of old events; also at the start and every six hours. Resolves when done. */
  forgetOldEvents(): Promise<void>;
  /** Announces to the seller what needs somebody; also at the start and every five minutes. */
  tellSeller(): Promise<void>;
  /** Sends what is due in the outbox, and waits for it. */
  sendDue(): Promise<void>;
  /** Resolves when no request is under way, and nothing of one is left to do. */
  idle(): Promise<void>;
  /** The short form of `mintmark doctor`: a line for each problem with the sales so far. */
  examine(): Promise<readonly string[]>;
  /** Stops accepting, finishes open requests, closes the ledger: within 10 seconds. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly log: Log;
  /** Replaces the clock of this computer, and that of a database: for tests that push the time. */
  readonly now?: () => number;
  readonly limits?: Limits;
  /** Opens the ledger; default `openMarkedLedger`. */
  readonly openLedger?: OpenOptions['openLedger'];
  readonly newRequestId?: () => string;
  /** Begin a new ledger where the ledger that the mark records is missing. */
  readonly newLedger?: boolean;
  /** Who is told of changes, and by which channels; default: as the settings say. */
  readonly outbox?: OutboxOverrides;
  /** A platform starts it for an event: it makes no keys, and nothing runs by a timer. */
  readonly onDemand?: boolean;
  readonly sharedCounts?: SharedCounts;
  readonly traces?: Traces | undefined;
  /** Default: all is found out again. */
  readonly earlier?: FoundBefore | undefined;
}

/** Throws AppError `bad_configuration` with all corrections; nothing listens then. */
export async function startService(
  config: Config,
  {
    log,
    now: pushed,
    limits,
    newLedger = false,
    onDemand = false,
    sharedCounts,
    traces,
    earlier,
    openLedger,
    outbox = {},
    newRequestId = randomUUID,
  }: ServiceOptions,
): Promise<Service> {
  const now = pushed ?? Date.now;
  const hadLedger = onDemand || (await hasLedger(config));
  const made: Made[] = onDemand ? [] : [...(await makeKeys(config, now(), hadLedger))];
  const modes = servedModes(config);
  const metrics = new Metrics();
  const bell: { ring: () => void } = { ring: () => {} };
  const opened = await openParts(config, {
    modesNeeded: modes,
    observeCommit: (acts, seconds) => metrics.commit(acts, seconds),
    onMarkFault: (error) =>
      log.error({ err: error }, 'the mark beside the keys cannot be written: an older ledger goes unnoticed'),
    newLedger,
    earlier,
    now,
    ...(pushed && { clock: 'given' }),
    openLedger,
    onAnnounced: () => bell.ring(),
    ...('announce' in outbox && { announce: outbox.announce }),
  });
  if (!hadLedger)
    made.push({
      what: 'the ledger',
      path: config.ledgerDatabase === undefined ? config.ledgerFile : 'the database of LEDGER_URL',
    });
  const { catalog, ledger } = opened;
  for (const product of opened.orphans) {
    log.warn(
      { product },
      'a product with sold licenses has no file: no sale of it is delivered, its licenses stay',
    );
  }
  if (opened.selfService === undefined && existsSync(config.shopFile))
    log.warn(`${config.shopFile} does nothing until PUBLIC_URL, SMTP_URL and MAIL_FROM are set`);
  const compareInstances = await watch(metrics, { config, ledger, now, catalog, log });
  try {
    const makeChannels = async () => outbox.channels ?? (await channelsOf({ config, ...opened, now }));
    const channels = config.outbox === 'on' && !onDemand ? await makeChannels() : (outbox.channels ?? []);
    const afterAnswer = new AfterAnswer();
    const refused = new RefusedCallTally();
    let stopping = false;
    let url = '';
    let consoleUrl = '';
    const findings = async () => {
      const { examineRunning } = await import('../doctor/running.ts');
      return examineRunning(ledger, config, now());
    };
    const pages = mountFor({
      config,
      opened,
      modes,
      examine: findings,
      listening: () => consoleUrl || url,
      serving: () => url,
      refused,
      now,
      log,
    });
    const downloads = serveDownloads(opened, { now, log, show: downloadPagesFor(opened) });
    const { app, pagesApp, requests, events } = await compose({
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
      afterAnswer,
      refused,
      sharedCounts,
      traces,
      pages,
      downloads,
      customerTexts: customerTextsOf(config),
      customerPages: mountPagesFor(opened, { now, log, offers: downloads?.offers }),
    });
    const answer = app.callback();
    const listener: RequestListener = (request, response) => {
      if (onDemand) afterAnswer.expect(once(response, 'close'));
      // Without this, a connection that is answered during the stop is kept alive until the cut.
      response.once('finish', () => stopping && request.socket.end());
      return answer(request, response);
    };
    const server = createHttpServer(listener, { log, newRequestId, ...(limits && { limits }) });
    url = await listen(server, config);
    const consoleServer = pagesApp && createHttpServer(pagesApp.callback(), { log, newRequestId });
    if (consoleServer !== undefined)
      consoleUrl = await listen(consoleServer, { host: '127.0.0.1', port: config.consolePort ?? 0 });
    const house = await keepHouse(
      { config, ledger, refused, now, log, compareInstances },
      { byTimers: !onDemand },
    );
    const sending = { config, channels, ledger, log, metrics, traces, now, poll: outbox.poll };
    const sender = await startOutbox(sending);
    const reconciler = onDemand ? undefined : startReconciling({ config, ledger, catalog, now, log });
    bell.ring = () => sender.wake();
    const stop = async () => {
      stopping = true;
      house.stop();
      await Promise.all([
        close(server),
        consoleServer && close(consoleServer),
        sender.stop(),
        reconciler?.stop(),
      ]);
      await pages?.close();
      await ledger.close();
    };
    const examine = async () => {
      const { shortForm } = await import('../doctor/running.ts');
      return shortForm(await findings());
    };
    const knowsNobody = pages !== undefined && (await ledger.consoleAccess.listPasskeys()).length === 0;
    const consolePages = pages && { url: consoleUrl || url, knowsNobody };
    const namesOf = (readers: readonly { readonly name: string }[]) => readers.map(({ name }) => name);
    const served = { requests: namesOf(requests), events: namesOf(events) };
    const { settleDue, forgetOldEvents, tellSeller } = house;
    let onceChannels: ReturnType<typeof makeChannels> | undefined;
    const sendDue = async () => {
      if (config.outbox === 'off') return;
      onceChannels ??= makeChannels();
      await runOutboxOnce({ ledger, channels: await onceChannels, log, metrics, traces, now });
    };
    return {
      url,
      consolePages,
      catalog,
      modes,
      served,
      made,
      settleDue,
      forgetOldEvents,
      tellSeller,
      sendDue,
      idle: () => afterAnswer.idle(),
      examine,
      stop,
    };
  } catch (error) {
    await ledger.close();
    throw error;
  }
}
