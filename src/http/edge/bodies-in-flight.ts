/** How much all bodies that are being read take together. What nobody has signed yet must not fill the memory. */

/** Bytes: sixteen deliveries of the largest kind at once, or thousands of sales. */
const MOST_BYTES = 32 * 1024 * 1024;

interface Share {
  bytes: number;
  readonly give: () => void;
}

export interface Holder {
  /** Says that the body takes so many bytes more. */
  grow(bytes: number): void;
  /** The body has come to its end, or nobody wants it any more. */
  close(): void;
}

/**
 * Where the bytes of all bodies go beyond `most`, the largest body is given up, until they fit: whoever sends small
 * bodies, such as a sale's, is the last to notice.
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

  /** `give` is called at most once, when this body has to be given up. */
  open(give: () => void): Holder {
    const share: Share = { bytes: 0, give };
    this.#shares.add(share);
    return {
      grow: (bytes) => {
        if (!this.#shares.has(share)) return;
        share.bytes += bytes;
        this.#held += bytes;
        while (this.#held > this.#most) this.#giveUpLargest();
      },
      close: () => this.#remove(share),
    };
  }

  #giveUpLargest(): void {
    let largest: Share | undefined;
    for (const share of this.#shares) {
      if (largest === undefined || share.bytes > largest.bytes) largest = share;
    }
    if (largest === undefined) return;
    this.#remove(largest);
    largest.give();
  }

  #remove(share: Share): void {
    if (this.#shares.delete(share)) this.#held -= share.bytes;
  }
}
