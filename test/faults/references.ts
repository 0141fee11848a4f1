/** Order references in FastSpring's shape, for the short names that sequences and tests give their orders. */
import { createHash } from 'node:crypto';

const SHAPE = /^[A-Z]+\d{6,7}-\d{4}-\d{5}[A-Z]?$/;

/** The fields of requests and events that name an order by its reference. */
const REFERENCE_FIELDS = new Set(['reference', 'initialOrderReference', 'previousOrderReference']);

/** Maps short names to references and back. */
export class References {
  readonly #shaped = new Map<string, string>();
  readonly #short = new Map<string, string>();

  /** A short name has the same reference in every run; a name in the right shape and an internal id are kept. */
  shape(short: string): string {
    if (short === '' || short.endsWith('-id') || SHAPE.test(short)) return short;
    const known = this.#shaped.get(short);
    if (known !== undefined) return known;
    const digits = BigInt(`0x${createHash('sha256').update(short).digest('hex').slice(0, 15)}`).toString();
    const reference = `ACM261120-${digits.slice(-9, -5)}-${digits.slice(-5)}`;
    this.#shaped.set(short, reference);
    this.#short.set(reference, short);
    return reference;
  }

  /** The short name of a reference, or the name itself if it is no reference. */
  toLedger(name: string): string {
    return this.#shaped.get(name) ?? name;
  }

  toShort(name: string): string {
    return this.#short.get(name) ?? name;
  }

  /** An event's data with short names replaced by references, at any depth. */
  inData(data: unknown): unknown {
    if (Array.isArray(data)) return data.map((entry) => this.inData(entry));
    if (typeof data !== 'object' || data === null) return data;
    return Object.fromEntries(
      Object.entries(data).map(([name, value]) => [
        name,
        REFERENCE_FIELDS.has(name) && typeof value === 'string' ? this.shape(value) : this.inData(value),
      ]),
    );
  }
}
