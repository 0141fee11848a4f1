/** Stripe's API as a local server: objects and lists by path, pages, failures. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';

/** What the API has: objects by path, lists by path and query. */
export interface ApiContent {
  /** By path after `/v1/`. */
  readonly objects?: Readonly<Record<string, object>>;
  /** By path and query without paging, such as `checkout/sessions?subscription=sub_1`. */
  readonly lists?: Readonly<Record<string, readonly object[]>>;
  /** Entries of a page; at most what is asked for. */
  readonly page?: number;
  /** An answer instead, for the first requests. */
  readonly fail?: readonly { readonly status: number; readonly headers?: Readonly<Record<string, string>> }[];
}

export interface Asked {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

const PAGING = new Set(['limit', 'starting_after']);

export async function stripeApi(t: ExecutionContext, content: ApiContent) {
  const { objects = {}, lists = {}, page = 100 } = content;
  const failures = [...(content.fail ?? [])];
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const { url = '', headers } = request;
    asked.push({ url, headers });
    const failure = failures.shift();
    const answer = (status: number, body: object, more = {}) =>
      response.writeHead(status, { 'Content-Type': 'application/json', ...more }).end(JSON.stringify(body));
    if (failure !== undefined) return answer(failure.status, { error: {} }, failure.headers);
    const { pathname, searchParams } = new URL(url, 'http://api');
    const path = pathname.replace('/v1/', '');
    const object = objects[path];
    if (object !== undefined) return answer(200, object);
    const query = [...searchParams]
      .filter(([name]) => !PAGING.has(name))
      .map(([name, value]) => `${name}=${value}`);
    const list = lists[query.length === 0 ? path : `${path}?${query.join('&')}`] as
      | readonly { id?: string }[]
      | undefined;
    if (list === undefined && !/^(checkout\/sessions|invoice_payments)$/.test(path))
      return answer(404, { error: {} });
    const after = searchParams.get('starting_after');
    const from = after === null ? 0 : (list ?? []).findIndex(({ id }) => id === after) + 1;
    const data = (list ?? []).slice(from, from + page);
    return answer(200, { object: 'list', data, has_more: from + page < (list ?? []).length });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
