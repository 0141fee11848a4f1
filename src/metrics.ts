/** The metrics of GET /metrics, in the text format of Prometheus. */

import { createRequire } from 'node:module';
import type { Order } from './domain/values/order.ts';

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
  readonly #acts: (() => Promise<void>)[] = [];
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

  /** Called at each scrape, which waits for it. */
  beforeScrape(act: () => Promise<void>): void {
    this.#acts.push(act);
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
    await Promise.all(this.#acts.map((act) => act()));
    return this.#registry.metrics();
  }
}
