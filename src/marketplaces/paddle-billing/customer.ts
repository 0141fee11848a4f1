/** The customer of a sale: name and address, fetched with the seller's API key (GET /customers/{id}). */
import type { Customer, Mode } from '../../domain/values/order.ts';
import { askApi } from '../api.ts';
import { recordOf, textOf } from '../loose.ts';
import type { Fetched } from '../marketplace.ts';
import { customerOf } from '../person.ts';

export const HOSTS: Readonly<Record<Mode, string>> = {
  live: 'https://api.paddle.com',
  test: 'https://sandbox-api.paddle.com',
};

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
  const asked = await askApi(
    {
      url: `${url}/customers/${encodeURIComponent(id)}`,
      title: 'Paddle',
      authorization: `Bearer ${key}`,
      needs: 'the API key needs the permission customer.read',
      what: 'the customer',
    },
    signal,
  );
  return asked.outcome === 'answered' ? fetched(asked.json) : asked;
}

function fetched(answer: unknown): Fetched {
  const { id, name, email, locale } = recordOf(recordOf(answer)['data']);
  if (textOf(email) === undefined) {
    return { outcome: 'failed', answer: "Paddle's API answered without an address" };
  }
  return { outcome: 'fetched', text: JSON.stringify({ data: { id, name, email, locale } }) };
}

/** Undefined: neither a name nor an address. */
export function readCustomer(customer: unknown): Customer | undefined {
  const data = recordOf(customer);
  const [name, email] = [textOf(data['name']), textOf(data['email'])];
  return name === undefined && email === undefined ? undefined : customerOf(name, email);
}
