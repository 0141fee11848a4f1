/** The metrics that are read from the ledger at each scrape: what is undelivered, flagged, or waits in the outbox. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Ledger } from '../domain/ledger.ts';
import { FLAG_KINDS } from '../domain/values/flag.ts';
import { Gauge, type Metrics } from '../metrics.ts';

type Counted = Pick<Ledger, 'countUndelivered' | 'countFlags'> & {
  readonly outbox: Pick<Ledger['outbox'], 'count'>;
};

/** How long a scrape waits for the ledger: a database that stands still is silent for longer than a scraper waits. */
export const PATIENCE_MILLISECONDS = 2000;

/** Where the ledger does not answer in time, a scrape has the counts of the last one that it answered. */
export class LedgerMetrics {
  readonly #ledger: Counted;
  readonly #now: () => number;
  readonly #answers;
  readonly #undelivered;
  readonly #unmailed;
  readonly #flags;
  readonly #undone;
  readonly #age;
  #reading: Promise<boolean> | undefined;

  /** `now` in milliseconds since 1970-01-01. */
  constructor(metrics: Pick<Metrics, 'registry' | 'beforeScrape'>, ledger: Counted, now: () => number) {
    this.#ledger = ledger;
    this.#now = now;
    const registers = [metrics.registry];
    const ofOutbox = { labelNames: ['channel', 'state'] as const, registers };
    this.#answers = new Gauge({
      name: 'mintmark_ledger_answers',
      help: 'Whether the ledger answered this scrape in time: 1, or 0 and its counts are older',
      registers,
    });
    this.#undelivered = new Gauge({
      name: 'mintmark_undelivered_units',
      help: 'Units that were paid an hour ago or longer, and whose code was not delivered',
      registers,
    });
    this.#unmailed = new Gauge({
      name: 'mintmark_unmailed_licenses',
      help: 'Active licenses whose newest code was not delivered',
      registers,
    });
    this.#flags = new Gauge({
      name: 'mintmark_flags',
      help: 'Open flags, by kind',
      labelNames: ['kind'] as const,
      registers,
    });
    this.#undone = new Gauge({
      name: 'mintmark_outbox_announcements',
      help: 'Announcements that are not done, by channel and state (waiting, held, given-up)',
      ...ofOutbox,
    });
    this.#age = new Gauge({
      name: 'mintmark_outbox_oldest_seconds',
      help: 'The age of the oldest announcement that is not done, by channel and state',
      ...ofOutbox,
    });
    metrics.beforeScrape(() => this.#collect());
  }

  async #collect(): Promise<void> {
    // A read that an earlier scrape left behind is waited for: no further one queues up behind it.
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    const patience = new AbortController();
    const over = wait(PATIENCE_MILLISECONDS, false, { signal: patience.signal }).catch(() => false);
    const answers = await Promise.race([this.#reading, over]);
    patience.abort();
    this.#answers.set(answers ? 1 : 0);
  }

  /** Never rejects. False: not all of it could be read. */
  async #read(): Promise<boolean> {
    const [units, flags, outbox] = await Promise.allSettled([
      this.#ledger.countUndelivered(this.#now()),
      this.#ledger.countFlags(),
      this.#ledger.outbox.count(),
    ]);
    if (units.status === 'fulfilled') {
      this.#undelivered.set(units.value.undelivered);
      this.#unmailed.set(units.value.unmailed);
    }
    if (flags.status === 'fulfilled')
      for (const kind of FLAG_KINDS) this.#flags.set({ kind }, flags.value[kind] ?? 0);
    if (outbox.status === 'fulfilled') this.#setOutbox(outbox.value);
    return [units, flags, outbox].every(({ status }) => status === 'fulfilled');
  }

  /** A channel that has nothing left goes back to none. */
  #setOutbox(counted: Awaited<ReturnType<Ledger['outbox']['count']>>): void {
    this.#undone.reset();
    this.#age.reset();
    for (const { channel, state, announcements, oldest } of counted) {
      this.#undone.set({ channel, state }, announcements);
      this.#age.set({ channel, state }, Math.max(0, this.#now() - oldest) / 1000);
    }
  }
}
