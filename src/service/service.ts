/** The service: composes it from the settings, listens, and stops. */
import type { Catalog } from '../catalog/catalog.ts';
import type { Mode } from '../domain/values/order.ts';
import type { Made } from '../keyring/bootstrap.ts';
import type { Channel } from '../outbox/channel.ts';
import type { Config } from './config.ts';
import { keepHouse } from './housekeeping.ts';
import { channelsOf, runOutboxOnce, startOutbox } from './outbox.ts';
import { startReconciling } from './reconcile-timer.ts';
import { type Serving, serve } from './serve.ts';
import { openStart, type ServiceOptions, type StartParts } from './start-parts.ts';
import { watch } from './watch.ts';

export interface Service {
  readonly url: string;
  /** Where the console listens, and whether nobody has a passkey; undefined: it is off. */
  readonly consolePages: { readonly url: string; readonly knowsNobody: boolean } | undefined;
  readonly catalog: Catalog;
  readonly modes: readonly Mode[];
  readonly hasLiveKey: boolean;
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

/** Throws AppError `bad_configuration` with all corrections; nothing listens then. */
export async function startService(config: Config, options: ServiceOptions): Promise<Service> {
  const parts = await openStart(config, options);
  const { catalog, ledger } = parts.opened;
  const { log, metrics, now, outbox } = parts;
  const compareInstances = await watch(metrics, { config, ledger, now, catalog, log });
  try {
    const channels = onceOnly(
      async () => outbox.channels ?? (await channelsOf({ config, ...parts.opened, now })),
    );
    // Their faults come before anything listens.
    if (sendsByTimers(parts)) await channels();
    return await run(parts, await serve(parts), { compareInstances, channels });
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

function sendsByTimers({ config, onDemand }: StartParts): boolean {
  return config.outbox === 'on' && !onDemand;
}

function onceOnly<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

interface Around {
  readonly compareInstances: Awaited<ReturnType<typeof watch>>;
  readonly channels: () => Promise<readonly Channel[]>;
}

/** Starts the work that no request asks for. */
async function run(
  parts: StartParts,
  serving: Serving,
  { compareInstances, channels }: Around,
): Promise<Service> {
  const { config, log, metrics, traces, now, outbox, onDemand } = parts;
  const { catalog, ledger } = parts.opened;
  const { url, consoleUrl, refused, findings } = serving;
  const {
    settleDue,
    forgetOldEvents,
    tellSeller,
    stop: stopHouse,
  } = await keepHouse({ config, ledger, refused, now, log, compareInstances }, { byTimers: !onDemand });
  const sending = { ledger, log, metrics, traces, now };
  const sender = await startOutbox({
    ...sending,
    config,
    channels: sendsByTimers(parts) ? await channels() : (outbox.channels ?? []),
    poll: outbox.poll,
  });
  const reconciler = onDemand ? undefined : startReconciling({ config, ledger, catalog, now, log });
  parts.bell.ring = () => sender.wake();
  const sendDue = async () => {
    if (config.outbox !== 'off') await runOutboxOnce({ ...sending, channels: await channels() });
  };
  const examine = async () => {
    const { shortForm } = await import('../doctor/running.ts');
    return shortForm(await findings());
  };
  const stop = async () => {
    serving.startToStop();
    stopHouse();
    await Promise.all([serving.close(), sender.stop(), reconciler?.stop()]);
    await serving.closePages();
    await ledger.close();
  };
  const knowsNobody = consoleUrl !== undefined && (await ledger.consoleAccess.listPasskeys()).length === 0;
  const namesOf = (readers: readonly { readonly name: string }[]) => readers.map(({ name }) => name);
  return {
    url,
    consolePages: consoleUrl === undefined ? undefined : { url: consoleUrl, knowsNobody },
    catalog,
    modes: parts.modes,
    hasLiveKey: parts.opened.signers.signerFor('live') !== undefined,
    served: { requests: namesOf(serving.requests), events: namesOf(serving.events) },
    made: parts.made,
    settleDue,
    forgetOldEvents,
    tellSeller,
    sendDue,
    idle: () => serving.afterAnswer.idle(),
    examine,
    stop,
  };
}
