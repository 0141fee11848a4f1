/** Limits requests by address or by license, in bounded memory. */
import { isIP, isIPv6 } from 'node:net';
import type { RateLimiterMemory, RateLimiterPostgres } from 'rate-limiter-flexible';
import { AppError } from '../../errors.ts';
import type { Context } from './request.ts';

export interface Allowance {
  /** Requests of one key within `seconds`, counted from its first request. */
  readonly points: number;
  readonly seconds: number;
  /** How many keys are counted at a time. */
  readonly keys: number;
}

/**
 * 200 programs of one office, behind one address, may start at the same time and ask three times each. The limit does not
 * matter against guessing: there are 2^128 ids, and each code is signed.
 */
export const BY_ADDRESS: Allowance = { points: 600, seconds: 900, keys: 20_000 };

/** A program asks once a day; 200 programs with the same code may start at the same time and ask three times each. */
export const BY_LICENSE: Allowance = { points: 600, seconds: 3_600, keys: 20_000 };

export interface RefreshLimits {
  readonly byAddress: Allowance;
  readonly byLicense: Allowance;
}

/** Where processes count together; it takes the statements of the limiter for PostgreSQL. */
export interface SharedCounts {
  query(statement: { readonly text: string; readonly values: readonly unknown[] }): Promise<{
    readonly rows: readonly unknown[];
    readonly rowCount: number;
  }>;
  /** What stands for a key in the table, since a key may be an address. */
  hide(key: string): string;
}

/** The table of `SharedCounts`, as the library has it. */
export const COUNTS_TABLE = 'request_limit';

/** Counts requests by key in this process; with `counts`, under `name` in all processes together. */
export class RateLimit {
  readonly #allowance: Allowance;
  readonly #name: string;
  readonly #counts: SharedCounts | undefined;
  #shared: RateLimiterPostgres | undefined;
  #limiter: RateLimiterMemory | undefined;
  /** Oldest first. The library removes a key only after `seconds`, which does not bound its memory. */
  readonly #keys = new Set<string>();

  constructor(allowance: Allowance, name = '', counts?: SharedCounts) {
    this.#allowance = allowance;
    this.#name = name;
    this.#counts = counts;
  }

  /** Keys that are counted now. */
  get size(): number {
    return this.#limiter?.dump().storage.length ?? 0;
  }

  /** Counts a request. Sets Retry-After (seconds) and rejects with AppError `too_many_requests` beyond the limit. */
  async consume(key: string, context: Context): Promise<void> {
    if (await this.allows(key, context)) return;
    throw new AppError('too_many_requests', 'Too many requests: wait as long as Retry-After says.', {
      ...(isHidden(context) && {
        detail: 'TRUST_PROXY is off: all who come by a proxy count as one address',
      }),
    });
  }

  /** Counts a request. Beyond the limit it sets Retry-After (seconds) and resolves to false. */
  async allows(key: string, context: Context): Promise<boolean> {
    // Loaded at the first limited request, so that no sale waits for it.
    const { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } = await import('rate-limiter-flexible');
    const { points, seconds: duration } = this.#allowance;
    this.#limiter ??= new RateLimiterMemory({ points, duration });
    const counts = this.#counts;
    if (counts !== undefined)
      this.#shared ??= new RateLimiterPostgres({
        storeClient: counts,
        storeType: 'client',
        tableName: COUNTS_TABLE,
        tableCreated: true,
        clearExpiredByTimeout: false,
        keyPrefix: this.#name,
        points,
        duration,
        // Where the database cannot be asked, this process counts alone.
        insuranceLimiter: this.#limiter,
      });
    else await this.#makeRoom(key, this.#limiter);
    try {
      await (this.#shared?.consume(counts?.hide(key) ?? key) ?? this.#limiter.consume(key));
      return true;
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      // The library computes with the clock and expires with a timer: limited in case the clock was set back.
      const seconds = Math.min(this.#allowance.seconds, Math.ceil(error.msBeforeNext / 1000));
      context.set('Retry-After', String(Math.max(1, seconds)));
      return false;
    }
  }

  /** Drops the oldest key for a new one, so that nobody is locked out. */
  async #makeRoom(key: string, limiter: RateLimiterMemory): Promise<void> {
    if (this.#keys.has(key)) return;
    for (const oldest of this.#keys) {
      if (this.#keys.size < this.#allowance.keys) break;
      this.#keys.delete(oldest);
      await limiter.delete(oldest);
    }
    this.#keys.add(key);
  }
}

/** A proxy names the client's address, and TRUST_PROXY is off. */
function isHidden({ app, headers }: Context): boolean {
  return !app.proxy && headers['x-forwarded-for'] !== undefined;
}

/**
 * The key of an address: for IPv6 the first 64 bits, the smallest network that a customer gets. Behind a trusted proxy,
 * the address that it names; if that is not an address, the proxy's own.
 */
export function addressKey({ ip, socket }: Pick<Context, 'ip' | 'socket'>): string {
  const address = isIP(ip) === 0 ? (socket.remoteAddress ?? '') : ip;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [written = ''] = address.split('%');
  const [head = '', tail] = withoutDots(written).split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const behind = tail === '' ? [] : tail.split(':');
    while (groups.length + behind.length < 8) groups.push('0');
    groups.push(...behind);
  }
  return `${groups.slice(0, 4).map(shortened).join(':')}::/64`;
}

/** An IPv4 address in the last 32 bits counts as two groups. */
function withoutDots(address: string): string {
  return address.replace(/\d+\.\d+\.\d+\.\d+$/, '0:0');
}

function shortened(group: string): string {
  return Number.parseInt(group, 16).toString(16);
}
