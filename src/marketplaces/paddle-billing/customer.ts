/** The customer of a sale: name and address, fetched with the seller's API key (GET /customers/{id}). */
import type { Customer, Mode } from '../../domain/order.ts';
import { recordOf, textOf } from '../loose.ts';
import type { Fetched } from '../marketplace.ts';
import { customerOf } from '../person.ts';

const HOSTS: Readonly<Record<Mode, string>> = {
  live: 'https://api.paddle.com',
  test: 'https://sandbox-api.paddle.com',
};

const TIMEOUT_MILLISECONDS = 10_000;

/** Where Paddle answers 429 without saying when to come again. */
const PAUSE_MILLISECONDS = 60_000;

export interface PaddleApi {
  readonly key: string;
  /** Instead of Paddle's own host. */
  readonly url?: string | undefined;
}

/** Fetches a customer; only what is read is kept. */
export async function fetchCustomer(
  id: string,
  mode: Mode,
  { key, url = HOSTS[mode] }: PaddleApi,
  signal: AbortSignal,
): Promise<Fetched> {
  try {
    const answer = await fetch(`${url}/customers/${encodeURIComponent(id)}`, {
      headers: { Authorization: `Bearer ${key}`, Accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MILLISECONDS)]),
    });
    if (answer.ok) return fetched(await answer.json());
    await answer.body?.cancel();
    return notFetched(answer);
  } catch (error) {
    return {
      outcome: 'failed',
      answer: `no answer of Paddle's API: ${error instanceof Error ? error.name : 'unknown'}`,
    };
  }
}

function fetched(answer: unknown): Fetched {
  const { id, name, email } = recordOf(recordOf(answer)['data']);
  if (textOf(email) === undefined) {
    return { outcome: 'failed', answer: "Paddle's API answered without an address" };
  }
  return { outcome: 'fetched', text: JSON.stringify({ data: { id, name, email } }) };
}

function notFetched(answer: Response): Fetched {
  const { status } = answer;
  const said = `Paddle's API answered ${status}`;
  if (status === 401 || status === 403) {
    return { outcome: 'target failed', answer: `${said}: the API key needs the permission customer.read` };
  }
  if (status === 429) {
    const seconds = Number(answer.headers.get('retry-after'));
    const pause = seconds > 0 ? Math.min(seconds, 86_400) * 1000 : PAUSE_MILLISECONDS;
    return { outcome: 'failed', answer: said, pause };
  }
  if (status === 404) return { outcome: 'refused', answer: `${said}: it does not know the customer` };
  return { outcome: 'failed', answer: said };
}

/** Undefined: neither a name nor an address. */
export function readCustomer(customer: unknown): Customer | undefined {
  const data = recordOf(customer);
  const [name, email] = [textOf(data['name']), textOf(data['email'])];
  return name === undefined && email === undefined ? undefined : customerOf(name, email);
}
