/** The metrics of GET /metrics, in the text format of Prometheus. */

import { createRequire } from 'node:module';
import { FLAG_KINDS } from './domain/flag.ts';
import type { Ledger } from './domain/ledger.ts';
import type { Order } from './domain/order.ts';

const require = createRequire(import.meta.url);

type PromClient = typeof import('prom-client');

// Imported file by file: the package's entry loads 90 more files, such as process metrics and OpenTelemetry.
const Registry = require('prom-client/lib/registry') as PromClient['Registry'];
const Counter = require('prom-client/lib/counter') as PromClient['Counter'];
export const Gauge = require('prom-client/lib/gauge') as PromClient['Gauge'];
const Histogram = require('prom-client/lib/histogram') as PromClient['Histogram'];

export class Metrics {
  readonly #registry = new Registry();
  readonly #requests;
  readonly #seconds;
  readonly #licenses;
  readonly #events;
  readonly #newestEvent;
  readonly #failedFulfillments;
  readonly #commitActs;
  readonly #commitSeconds;
  readonly #announcementTries;
  #measuresProcess = false;

  constructor() {
    const registers = [this.#registry];
    this.#requests = new Counter({
      name: 'mintmark_requests_total',
      help: 'Requests by endpoint and outcome (issued, repeated, an error code)',
      labelNames: ['endpoint', 'outcome'] as const,
      registers,
    });
    this.#seconds = new Histogram({
      name: 'mintmark_request_seconds',
      help: 'Time from the head of a request to its answer',
      labelNames: ['endpoint'] as const,
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    this.#licenses = new Counter({
      name: 'mintmark_licenses_issued_total',
      help: 'Licenses recorded for the first time',
      labelNames: ['marketplace', 'mode', 'product'] as const,
      registers,
    });
    this.#events = new Counter({
      name: 'mintmark_events_total',
      help: 'Events by marketplace and outcome (applied, unmatched, known, failed)',
      labelNames: ['marketplace', 'outcome'] as const,
      registers,
    });
    this.#newestEvent = new Gauge({
      name: 'mintmark_newest_event_timestamp_seconds',
      help: 'When an event of the marketplace was last received, seconds since 1970-01-01',
      labelNames: ['marketplace'] as const,
      registers,
    });
    this.#failedFulfillments = new Counter({
      name: 'mintmark_failed_fulfillments_total',
      help: 'Fulfillments that a marketplace reported as failed: a customer has no license',
      registers,
    });
    this.#commitActs = new Histogram({
      name: 'mintmark_commit_acts',
      help: 'Acts that shared one durable transaction',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
      registers,
    });
    this.#commitSeconds = new Histogram({
      name: 'mintmark_commit_seconds',
      help: 'Time of one durable transaction',
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    });
    this.#announcementTries = new Counter({
      name: 'mintmark_outbox_tries_total',
      help: 'Tries to send an announcement, by channel and outcome (sent, failed, given-up, target failed, dropped)',
      labelNames: ['channel', 'outcome'] as const,
      registers,
    });
  }

  /** Counts undelivered units, unmailed licenses and open flags at each scrape; keeps the last counts on an error. */
  watch(ledger: Pick<Ledger, 'countUndelivered' | 'countFlags' | 'outbox'>, now: () => number): void {
    const registers = [this.#registry];
    this.#watchOutbox(ledger, now);
    const count = () => ledger.countUndelivered(now()).catch(() => undefined);
    const undelivered = new Gauge({
      name: 'mintmark_undelivered_units',
      help: 'Units that were paid an hour ago or longer, and whose code was not delivered',
      registers,
      async collect() {
        const counted = await count();
        if (counted !== undefined) undelivered.set(counted.undelivered);
      },
    });
    const unmailed = new Gauge({
      name: 'mintmark_unmailed_licenses',
      help: 'Active licenses whose newest code was not delivered',
      registers,
      async collect() {
        const counted = await count();
        if (counted !== undefined) unmailed.set(counted.unmailed);
      },
    });
    const flags = new Gauge({
      name: 'mintmark_flags',
      help: 'Open flags, by kind',
      labelNames: ['kind'] as const,
      registers,
      async collect() {
        const counted = await ledger.countFlags().catch(() => undefined);
        if (counted === undefined) return;
        for (const kind of FLAG_KINDS) flags.set({ kind }, counted[kind] ?? 0);
      },
    });
  }

  /** What is not done, and the age of the oldest. A channel that has nothing left goes back to none. */
  #watchOutbox({ outbox }: Pick<Ledger, 'outbox'>, now: () => number): void {
    const around = { labelNames: ['channel', 'state'] as const, registers: [this.#registry] };
    const count = () => outbox.count().catch(() => undefined);
    const undone = new Gauge({
      name: 'mintmark_outbox_announcements',
      help: 'Announcements that are not done, by channel and state (waiting, held, given-up)',
      ...around,
      async collect() {
        const counted = await count();
        if (counted === undefined) return;
        undone.reset();
        for (const { channel, state, announcements } of counted)
          undone.set({ channel, state }, announcements);
      },
    });
    const age = new Gauge({
      name: 'mintmark_outbox_oldest_seconds',
      help: 'The age of the oldest announcement that is not done, by channel and state',
      ...around,
      async collect() {
        const counted = await count();
        if (counted === undefined) return;
        age.reset();
        for (const { channel, state, oldest } of counted) {
          age.set({ channel, state }, Math.max(0, now() - oldest) / 1000);
        }
      },
    });
  }

  announcementTried(channel: string, outcome: string): void {
    this.#announcementTries.inc({ channel, outcome });
  }

  /** Reads the moment of the newest backup (milliseconds since 1970-01-01) at each scrape. */
  watchBackups(newest: () => number | undefined): void {
    const registers = [this.#registry];
    const backup = new Gauge({
      name: 'mintmark_backup_timestamp_seconds',
      help: 'When the newest backup of the shop was made, in seconds since 1970-01-01; 0 if never',
      registers,
      collect() {
        backup.set((newest() ?? 0) / 1000);
      },
    });
  }

  request(endpoint: string, outcome: string, seconds: number): void {
    this.#requests.inc({ endpoint, outcome });
    this.#seconds.observe({ endpoint }, seconds);
  }

  licensesIssued({ marketplace, mode, product }: Order, count: number): void {
    this.#licenses.inc({ marketplace, mode, product }, count);
  }

  /** `now` in milliseconds since 1970-01-01. */
  event(marketplace: string, outcome: string, now: number): void {
    this.#events.inc({ marketplace, outcome });
    this.#newestEvent.set({ marketplace }, now / 1000);
  }

  /** Before the first event of this process: what the ledger has. */
  eventBefore(marketplace: string, receivedAt: number): void {
    this.#newestEvent.set({ marketplace }, receivedAt / 1000);
  }

  fulfillmentFailed(): void {
    this.#failedFulfillments.inc();
  }

  commit(acts: number, seconds: number): void {
    this.#commitActs.observe(acts);
    this.#commitSeconds.observe(seconds);
  }

  /** For metrics of other rooms. */
  get registry(): InstanceType<PromClient['Registry']> {
    return this.#registry;
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The metrics of the process (CPU, memory, garbage collection) start with the first scrape. */
  async text(): Promise<string> {
    if (!this.#measuresProcess) {
      this.#measuresProcess = true;
      const { collectDefaultMetrics } = await import('prom-client');
      collectDefaultMetrics({ register: this.#registry });
    }
    return this.#registry.metrics();
  }
}
