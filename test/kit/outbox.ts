/** For tests of the outbox: a channel that does what a test says, pings, and a worker on a real ledger. */
import type { Ledger } from '../../src/domain/ledger.ts';
import type { NewAnnouncement } from '../../src/domain/values/announcement.ts';
import type { Channel, Tried } from '../../src/outbox/channel.ts';
import { OutboxWorker, type WorkerSetup } from '../../src/outbox/worker.ts';
import { SOLD_AT } from './memory-ledger.ts';
import { keptLog } from './service.ts';

export const SENT: Tried = { outcome: 'sent', answer: '204' };
export const FAILED: Tried = { outcome: 'failed', answer: '503' };

/** An announcement of no change, to an endpoint. */
export function ping(key: string, target = 'crm'): NewAnnouncement {
  const about = { marketplace: 'manual', mode: 'live', order: '', product: null, license: null } as const;
  const body = Buffer.from(`{"n":"${key}"}`);
  return {
    channel: 'webhook',
    target,
    topic: 'ping',
    ...about,
    sequence: 0,
    key,
    revision: 0,
    text: null,
    body,
  };
}

export interface KeptChannel extends Channel {
  /** What was sent: `target key`, in order. */
  readonly sent: string[];
  readonly ids: string[];
}

/** Answers as the test says; by default everything is sent. */
export function channelOf(
  answer: (target: string, signal: AbortSignal) => Tried | Promise<Tried> = () => SENT,
): KeptChannel {
  const sent: string[] = [];
  const ids: string[] = [];
  return {
    name: 'webhook',
    sent,
    ids,
    send: async ({ target, body, id }, signal) => {
      sent.push(`${target} ${JSON.parse(Buffer.from(body ?? []).toString()).n}`);
      ids.push(id);
      return answer(target, signal);
    },
  };
}

/** The worker of a ledger with a clock that a test pushes. */
export function workerOn(
  ledger: Pick<Ledger, 'outbox'>,
  channel: Channel,
  more: Partial<WorkerSetup> & { readonly clock?: { now: number } } = {},
) {
  const { clock = { now: SOLD_AT }, ...parts } = more;
  const { log, lines } = keptLog();
  const now = () => clock.now;
  const worker = new OutboxWorker({ ledger, channels: [channel], log, now, random: () => 0.5, ...parts });
  return { worker, clock, lines };
}
