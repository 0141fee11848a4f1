/** The speed of the disk beside the service: the same small write repeatedly, so that only the disk changes. */
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from '../statistics.ts';

/** A page of SQLite, several times a second: little compared with the service's writes. */
const PAGE = Buffer.alloc(4096);
const PAUSE_MILLISECONDS = 200;

export class Disk {
  readonly #file: FileHandle;
  readonly #done: Promise<void>;
  #ended = false;
  #times: number[] = [];

  private constructor(file: FileHandle) {
    this.#file = file;
    this.#done = this.#write();
  }

  /** Writes to its own file until it is ended. */
  static async begin(path: string): Promise<Disk> {
    return new Disk(await open(path, 'w'));
  }

  /** Milliseconds until a page was on the disk: the 90th percentile since the last question. */
  take(): number {
    const times = this.#times;
    this.#times = [];
    return percentile(times, 0.9);
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#done;
    await this.#file.close();
  }

  async #write(): Promise<void> {
    while (!this.#ended) {
      const start = performance.now();
      await this.#file.write(PAGE, 0, PAGE.length, 0);
      await this.#file.datasync();
      this.#times.push(performance.now() - start);
      await wait(PAUSE_MILLISECONDS);
    }
  }
}
