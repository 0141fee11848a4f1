/** Publishes the revocation lists: signs each list once, caches it, and renews it only after a change. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Ledger } from '../domain/ledger.ts';
import type { PublishedList } from '../domain/ports/published-lists.ts';
import { type Day, dayOf } from '../domain/values/day.ts';
import type { Mode } from '../domain/values/order.ts';
import { DIGEST_BYTES, encodeRevocationList } from '../license-code/revocation-list.ts';
import type { Signer } from './signer.ts';

export interface ListSources {
  readonly ledger: Pick<Ledger, 'products' | 'findListSeq' | 'publishList' | 'publishedLists'>;
  readonly signerFor: (mode: Mode) => Signer | undefined;
  readonly findProduct: (id: string) => unknown;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
}

export interface SignedList {
  /** The compact JWS in ASCII. */
  readonly body: Buffer;
  /** A strong validator (RFC 9110, 8.8.3), quotes included. */
  readonly etag: string;
  readonly seq: number;
  /** The number of licenses in the list. */
  readonly revoked: number;
  readonly suspended: number;
}

export type ListFound =
  | { readonly outcome: 'found'; readonly list: SignedList }
  /** The product has no file and never had one in this ledger's lifetime. */
  | { readonly outcome: 'unknown product' }
  | { readonly outcome: 'no signing key' };

interface Held extends SignedList {
  readonly nxt: number;
  /** On another day, entries can begin or expire without a change. */
  readonly day: Day;
}

export class RevocationPublisher {
  readonly #parts: ListSources;
  readonly #held = new Map<string, Held>();
  readonly #making = new Map<string, Promise<Held>>();
  #products: ReadonlySet<string> | undefined;

  constructor(parts: ListSources) {
    this.#parts = parts;
  }

  /**
   * The product's list, with every change that was on disk at the time of the call, whichever process made it.
   * Rejects with AppError `ledger_unavailable` or `ledger_damaged`.
   */
  async find(product: string): Promise<ListFound> {
    if (!(await this.#isKnown(product))) return { outcome: 'unknown product' };
    const { signerFor } = this.#parts;
    // A reader accepts a list signed by any key it knows; programs from before the first sale know test keys only.
    const signer = signerFor('live') ?? signerFor('test');
    if (signer === undefined) return { outcome: 'no signing key' };
    const list = (await this.#ready(product)) ?? (await this.#makeOnce(product, signer));
    return { outcome: 'found', list };
  }

  /** A product whose file was removed still has customers. */
  async #isKnown(product: string): Promise<boolean> {
    if (this.#parts.findProduct(product) !== undefined) return true;
    // Read once: a later product comes with a file and a start.
    this.#products ??= new Set(await this.#parts.ledger.products());
    return this.#products.has(product);
  }

  async #ready(product: string): Promise<Held | undefined> {
    // A list in the making can have been started before the change that the caller knows.
    await this.#making.get(product)?.catch(() => {});
    const held = this.#held.get(product);
    const now = this.#parts.now();
    if (held === undefined || held.day !== dayOf(now) || now / 1000 >= held.nxt) return undefined;
    return held.seq === (await this.#parts.ledger.findListSeq(product)) ? held : undefined;
  }

  #makeOnce(product: string, signer: Signer): Promise<Held> {
    const making =
      this.#making.get(product) ?? this.#make(product, signer).finally(() => this.#making.delete(product));
    this.#making.set(product, making);
    return making;
  }

  async #make(product: string, { keyId, sign }: Signer): Promise<Held> {
    const at = this.#parts.now();
    const { ledger } = this.#parts;
    const newer = await ledger.publishedLists?.findNewer(product, keyId, at);
    if (newer !== undefined) return this.#hold(product, newer, at);
    const content = await ledger.publishList(product, keyId, at);
    // For many licenses, reading and signing take long (bench/revocations.ts): yield to other requests in between.
    await setImmediate();
    const list = {
      body: Buffer.from(encodeRevocationList({ product, ...content }, keyId, sign), 'latin1'),
      seq: content.seq,
      nxt: content.nxt,
      keyId,
      revoked: content.revoked.length / DIGEST_BYTES,
      suspended: content.suspended.length / DIGEST_BYTES,
    };
    await ledger.publishedLists?.keep(product, list);
    return this.#hold(product, list, at);
  }

  #hold(product: string, { keyId: _, body, ...list }: PublishedList, at: number): Held {
    const digest = createHash('sha256').update(body).digest('base64url');
    const held = { ...list, body: Buffer.from(body), etag: `"${digest.slice(0, 22)}"`, day: dayOf(at) };
    this.#held.set(product, held);
    return held;
  }
}
