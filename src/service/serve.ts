/** Composes the app, and listens. */
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { RefusedCallTally } from '../domain/ports/refused-calls.ts';
import { AfterAnswer } from '../http/edge/after-answer.ts';
import { createHttpServer } from '../http/edge/server.ts';
import { type Composed, compose } from './compose.ts';
import { mountFor } from './console.ts';
import { serveDownloads } from './downloads.ts';
import { close, listen } from './listening.ts';
import { customerTextsOf, downloadPagesFor, mountPagesFor } from './self-service.ts';
import { simulatorKeys } from './start-keys.ts';
import type { StartParts } from './start-parts.ts';

export interface Serving extends Pick<Composed, 'requests' | 'events'> {
  readonly url: string;
  /** Where the console listens; undefined: it is off. */
  readonly consoleUrl: string | undefined;
  readonly refused: RefusedCallTally;
  readonly afterAnswer: AfterAnswer;
  /** What `mintmark doctor` finds beside a running service. */
  readonly findings: () => Promise<Awaited<ReturnType<Examine>>>;
  /** From now on each connection is closed after its answer. */
  startToStop(): void;
  /** Answers open requests. */
  close(): Promise<void>;
  /** After everything that may still show a page. */
  closePages(): Promise<void>;
}

type Examine = typeof import('../doctor/running.ts').examineRunning;

export async function serve(parts: StartParts): Promise<Serving> {
  const { config, opened, modes, log, metrics, now, newRequestId, onDemand } = parts;
  const { limits, sharedCounts, traces } = parts;
  const afterAnswer = new AfterAnswer();
  const refused = new RefusedCallTally();
  let stopping = false;
  let url = '';
  let consoleUrl = '';
  const findings = async () => {
    const { examineRunning } = await import('../doctor/running.ts');
    return examineRunning(opened.ledger, config, now());
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
  return {
    url,
    consoleUrl: pages && (consoleUrl || url),
    requests,
    events,
    refused,
    afterAnswer,
    findings,
    startToStop: () => {
      stopping = true;
    },
    close: async () => {
      await Promise.all([close(server), consoleServer && close(consoleServer)]);
    },
    closePages: async () => pages?.close(),
  };
}
