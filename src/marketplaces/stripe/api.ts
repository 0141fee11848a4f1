/** Stripe's API, read with the seller's key: one object or all pages of a list. Nothing that it answers is repeated in errors. */
import { type ApiCall, askApi } from '../api.ts';
import { type Loose, listOf, recordOf } from '../loose.ts';
import type { Fetched } from '../marketplace.ts';
import { idIn } from './values.ts';

const HOST = 'https://api.stripe.com';

/** Pins the shapes of the answers, whatever version the account has. */
const VERSION = '2026-07-29.dahlia';

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

/** `path` after `/v1/`, its ids encoded. */
export function callOf(
  { key, url = HOST }: StripeApi,
  path: string,
  query: Readonly<Record<string, string>> = {},
): ApiCall {
  const search = new URLSearchParams(query).toString();
  return {
    url: `${url}/v1/${path}${search === '' ? '' : `?${search}`}`,
    title: 'Stripe',
    authorization: `Bearer ${key}`,
    headers: { 'Stripe-Version': VERSION },
    needs: 'the API key has to read Checkout Sessions, Invoices, Subscriptions and Charges',
    what: 'the object',
  };
}

const NO_LIST: Failed = {
  outcome: 'failed',
  answer: "Stripe's API answered without a list, or with a part of it",
};

export class StripeReader {
  readonly #api: StripeApi;
  readonly #signal: AbortSignal;

  constructor(api: StripeApi, signal: AbortSignal) {
    this.#api = api;
    this.#signal = signal;
  }

  /** `path` after `/v1/`, its ids encoded. Throws ApiFailure. */
  async get(path: string, query: Readonly<Record<string, string>> = {}): Promise<Loose> {
    const asked = await askApi(callOf(this.#api, path, query), this.#signal);
    if (asked.outcome !== 'answered') throw new ApiFailure(asked);
    return recordOf(asked.json);
  }

  /** All entries of a list. */
  async list(path: string, query: Readonly<Record<string, string>> = {}): Promise<readonly Loose[]> {
    const all: Loose[] = [];
    for (let page = 0, after: string | undefined; page < MOST_PAGES; page++) {
      const given = { ...query, limit: '100', ...(after !== undefined && { starting_after: after }) };
      const answer = await this.get(path, given);
      if (!Array.isArray(answer['data'])) throw new ApiFailure(NO_LIST);
      const entries = listOf(answer['data']);
      all.push(...entries);
      after = idIn(entries.at(-1)?.['id']);
      if (answer['has_more'] !== true) return all;
      // In part, it would look like a smaller sale.
      if (after === undefined) throw new ApiFailure(NO_LIST);
    }
    throw new ApiFailure({
      outcome: 'refused',
      answer: `a list of Stripe's API has more than ${MOST_PAGES} pages`,
    });
  }
}
