/** Limits the downloads that are sent at the same time: sales share the process, and a license has few computers. */
import type { Allowance } from '../http/edge/rate-limit.ts';

/** Of all licenses, and of one. */
export const MOST_AT_ONCE = 64;
export const MOST_OF_LICENSE = 4;

/**
 * Requests for parts of files that a license may make in ten minutes. An updater that fetches only what changed asks for some
 * hundred parts.
 */
export const PARTS: Allowance = { points: 2000, seconds: 600, keys: 20_000 };

export type Taken = { readonly leave: () => void } | 'busy' | 'several';

export class Places {
  readonly #most: number;
  readonly #ofLicense = new Map<string, number>();
  #taken = 0;

  constructor(most = MOST_AT_ONCE) {
    this.#most = most;
  }

  get taken(): number {
    return this.#taken;
  }

  take(license: string): Taken {
    const own = this.#ofLicense.get(license) ?? 0;
    if (own >= MOST_OF_LICENSE) return 'several';
    if (this.#taken >= this.#most) return 'busy';
    this.#taken += 1;
    this.#ofLicense.set(license, own + 1);
    let isLeft = false;
    return {
      leave: () => {
        if (isLeft) return;
        isLeft = true;
        this.#taken -= 1;
        const left = (this.#ofLicense.get(license) ?? 1) - 1;
        if (left === 0) this.#ofLicense.delete(license);
        else this.#ofLicense.set(license, left);
      },
    };
  }
}
