/** Stripe's API, read with the seller's key: one object or all pages of a list. Nothing that it answers is repeated in errors. */
import { type Loose, listOf, recordOf } from '../loose.ts';
import type { Fetched } from '../marketplace.ts';
import { idIn } from './values.ts';

const HOST = 'https://api.stripe.com';

/** Pins the shapes of the answers, whatever version the account has. */
const VERSION = '2026-07-29.dahlia';

const TIMEOUT_MILLISECONDS = 10_000;

/** Where Stripe answers 429 without saying when to come again. */
const PAUSE_MILLISECONDS = 60_000;

/** Lines of a session or invoice: 100 a page. */
const MOST_PAGES = 20;

export interface StripeApi {
  readonly key: string;
  /** Instead of Stripe's own host. */
  readonly url?: string | undefined;
}

export type Failed = Exclude<Fetched, { readonly outcome: 'fetched' }>;

/** Why an object could not be read. */
export class ApiFailure extends Error {
  readonly failed: Failed;

  constructor(failed: Failed) {
    super(failed.answer);
    this.failed = failed;
  }
}

export class StripeReader {
  readonly #api: StripeApi;
  readonly #signal: AbortSignal;

  constructor(api: StripeApi, signal: AbortSignal) {
    this.#api = api;
    this.#signal = signal;
  }

  /** `path` after `/v1/`, its ids encoded. Throws ApiFailure. */
  async get(path: string, query: Readonly<Record<string, string>> = {}): Promise<Loose> {
    const { key, url = HOST } = this.#api;
    const search = new URLSearchParams(query).toString();
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(TIMEOUT_MILLISECONDS)]);
    try {
      const answer = await fetch(`${url}/v1/${path}${search === '' ? '' : `?${search}`}`, {
        headers: { Authorization: `Bearer ${key}`, 'Stripe-Version': VERSION, Accept: 'application/json' },
        redirect: 'error',
        signal,
      });
      if (answer.ok) return recordOf(await answer.json());
      await answer.body?.cancel();
      throw new ApiFailure(failureOf(answer));
    } catch (error) {
      if (error instanceof ApiFailure) throw error;
      const name = error instanceof Error ? error.name : 'unknown';
      throw new ApiFailure({ outcome: 'failed', answer: `no answer of Stripe's API: ${name}` });
    }
  }

  /** All entries of a list. */
  async list(path: string, query: Readonly<Record<string, string>> = {}): Promise<readonly Loose[]> {
    const all: Loose[] = [];
    for (let page = 0, after: string | undefined; page < MOST_PAGES; page++) {
      const given = { ...query, limit: '100', ...(after !== undefined && { starting_after: after }) };
      const answer = await this.get(path, given);
      const entries = listOf(answer['data']);
      all.push(...entries);
      after = idIn(entries.at(-1)?.['id']);
      if (answer['has_more'] !== true || after === undefined) return all;
    }
    throw new ApiFailure({
      outcome: 'refused',
      answer: `a list of Stripe's API has more than ${MOST_PAGES} pages`,
    });
  }
}

function failureOf(answer: Response): Failed {
  const { status } = answer;
  const said = `Stripe's API answered ${status}`;
  if (status === 401 || status === 403) {
    const rights = 'Checkout Sessions, Invoices, Subscriptions and Charges';
    return { outcome: 'target failed', answer: `${said}: the API key has to read ${rights}` };
  }
  if (status === 429) {
    const seconds = Number(answer.headers.get('retry-after'));
    const pause = seconds > 0 ? Math.min(seconds, 86_400) * 1000 : PAUSE_MILLISECONDS;
    return { outcome: 'failed', answer: said, pause };
  }
  if (status === 404) return { outcome: 'refused', answer: `${said}: it does not know the object` };
  return { outcome: 'failed', answer: said };
}
