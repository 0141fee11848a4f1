/** The reads of the console in a worker thread, which begins with the first read and ends when nobody reads. */
import { Worker } from 'node:worker_threads';
import type { LedgerReader } from '../../../domain/ports/ledger-reader.ts';
import { AppError } from '../../../errors.ts';
import type { CallName, ReaderPlace } from './calls.ts';
import type { Reply } from './worker.ts';

/** The published package is compiled. */
const WORKER = import.meta.url.endsWith('.js') ? 'worker.js' : 'worker.ts';

export interface ReaderOptions {
  /** Milliseconds that one read may take; then the worker is replaced. */
  readonly limit?: number;
  /** Milliseconds that a worker may take to begin, beside the limit of the reads that wait for it. */
  readonly start?: number;
  /** Milliseconds without a read after which the worker ends. */
  readonly idle?: number;
}

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

export class WorkerReader implements LedgerReader {
  readonly #place: ReaderPlace;
  readonly #limit: number;
  readonly #start: number;
  readonly #idle: number;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #hasBegun = false;
  #sleep: NodeJS.Timeout | undefined;
  #calls = 0;

  constructor(place: ReaderPlace, { limit = 5_000, start = 15_000, idle = 60_000 }: ReaderOptions = {}) {
    this.#place = place;
    this.#limit = limit;
    this.#start = start;
    this.#idle = idle;
  }

  readonly find: LedgerReader['find'] = (query) => this.#call('find', query);
  readonly findFlags: LedgerReader['findFlags'] = (query) => this.#call('findFlags', query);
  readonly findEventsAbout: LedgerReader['findEventsAbout'] = (email) => this.#call('findEventsAbout', email);
  readonly countUndelivered: LedgerReader['countUndelivered'] = (now) => this.#call('countUndelivered', now);
  readonly countTerms: LedgerReader['countTerms'] = () => this.#call('countTerms');
  readonly findOtherTerms: LedgerReader['findOtherTerms'] = (product, digest, limit) =>
    this.#call('findOtherTerms', product, digest, limit);
  readonly codesAfter: LedgerReader['codesAfter'] = (number, limit) =>
    this.#call('codesAfter', number, limit);
  readonly figures: LedgerReader['figures'] = (mode, until) => this.#call('figures', mode, until);
  readonly listOrderPage: LedgerReader['listOrderPage'] = (query) => this.#call('listOrderPage', query);
  readonly listLicensePage: LedgerReader['listLicensePage'] = (query) => this.#call('listLicensePage', query);
  readonly listEventPage: LedgerReader['listEventPage'] = (query) => this.#call('listEventPage', query);
  readonly listAnnouncements: LedgerReader['listAnnouncements'] = (query) =>
    this.#call('listAnnouncements', query);
  readonly listTargets: LedgerReader['listTargets'] = () => this.#call('listTargets');
  readonly countAnnouncements: LedgerReader['countAnnouncements'] = (mode) =>
    this.#call('countAnnouncements', mode);
  readonly attention: LedgerReader['attention'] = (mode) => this.#call('attention', mode);
  readonly listDownloadedOften: LedgerReader['listDownloadedOften'] = (query) =>
    this.#call('listDownloadedOften', query);
  readonly findOrdersBeginning: LedgerReader['findOrdersBeginning'] = (mode, beginning, limit) =>
    this.#call('findOrdersBeginning', mode, beginning, limit);

  async close(): Promise<void> {
    await this.#end(unavailable('The service stops.'));
  }

  #call<T>(name: CallName, ...given: readonly unknown[]): Promise<T> {
    this.#calls += 1;
    const id = this.#calls;
    clearTimeout(this.#sleep);
    const worker = this.#open();
    return new Promise<T>((resolve, reject) => {
      const late = () => void this.#end(new AppError('slow_read', 'Reading took too long.'));
      const limit = this.#hasBegun ? this.#limit : this.#start + this.#limit;
      this.#pending.set(id, { resolve, reject, timer: setTimeout(late, limit) });
      worker.postMessage({ id, name, given });
    });
  }

  #open(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL(WORKER, import.meta.url), { workerData: this.#place });
    worker.unref();
    worker.on('message', (reply: Reply) => this.#take(reply));
    worker.on('error', (cause) => {
      if (this.#worker === worker) void this.#end(unavailable('The ledger cannot be read now.', cause));
    });
    this.#worker = worker;
    return worker;
  }

  #take(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    if (pending === undefined) return;
    this.#hasBegun = true;
    this.#pending.delete(reply.id);
    clearTimeout(pending.timer);
    if ('fault' in reply) pending.reject(unavailable('The ledger cannot be read now.', reply.fault));
    else pending.resolve(reply.result as never);
    if (this.#pending.size > 0) return;
    this.#sleep = setTimeout(() => void this.#end(unavailable('Nobody read.')), this.#idle);
    this.#sleep.unref();
  }

  /** All open reads are rejected; the next one begins a new worker. */
  async #end(error: AppError): Promise<void> {
    clearTimeout(this.#sleep);
    const worker = this.#worker;
    this.#worker = undefined;
    this.#hasBegun = false;
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#pending.clear();
    await worker?.terminate();
  }
}

function unavailable(message: string, cause?: unknown): AppError {
  const detail = cause instanceof Error ? cause.message : typeof cause === 'string' ? cause : undefined;
  return new AppError('ledger_unavailable', message, {
    ...(detail !== undefined && { detail }),
    ...(cause instanceof Error && { cause }),
  });
}
