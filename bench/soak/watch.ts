/** The observations per interval: replies at the client, the service's process, the log on the disk. */
import { statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { machineCpu, shareOfOthers } from '../noise.ts';
import type { ServerProcess } from '../server-process.ts';
import { percentile } from '../statistics.ts';
import type { Disk } from './disk.ts';
import type { Answered } from './pace.ts';
import type { Pulse } from './pulse.ts';

export interface Interval {
  readonly requests: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of CPU per request, of the service and of the client; where both rise, the machine became slower. */
  readonly cpu: number;
  readonly askingCpu: number;
  /** Milliseconds, like the next: until a page of the client was on the same disk (disk.ts). */
  readonly disk: number;
  readonly loopP99: number;
  readonly loopMax: number;
  /** Megabytes: mean resident memory, largest write-ahead log. */
  readonly resident: number;
  readonly wal: number;
  /** The share of the machine's CPU, 0 to 1, that other processes used. */
  readonly others: number | undefined;
}

export const MEGABYTE = 1_000_000;
/** Errors that are printed; the others are counted. */
const MOST_ERRORS = 3;
const LOOK_MILLISECONDS = 500;

export class Watch {
  readonly #server: ServerProcess;
  readonly #walFile: string;
  readonly #disk: Disk;
  readonly errors: string[] = [];
  errorCount = 0;
  #latencies: number[] = [];

  constructor(server: ServerProcess, ledgerFile: string, disk: Disk) {
    this.#server = server;
    this.#disk = disk;
    this.#walFile = `${ledgerFile}-wal`;
  }

  readonly note = ({ latency, error }: Answered): void => {
    this.#latencies.push(latency);
    if (error === undefined) return;
    this.errorCount++;
    if (this.errors.length < MOST_ERRORS)
      this.errors.push(error instanceof Error ? error.message : String(error));
  };

  /** Megabytes in use after a collection. */
  async usedMemory(): Promise<number> {
    return (await this.#server.ask<Pulse>({ collect: true })).used / MEGABYTE;
  }

  /** Resets the figures. */
  async begin(): Promise<void> {
    await this.#server.ask<Pulse>({});
    this.#disk.take();
    this.#latencies = [];
  }

  /** Observes for this duration. */
  async interval(seconds: number): Promise<Interval> {
    const start = performance.now();
    const before = await this.#cpu();
    let wal = this.#walSize();
    for (let left = seconds * 1000; left > 0; left = start + seconds * 1000 - performance.now()) {
      await wait(Math.min(LOOK_MILLISECONDS, left));
      wal = Math.max(wal, this.#walSize());
    }
    const after = await this.#cpu();
    const { pulse } = after;
    const latencies = this.#latencies;
    this.#latencies = [];
    const took = (performance.now() - start) / 1000;
    return {
      requests: latencies.length,
      p50: percentile(latencies, 0.5),
      p99: percentile(latencies, 0.99),
      cpu: (pulse.cpu - before.pulse.cpu) / latencies.length,
      askingCpu: (after.asking - before.asking) / latencies.length,
      disk: this.#disk.take(),
      loopP99: pulse.loopP99,
      loopMax: pulse.loopMax,
      resident: pulse.resident / MEGABYTE,
      wal,
      others:
        before.machine === undefined || after.machine === undefined
          ? undefined
          : shareOfOthers(
              after.machine - before.machine,
              after.asking + pulse.cpu - before.asking - before.pulse.cpu,
              took,
            ),
    };
  }

  async #cpu() {
    const pulse = await this.#server.ask<Pulse>({});
    const { user, system } = process.cpuUsage();
    return { pulse, machine: machineCpu(), asking: user + system };
  }

  #walSize(): number {
    return (statSync(this.#walFile, { throwIfNoEntry: false })?.size ?? 0) / MEGABYTE;
  }
}
