/** How often something may be asked, by address or by license, within a memory that no flood can fill. */
import { isIP, isIPv6 } from 'node:net';
import type { RateLimiterMemory } from 'rate-limiter-flexible';
import { AppError } from '../../errors.ts';
import type { Context } from './request.ts';

export interface Allowance {
  /** Requests of one key within so many seconds, counted from its first one. */
  readonly points: number;
  readonly seconds: number;
  /** Keys that are counted at once. */
  readonly keys: number;
}

/**
 * An office of 200 behind one address may start all its programs at nine, each asking three times. A guesser gains
 * nothing below or above it: there are 2^128 ids, and each code needs its signature.
 */
export const BY_ADDRESS: Allowance = { points: 600, seconds: 900, keys: 20_000 };

/** A program asks once a day; a code for 200 seats may be behind 200 programs that start together, thrice. */
export const BY_LICENSE: Allowance = { points: 600, seconds: 3_600, keys: 20_000 };

export interface RefreshLimits {
  readonly byAddress: Allowance;
  readonly byLicense: Allowance;
}

/** Counts requests by key. In this process only: one service runs on a ledger. */
export class RateLimit {
  readonly #allowance: Allowance;
  #limiter: RateLimiterMemory | undefined;
  /** Oldest first. The library forgets a key when its time is over, and a flood brings new ones faster. */
  readonly #keys = new Set<string>();

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

  /** Keys that are counted now. */
  get size(): number {
    return this.#limiter?.dump().storage.length ?? 0;
  }

  /** Rejects with AppError `too_many_requests`, having set Retry-After (seconds). */
  async consume(key: string, context: Context): Promise<void> {
    // Loaded with the first request that is limited: no sale waits for it.
    const { RateLimiterMemory, RateLimiterRes } = await import('rate-limiter-flexible');
    const { points, seconds: duration } = this.#allowance;
    this.#limiter ??= new RateLimiterMemory({ points, duration });
    await this.#makeRoom(key, this.#limiter);
    try {
      await this.#limiter.consume(key);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      // The library reckons by the clock, and forgets by a timer: a clock that was set back makes nobody wait longer.
      const seconds = Math.min(this.#allowance.seconds, Math.ceil(error.msBeforeNext / 1000));
      context.set('Retry-After', String(Math.max(1, seconds)));
      throw new AppError('too_many_requests', 'Too many requests: wait as long as Retry-After says.', {
        ...(isHidden(context) && {
          detail: 'TRUST_PROXY is off: all who come by a proxy count as one address',
        }),
      });
    }
  }

  /** The oldest key is forgotten for a new one: it may ask again, and nobody is locked out. */
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

/** A proxy told whom it speaks for, and is not believed. */
function isHidden({ app, headers }: Context): boolean {
  return !app.proxy && headers['x-forwarded-for'] !== undefined;
}

/**
 * What an address is counted as: IPv6 by its first 64 bits, which is the least that a customer is given. Behind a
 * proxy that is believed, what the proxy says; if that is no address, the proxy's own.
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

/** An IPv4 address in the last 32 bits stands for two groups, which are not counted. */
function withoutDots(address: string): string {
  return address.replace(/\d+\.\d+\.\d+\.\d+$/, '0:0');
}

function shortened(group: string): string {
  return Number.parseInt(group, 16).toString(16);
}
