/** The outbox of a service: who is told, by which channels, and the worker that sends. */

import type { Catalog } from '../catalog/catalog.ts';
import { type Announcing, announcingOf } from '../domain/announcing.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { Log } from '../log.ts';
import { MARKETPLACES } from '../marketplaces/all.ts';
import type { Metrics } from '../metrics.ts';
import type { Channel } from '../outbox/channel.ts';
import { createCompleteChannel } from '../outbox/complete-channel.ts';
import { OutboxWorker } from '../outbox/worker.ts';
import type { Config } from './config.ts';

/** Tests replace who is told and by what. */
export interface OutboxParts {
  readonly announce?: Announcing | undefined;
  readonly channels?: readonly Channel[];
}

/** Who is told of changes: `mailing` and `telling`, where they are set. */
export function announceRules(): Announcing | undefined {
  return announcingOf({});
}

/** A line for each channel that is set. */
export function channelsOf(): readonly Channel[] {
  return [];
}

/** Fetches what events lack, where an account can. */
export function completeChannels(
  { accounts }: Pick<Config, 'accounts'>,
  { ledger, catalog }: { readonly ledger: Ledger; readonly catalog: Catalog },
  now: () => number,
): readonly Channel[] {
  const products = catalog.all();
  const isPossible = accounts.some(({ canFetch }) => canFetch?.('live') || canFetch?.('test'));
  const parts = { ledger, marketplaces: MARKETPLACES, accounts, products, now };
  return isPossible ? [createCompleteChannel(parts)] : [];
}

export interface Running {
  wake(): void;
  stop(): Promise<void>;
}

/** Starts to send, where this process is to send and there is a channel. */
export async function startOutbox({
  config,
  channels,
  ...parts
}: {
  readonly config: Pick<Config, 'outbox'>;
  readonly channels: readonly Channel[];
  readonly ledger: Ledger;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'announcementTried'>;
  readonly now: () => number;
}): Promise<Running> {
  if (config.outbox !== 'on' || channels.length === 0) return { wake: () => {}, stop: async () => {} };
  const { metrics } = parts;
  const observe = metrics.announcementTried.bind(metrics);
  const worker = new OutboxWorker({ ...parts, channels, observe, random: Math.random });
  await worker.start();
  return worker;
}
