/** Limits the memory of all bodies that are being read, because none of them is authenticated yet. */

/** Bytes: sixteen deliveries of the largest kind at once, or thousands of sales. */
const MOST_BYTES = 32 * 1024 * 1024;

interface Share {
  bytes: number;
  readonly drop: () => void;
}

export interface Holder {
  /** Counts more bytes of the body. */
  grow(bytes: number): void;
  /** At the end of the body, or when it is no longer wanted. */
  close(): void;
}

/**
 * While all bodies together have more bytes than `most`, drops the largest body. So small bodies, such as those of sales,
 * are dropped last.
 */
export class BodiesInFlight {
  readonly #most: number;
  readonly #shares = new Set<Share>();
  #held = 0;

  constructor(most = MOST_BYTES) {
    this.#most = most;
  }

  /** Bytes. */
  get held(): number {
    return this.#held;
  }

  /** `drop` is called at most once, when this body has to be dropped. */
  open(drop: () => void): Holder {
    const share: Share = { bytes: 0, drop };
    this.#shares.add(share);
    return {
      grow: (bytes) => {
        if (!this.#shares.has(share)) return;
        share.bytes += bytes;
        this.#held += bytes;
        while (this.#held > this.#most) this.#dropLargest();
      },
      close: () => this.#remove(share),
    };
  }

  #dropLargest(): void {
    let largest: Share | undefined;
    for (const share of this.#shares) {
      if (largest === undefined || share.bytes > largest.bytes) largest = share;
    }
    if (largest === undefined) return;
    this.#remove(largest);
    largest.drop();
  }

  #remove(share: Share): void {
    if (this.#shares.delete(share)) this.#held -= share.bytes;
  }
}
