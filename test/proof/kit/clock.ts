/** The clock of services, set from outside: shift-clock.ts reads the file that is written here. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Around } from '../../kit/machine.ts';
import type { Tools } from '../proof.ts';

/** How long a service uses the value that it read last. */
export const LOOK_MILLISECONDS = 5;

export class Clock {
  readonly #file: string;
  #shift = 0;

  constructor({ folder }: Pick<Tools, 'folder'>) {
    this.#file = join(folder, 'clock');
    this.#write();
  }

  /** Milliseconds since 1970-01-01. */
  now(): number {
    return Date.now() + this.#shift;
  }

  /** The settings with which a process follows this clock, added to its other settings. */
  around({ env, imports = [] }: Around = {}): Around {
    return { env: { ...env, CLOCK: this.#file }, imports: [...imports, 'test/proof/kit/shift-clock.ts'] };
  }

  /** Sets the clock; every service has the new time when this resolves. */
  async set(moment: number): Promise<void> {
    this.#shift = moment - Date.now();
    this.#write();
    await wait(2 * LOOK_MILLISECONDS);
  }

  #write(): void {
    writeFileSync(`${this.#file}.new`, String(this.#shift));
    renameSync(`${this.#file}.new`, this.#file);
  }
}
