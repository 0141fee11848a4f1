/** Asks a marketplace's API for JSON with the seller's key. Nothing that it answers is repeated in a fault. */
import type { HistoryPage } from '../domain/desk/reconcile.ts';
import type { Fetched, WantedHistory } from './marketplace.ts';

const TIMEOUT_MILLISECONDS = 10_000;

/** Where 429 comes without a word of when to come again. */
const PAUSE_MILLISECONDS = 60_000;

const LONGEST_PAUSE_SECONDS = 86_400;

export interface ApiCall {
  readonly url: string;
  /** The marketplace, for a fault: `Paddle`. */
  readonly title: string;
  /** The value of the header Authorization; absent: the key is in the form. */
  readonly authorization?: string;
  /** Media type; the default is `application/json`. */
  readonly accept?: string;
  /** Headers that only this API has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the key needs, for 401 and 403. */
  readonly needs: string;
  /** What was asked for, for 404. */
  readonly what: string;
  /** 404 is how the API says that there are too many calls. */
  readonly isBusyAt404?: true;
  /** JSON to be posted. */
  readonly body?: object;
  /** A form to be posted. Neither: a GET. */
  readonly form?: Readonly<Record<string, string>>;
}

export type Asked =
  | { readonly outcome: 'answered'; readonly json: unknown }
  | Exclude<Fetched, { readonly outcome: 'fetched' }>;

export async function askApi(call: ApiCall, signal: AbortSignal): Promise<Asked> {
  const { url, title, authorization, accept = 'application/json', headers, body, form } = call;
  try {
    const answer = await fetch(url, {
      headers: {
        ...(authorization !== undefined && { Authorization: authorization }),
        Accept: accept,
        // Some refuse a call without it.
        'User-Agent': 'Mintmark',
        ...headers,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      ...(form !== undefined && { method: 'POST', body: new URLSearchParams(form) }),
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MILLISECONDS)]),
    });
    if (answer.ok) return { outcome: 'answered', json: await answer.json() };
    await answer.body?.cancel();
    return refusal(answer, call);
  } catch (error) {
    return {
      outcome: 'failed',
      answer: `no answer of ${title}'s API: ${error instanceof Error ? error.name : 'unknown'}`,
    };
  }
}

function refusal({ status, headers }: Response, { title, needs, what, isBusyAt404 }: ApiCall): Asked {
  const said = `${title}'s API answered ${status}`;
  if (status === 401 || status === 403) return { outcome: 'target failed', answer: `${said}: ${needs}` };
  const isBusy = status === 429 || (status === 404 && isBusyAt404 === true);
  if (status === 404 && !isBusy) return { outcome: 'refused', answer: `${said}: it does not know ${what}` };
  if (!isBusy) return { outcome: 'failed', answer: said };
  const seconds = Number(headers.get('retry-after'));
  const pause = seconds > 0 ? Math.min(seconds, LONGEST_PAUSE_SECONDS) * 1000 : PAUSE_MILLISECONDS;
  return { outcome: 'failed', answer: said, pause };
}

/** What is asked to wait longer is read the next time. */
const LONGEST_WAIT_MILLISECONDS = 15 * 60_000;

const MOST_TRIES = 5;
const RETRY_MILLISECONDS = 5_000;

/** Like `askApi`, and asks again while the API is busy or fails; the JSON, or where reading stops. */
export async function askPatiently(
  call: ApiCall,
  { wait, signal }: Pick<WantedHistory, 'wait' | 'signal'>,
): Promise<Extract<Asked, { outcome: 'answered' }> | Extract<HistoryPage, { outcome: 'stopped' }>> {
  for (let tried = 1; ; tried++) {
    const asked = await askApi(call, signal);
    if (asked.outcome === 'answered') return asked;
    const pause = (asked.outcome === 'failed' ? asked.pause : undefined) ?? RETRY_MILLISECONDS;
    if (pause > LONGEST_WAIT_MILLISECONDS) {
      const answer = `${asked.answer}, and wants to be asked again in ${Math.ceil(pause / 60_000)} minutes`;
      return { outcome: 'stopped', answer };
    }
    if (asked.outcome !== 'failed' || tried === MOST_TRIES)
      return { outcome: 'stopped', answer: asked.answer };
    await wait(pause);
  }
}
