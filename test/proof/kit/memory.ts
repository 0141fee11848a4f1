/** The memory of a service, measured from outside: in use after a collection, and resident. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Around, RunningService } from '../../kit/machine.ts';
import type { Tools } from '../proof.ts';

const MEGABYTE = 2 ** 20;

/** In megabytes. */
export interface Memory {
  /** Objects and buffers in use: grows only with a leak. */
  readonly used: number;
  /** Resident memory, with the allocators' reserves. */
  readonly resident: number;
}

export class Gauge {
  readonly around: Around;
  readonly #file: string;

  constructor({ folder }: Pick<Tools, 'folder'>, { env, imports = [] }: Around = {}) {
    this.#file = join(folder, 'gauge.json');
    this.around = { env: { ...env, GAUGE: this.#file }, imports: [...imports, 'test/proof/kit/gauge.ts'] };
  }

  async read({ ran }: RunningService): Promise<Memory> {
    rmSync(this.#file, { force: true });
    ran.child.kill('SIGUSR2');
    while (!existsSync(this.#file)) {
      if (ran.child.exitCode !== null) throw new Error(`the service ended: ${ran.err}`);
      await wait(10);
    }
    const { heapUsed, external, rss }: NodeJS.MemoryUsage = JSON.parse(readFileSync(this.#file, 'utf8'));
    return { used: (heapUsed + external) / MEGABYTE, resident: rss / MEGABYTE };
  }
}
