/**
 * Sends what waits in the outbox: at least once, each try with the same identity. One loop and one timer, woken by each
 * act that wrote an announcement. A process that dies leaves a lease that runs out; the next one sends again.
 */
import type { Ledger } from '../domain/ledger.ts';
import type { ClaimedAnnouncement } from '../domain/ports/outbox-ledger.ts';
import type { Announcement, ChannelName } from '../domain/values/announcement.ts';
import type { Log } from '../log.ts';
import type { Channel, Tried } from './channel.ts';
import { cleanAnswer } from './clean-answer.ts';
import { type NotedOutcome, notedTry } from './noted-try.ts';

const LEASE_MILLISECONDS = 120_000;

/** Well within the lease, so that nobody else sends meanwhile. */
const SEND_MILLISECONDS = 90_000;

/** A try begins within this time of the claim, or not at all: an instance that stood still could send beyond its lease. */
const STALE_MILLISECONDS = 10_000;

/** How long a stop waits for tries under way. */
const STOP_MILLISECONDS = 5_000;

/** Other processes, such as commands, write announcements too. */
const POLL_MILLISECONDS = 10_000;

/** After a fault of the ledger. */
const FAULT_SLEEP = 5_000;

/** Claimed in one act. */
const CLAIM = 8;

/** Under way in all: far more than slow targets take, since each takes four. */
const MOST_UNDER_WAY = 256;

/** What is overdue by more at a start may have been sent by a ledger that this one is a copy of. */
const HELD_AFTER = 24 * 3_600_000;

/** Times in milliseconds since 1970-01-01. */
export interface ObservedTry {
  readonly topic: string;
  readonly begun: number;
  readonly ended: number;
}

export interface WorkerSetup {
  readonly ledger: Pick<Ledger, 'outbox'>;
  readonly channels: readonly Channel[];
  readonly log: Log;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
  /** 0 to below 1. */
  readonly random: () => number;
  readonly observe?: (channel: ChannelName, outcome: NotedOutcome, about: ObservedTry) => void;
  /** Milliseconds after which it looks for what other processes wrote; default 10,000. */
  readonly poll?: number | undefined;
}

/** The number of tries by outcome. */
export type Ran = Readonly<Partial<Record<NotedOutcome, number>>>;

export class OutboxWorker {
  readonly #setup: WorkerSetup;
  readonly #names: readonly ChannelName[];
  readonly #stopping = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  readonly #ran: Partial<Record<NotedOutcome, number>> = {};
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> | undefined;
  #isWoken = false;
  #isLoop = false;

  constructor(setup: WorkerSetup) {
    this.#setup = setup;
    this.#names = setup.channels.map(({ name }) => name);
  }

  /** Holds what is long overdue, and sends from now on. Resolves to the number of held announcements. */
  async start(): Promise<number> {
    const held = await this.#hold();
    this.#isLoop = true;
    this.wake();
    return held;
  }

  /** Something may be due. */
  wake(): void {
    if (!this.#isLoop || this.#isStopped) return;
    this.#isWoken = true;
    this.#turn ??= this.#turns().finally(() => {
      this.#turn = undefined;
      if (this.#isWoken) this.wake();
    });
  }

