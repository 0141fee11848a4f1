/** Calls Kommo's API: one call at a time, at most five a second, and slower when Kommo says so. */
import { setTimeout as wait } from 'node:timers/promises';

/** Kommo allows 7 requests a second for the whole account; other programs use it too. */
const GAP = 200;
const TIMEOUT = 20_000;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 5 * 60_000;

/** Too fast, a time-out or a fault of Kommo's: try again later. What was asked may have been done. */
export class Later extends Error {}
/** Kommo refuses this very request: a person has to look. */
export class Refused extends Error {}
/** The token or the address is refused: no call makes sense until a person acts. */
export class Stopped extends Error {}

export class Kommo {
  #url;
  #token;
  #timeout;
  #firstPause;
  #queue = Promise.resolve();
  #notBefore = 0;
  #pause = 0;

  constructor({ url, token }, { timeout = TIMEOUT, firstPause = FIRST_PAUSE } = {}) {
    this.#url = new URL('/api/v4/', url);
    this.#token = token;
    this.#timeout = timeout;
    this.#firstPause = firstPause;
  }

  /** The answer as an object; undefined: nothing was found. Throws Later, Refused or Stopped. */
  call(method, path, body) {
    const turn = this.#queue.then(() => this.#callNow(method, path, body));
    this.#queue = turn.catch(() => {});
    return turn;
  }

  async #callNow(method, path, body) {
    await wait(Math.max(0, this.#notBefore - Date.now()));
    this.#notBefore = Date.now() + GAP;
    const { status, retryAfter, text } = await this.#fetch(method, path, body);
    if (status === 429 || status >= 500) {
      this.#slowDown(Number(retryAfter) * 1000 || 0);
      throw new Later(`${method} ${path}: ${status}`);
    }
    this.#pause = 0;
    if (status === 401 || status === 403)
      throw new Stopped(`${status}: the token or this address is refused`);
    if (status === 402) throw new Stopped('402: the account is not paid');
    if (method === 'GET' && (status === 204 || status === 404)) return undefined;
    if (status >= 200 && status <= 299) return this.#parse(text, `${method} ${path}: ${status}`);
    throw new Refused(`${method} ${path}: ${status} ${text.slice(0, 500)}`);
  }

  /** A page of a proxy or of an upkeep may come with 200: it says nothing about the call. */
  #parse(text, what) {
    try {
      return text === '' ? undefined : JSON.parse(text);
    } catch {
      this.#slowDown(0);
      throw new Later(`${what} without JSON`);
    }
  }

  async #fetch(method, path, body) {
    try {
      const response = await fetch(new URL(path, this.#url), {
        method,
        headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
        redirect: 'error',
        signal: AbortSignal.timeout(this.#timeout),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, retryAfter: response.headers.get('retry-after'), text };
    } catch (error) {
      this.#slowDown(0);
      throw new Later(`${method} ${path}: ${error.name}`);
    }
  }

  /** Each pause is twice as long as the one before, and differs by up to 10 % from that of other programs. */
  #slowDown(least) {
    this.#pause = Math.min(LONGEST_PAUSE, Math.max(this.#firstPause, this.#pause * 2));
    this.#notBefore = Date.now() + Math.max(least, this.#pause * (0.9 + Math.random() * 0.2));
  }
}
