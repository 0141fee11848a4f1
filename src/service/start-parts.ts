/** The parts of a start: settings in; keys, products and the open ledger out. Nothing listens yet. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { FoundBefore } from '../catalog/earlier-starts.ts';
import type { Mode } from '../domain/values/order.ts';
import type { SharedCounts } from '../http/edge/rate-limit.ts';
import type { Limits } from '../http/edge/server.ts';
import type { Made } from '../keyring/bootstrap.ts';
import type { Log } from '../log.ts';
import { Metrics } from '../metrics.ts';
import type { Config } from './config.ts';
import { hasLedger, type Opened, type OpenOptions, openParts } from './open.ts';
import type { OutboxOverrides } from './outbox.ts';
import { servedModes } from './served-modes.ts';
import { makeKeys } from './start-keys.ts';
import type { Traces } from './traces.ts';

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

/** What the rest of a start is made from. */
export interface StartParts {
  readonly config: Config;
  readonly opened: Opened;
  readonly modes: readonly Mode[];
  /** The files that a first start made. */
  readonly made: readonly Made[];
  readonly log: Log;
  readonly metrics: Metrics;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
  readonly newRequestId: () => string;
  readonly limits: Limits | undefined;
  readonly sharedCounts: SharedCounts | undefined;
  readonly traces: Traces | undefined;
  readonly outbox: OutboxOverrides;
  readonly onDemand: boolean;
  /** `ring` is called once something was announced. */
  readonly bell: { ring: () => void };
}

/** Throws AppError `bad_configuration` with all corrections. The caller closes the ledger. */
export async function openStart(config: Config, options: ServiceOptions): Promise<StartParts> {
  const { log, now: pushed, onDemand = false, newLedger = false, outbox = {} } = options;
  const now = pushed ?? Date.now;
  const hadLedger = onDemand || (await hasLedger(config));
  const made: Made[] = onDemand ? [] : [...(await makeKeys(config, now(), hadLedger))];
  const modes = servedModes(config);
  const metrics = new Metrics();
  const bell = { ring: () => {} };
  const opened = await openParts(config, {
    modesNeeded: modes,
    observeCommit: (acts, seconds) => metrics.commit(acts, seconds),
    onMarkFault: (error) =>
      log.error({ err: error }, 'the mark beside the keys cannot be written: an older ledger goes unnoticed'),
    service: { warn: (line, error) => log.warn(error === undefined ? {} : { err: error }, line) },
    newLedger,
    earlier: options.earlier,
    now,
    ...(pushed && { clock: 'given' }),
    openLedger: options.openLedger,
    onAnnounced: () => bell.ring(),
    ...('announce' in outbox && { announce: outbox.announce }),
  });
  const { ledgerDatabase, ledgerFile } = config;
  if (!hadLedger)
    made.push({
      what: 'the ledger',
      path: ledgerDatabase === undefined ? ledgerFile : 'the database of LEDGER_URL',
    });
  warnOf(config, opened, log);
  const { limits, sharedCounts, traces, newRequestId = randomUUID } = options;
  return {
    config,
    opened,
    modes,
    made,
    log,
    metrics,
    now,
    newRequestId,
    limits,
    sharedCounts,
    traces,
    outbox,
    onDemand,
    bell,
  };
}

function warnOf({ shopFile }: Config, { orphans, selfService }: Opened, log: Log): void {
  for (const product of orphans) {
    log.warn(
      { product },
      'a product with sold licenses has no file: no sale of it is delivered, its licenses stay',
    );
  }
  if (selfService === undefined && existsSync(shopFile))
    log.warn(`${shopFile} does nothing until PUBLIC_URL, SMTP_URL and MAIL_FROM are set`);
}