  /** Sends all that is due now, and waits for it. */
  async runOnce(): Promise<Ran & { readonly held: number }> {
    const held = await this.#hold();
    do {
      await this.#claimDue();
      await Promise.all(this.#underWay);
    } while (!this.#isStopped && (await this.#isDue()));
    return { ...this.#ran, held };
  }

  /** Stops within 5 seconds. A try that did not finish by then is repeated after its lease has expired. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    const cut = Promise.withResolvers<void>();
    const timer = setTimeout(cut.resolve, STOP_MILLISECONDS);
    await Promise.race([Promise.allSettled([this.#turn, ...this.#underWay]), cut.promise]);
    clearTimeout(timer);
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #hold(): Promise<number> {
    const { ledger, now, log } = this.#setup;
    const held = await ledger.outbox.hold(now() - HELD_AFTER);
    if (held > 0) {
      log.warn({ held }, 'announcements that are overdue by more than a day are held: mintmark outbox list');
    }
    return held;
  }

  async #turns(): Promise<void> {
    clearTimeout(this.#timer);
    const { poll = POLL_MILLISECONDS } = this.#setup;
    let sleep = poll;
    try {
      while (this.#isWoken && !this.#isStopped) {
        this.#isWoken = false;
        if (await this.#isDue()) await this.#claimDue();
      }
      const next = await this.#setup.ledger.outbox.nextDue(this.#names, this.#setup.now());
      if (next !== undefined) sleep = Math.min(poll, Math.max(next - this.#setup.now(), 1));
      if (this.#underWay.size >= MOST_UNDER_WAY) sleep = poll;
    } catch (error) {
      if (!this.#isStopped) this.#setup.log.error({ err: error }, 'the outbox could not be read');
      sleep = FAULT_SLEEP;
    }
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.wake(), this.#isWoken ? 0 : sleep);
    this.#timer.unref();
  }

  async #isDue(): Promise<boolean> {
    const now = this.#setup.now();
    const next = await this.#setup.ledger.outbox.nextDue(this.#names, now);
    return next !== undefined && next <= now;
  }

  async #claimDue(): Promise<void> {
    const { ledger, now } = this.#setup;
    for (let isMore = true; isMore && !this.#isStopped; ) {
      const most = Math.min(CLAIM, MOST_UNDER_WAY - this.#underWay.size);
      if (most <= 0) return;
      const at = now();
      const asked = performance.now();
      const isStale = () => Math.max(performance.now() - asked, now() - at) > STALE_MILLISECONDS;
      const lease = at + LEASE_MILLISECONDS;
      const claimed = await ledger.outbox.claim({ channels: this.#names, now: at, lease, most });
      for (const announcement of claimed) this.#begin(announcement, isStale);
      isMore = claimed.length === most;
    }
  }

  #begin(announcement: ClaimedAnnouncement, isStale: () => boolean): void {
    const sending = this.#sendAndNote(announcement, isStale).finally(() => {
      this.#underWay.delete(sending);
      if (this.#isLoop) this.wake();
    });
    this.#underWay.add(sending);
  }

  async #sendAndNote(announcement: ClaimedAnnouncement, isStale: () => boolean): Promise<void> {
    const { ledger, log, now, random, observe } = this.#setup;
    const { number, id, channel, target, topic } = announcement;
    const about = { announcement: number, id, channel, target, topic };
    const begun = now();
    try {
      if (isStale()) return await ledger.outbox.release([announcement]);
      const tried = await this.#send(announcement);
      // The stop ended the try: it does not count.
      if (this.#isStopped && tried.outcome === 'failed') return await ledger.outbox.release([announcement]);
      const { outcome, tried: noted } = notedTry(announcement, tried, { now: now(), chance: random() });
      await ledger.outbox.note(noted);
      this.#ran[outcome] = (this.#ran[outcome] ?? 0) + 1;
      observe?.(channel, outcome, { topic, begun, ended: now() });
      if (outcome === 'sent') log.info(about, 'an announcement was sent');
      else log.warn({ ...about, outcome, answer: noted.answer }, 'an announcement was not sent');
    } catch (error) {
      log.error({ err: error, ...about }, 'what became of an announcement could not be noted');
    }
  }

  /** Never rejects. */
  async #send(announcement: Announcement): Promise<Tried> {
    const channel = this.#setup.channels.find(({ name }) => name === announcement.channel);
    const late = AbortSignal.timeout(SEND_MILLISECONDS);
    const signal = AbortSignal.any([this.#stopping.signal, late]);
    const cut = Promise.withResolvers<Tried>();
    const onCut = () => cut.resolve({ outcome: 'failed', answer: 'there was no answer in time' });
    late.addEventListener('abort', onCut, { once: true });
    try {
      if (channel === undefined) throw new TypeError(`no channel ${announcement.channel}`);
      const tried = await Promise.race([channel.send(announcement, signal), cut.promise]);
      return 'answer' in tried ? { ...tried, answer: cleanAnswer(tried.answer) } : tried;
    } catch (error) {
      this.#setup.log.error({ err: error, announcement: announcement.number }, 'a channel failed');
      return { outcome: 'failed', answer: 'a fault in Mintmark itself: see the log', untried: true };
    } finally {
      late.removeEventListener('abort', onCut);
    }
  }
}
