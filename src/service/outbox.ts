/** The outbox of a service: who is told, by which channels, and the worker that sends. */

import type { Catalog } from '../catalog/catalog.ts';
import { type Announcing, announcingOf } from '../domain/announcing.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { Minter } from '../domain/minter.ts';
import type { Log } from '../log.ts';
import { MARKETPLACES } from '../marketplaces/all.ts';
import type { Templates } from '../message/templates.ts';
import type { Metrics } from '../metrics.ts';
import type { Channel } from '../outbox/channel.ts';

import { createMailChannel } from '../outbox/mail/mail-channel.ts';
import { mailingOf } from '../outbox/mail/mailing.ts';
import { Relay } from '../outbox/mail/relay.ts';
import { mailTopics } from '../outbox/mail/topics.ts';

import { OutboxWorker, type WorkerParts } from '../outbox/worker.ts';

import type { Config } from './config.ts';

/** Tests replace who is told and by what. */
export interface OutboxParts {
  readonly announce?: Announcing | undefined;
  readonly channels?: readonly Channel[];
}

/** Who is told of changes: `mailing` and `telling`, where they are set. */
export function announceRules({ mail }: Pick<Config, 'mail'>, catalog: Catalog): Announcing | undefined {
  const isMailed = mailTopics(MARKETPLACES);
  const mailing = mail && mailingOf((id) => catalog.get(id), isMailed);
  return announcingOf({ mailing });
}

/** A line for each channel that is set. */
export function channelsOf(
  { mail, publicUrl }: Pick<Config, 'mail' | 'publicUrl'>,
  opened: { readonly ledger: Ledger; readonly minter: Minter; readonly templates: Templates },
  now: () => number,
): readonly Channel[] {
  const seller = { address: mail?.seller, url: publicUrl };
  return [
    ...(mail === undefined ? [] : [createMailChannel({ ...opened, relay: new Relay(mail), seller, now })]),
  ];
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

/** Sends what is due now, and waits for it. Resolves to the number of tries by outcome. */
export function runOutboxOnce(
  parts: Pick<WorkerParts, 'ledger' | 'channels' | 'log' | 'now'>,
): ReturnType<OutboxWorker['runOnce']> {
  return new OutboxWorker({ ...parts, random: Math.random }).runOnce();
}
