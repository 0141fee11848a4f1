/** The outbox of a service: who is told, by which channels, and the worker that sends. */

import type { Catalog } from '../catalog/catalog.ts';
import { type Announcing, announcingOf } from '../domain/announcements/announcing.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { Minter } from '../domain/minter.ts';
import type { Announcement } from '../domain/values/announcement.ts';
import type { Log } from '../log.ts';
import { MARKETPLACES } from '../marketplaces/all.ts';
import type { Templates } from '../message/templates.ts';
import type { Metrics } from '../metrics.ts';
import type { Channel } from '../outbox/channel.ts';
import { createCompleteChannel } from '../outbox/complete-channel.ts';
import { mailingOf } from '../outbox/mail/mailing.ts';
import { mailTopics } from '../outbox/mail/topics.ts';
import { loadEndpoints } from '../outbox/webhook/endpoints-file.ts';
import { customerOf, tellingOf } from '../outbox/webhook/telling.ts';
import { OutboxWorker, type WorkerSetup } from '../outbox/worker.ts';

import type { Config } from './config.ts';
import { inquiryChannel, ownMails, type SelfServiceSetup } from './self-service.ts';
import type { Traces } from './traces.ts';

/** Tests replace who is told and by what. */
export interface OutboxOverrides {
  readonly announce?: Announcing | undefined;
  readonly channels?: readonly Channel[];
  readonly poll?: WorkerSetup['poll'];
}

/** Who is told of changes: by mails, and by webhooks. */
export async function announceRules(
  { mail, webhooksFile }: Pick<Config, 'mail' | 'webhooksFile'>,
  catalog: Catalog,
): Promise<Announcing | undefined> {
  const endpoints = await loadEndpoints(webhooksFile);
  const mailing = mail && mailingOf((id) => catalog.get(id), mailTopics(MARKETPLACES));
  return announcingOf({ mailing, telling: tellingOf(endpoints) });
}

/** What channels are made from. */
export interface ChannelSources {
  readonly config: Pick<Config, 'mail' | 'publicUrl' | 'webhooksFile' | 'variable' | 'accounts'>;
  readonly ledger: Ledger;
  readonly minter: Minter;
  readonly templates: Templates;
  readonly catalog: Catalog;
  readonly selfService: SelfServiceSetup | undefined;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
}

/** A line for each channel that is set. Throws AppError `bad_configuration` for a missing secret. */
export async function channelsOf(sources: ChannelSources): Promise<readonly Channel[]> {
  const { now } = sources;
  return [
    ...(await mailChannel(sources)),
    ...(await inquiryChannel(sources, now)),
    ...(await webhookChannel(sources)),
    ...completeChannel(sources),
  ];
}

/** Loaded where mail is on. */
async function mailChannel({
  config: { mail, publicUrl },
  ...sources
}: ChannelSources): Promise<readonly Channel[]> {
  if (mail === undefined) return [];
  const { createMailChannel } = await import('../outbox/mail/mail-channel.ts');
  const { Relay } = await import('../outbox/mail/relay.ts');
  const seller = { address: mail.seller, url: publicUrl };
  const own = ownMails(sources, sources.now);
  return [createMailChannel({ ...sources, ...own, relay: new Relay(mail), seller })];
}

/** Loaded where there are endpoints. */
async function webhookChannel({ config, ledger, now }: ChannelSources): Promise<readonly Channel[]> {
  const { webhooksFile, variable } = config;
  const endpoints = await loadEndpoints(webhooksFile);
  if (endpoints.length === 0) return [];
  const { createWebhookChannel } = await import('../outbox/webhook/webhook-channel.ts');
  const { createPost } = await import('../outbox/webhook/post.ts');
  const { readSecrets } = await import('../outbox/webhook/endpoint-secrets.ts');
  const secrets = readSecrets(endpoints, variable, webhooksFile);
  const findCustomer = (announcement: Announcement) => customerOf(ledger, announcement);
  return [createWebhookChannel({ endpoints, secrets, post: createPost(), customerOf: findCustomer, now })];
}

/** Fetches what events lack, where an account can. */
function completeChannel({ config: { accounts }, ledger, catalog, now }: ChannelSources): readonly Channel[] {
  const isPossible = accounts.some(({ canFetch }) => canFetch?.('live') || canFetch?.('test'));
  const sources = { ledger, marketplaces: MARKETPLACES, accounts, products: catalog.all(), now };
  return isPossible ? [createCompleteChannel(sources)] : [];
}

export interface Running {
  wake(): void;
  stop(): Promise<void>;
}

/** Starts to send, where this process is to send and there is a channel. */
export async function startOutbox({
  config,
  channels,
  ...sources
}: {
  readonly config: Pick<Config, 'outbox'>;
  readonly channels: readonly Channel[];
  readonly ledger: Ledger;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'announcementTried'>;
  readonly traces?: Pick<Traces, 'tried'> | undefined;
  readonly now: () => number;
  readonly poll?: WorkerSetup['poll'];
}): Promise<Running> {
  if (config.outbox !== 'on' || channels.length === 0) return { wake: () => {}, stop: async () => {} };
  const observe = observer(sources);
  const worker = new OutboxWorker({ ...sources, channels, observe, random: Math.random });
  await worker.start();
  return worker;
}

/** Sends what is due now, and waits for it. Resolves to the number of tries by outcome. */
export function runOutboxOnce(
  sources: Pick<WorkerSetup, 'ledger' | 'channels' | 'log' | 'now'> & Observers,
): ReturnType<OutboxWorker['runOnce']> {
  return new OutboxWorker({ ...sources, observe: observer(sources), random: Math.random }).runOnce();
}

interface Observers {
  readonly metrics?: Pick<Metrics, 'announcementTried'>;
  readonly traces?: Pick<Traces, 'tried'> | undefined;
}

function observer({ metrics, traces }: Observers): NonNullable<WorkerSetup['observe']> {
  return (channel, outcome, about) => {
    metrics?.announcementTried(channel, outcome);
    traces?.tried({ channel, outcome, ...about });
  };
}
