/** A marketplace's API in tests: a local server that answers as a test says, and remembers what it was asked. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ExecutionContext } from 'ava';
import type { HistoryPage } from '../../src/domain/desk/reconcile.ts';
import { entitlementOf } from '../../src/keyring/minter.ts';

export interface StoreApi {
  readonly url: string;
  readonly asked: readonly URL[];
}

export interface Answered {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Undefined: the connection is cut. */
  readonly json?: unknown;
  /** The connection is cut in the middle of the answer. */
  readonly isCut?: true;
}

export async function storeApi(
  t: Pick<ExecutionContext, 'teardown'>,
  answer: (url: URL, place: number, body: string) => Answered,
): Promise<StoreApi> {
  const asked: URL[] = [];
  const server = createServer(async (request, response: ServerResponse) => {
    const body = await text(request);
    const url = new URL(request.url ?? '', 'http://api');
    asked.push(url);
    const { status = 200, headers = {}, json, isCut } = answer(url, asked.length - 1, body);
    if (json === undefined) {
      response.destroy();
      return;
    }
    const told = JSON.stringify(json);
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    if (isCut) response.write(told.slice(0, told.length / 2), () => response.destroy());
    else response.end(told);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** What a reader is asked for, with the waits that it made. */
export function wantedSince(since: number, mode: 'live' | 'test' = 'live') {
  const waits: number[] = [];
  const wait = async (milliseconds: number) => {
    waits.push(milliseconds);
  };
  const { signal } = new AbortController();
  return { waits, wanted: { mode, since, now: since + 5 * 86_400_000, products: [], wait, signal } as const };
}

/** As reconciling needs it. */
export const lastValidOf = (code: string) => entitlementOf(code).lastValid;

/** All payloads, and why reading stopped. */
export async function readAll(pages: AsyncIterable<HistoryPage>) {
  const payloads: string[] = [];
  for await (const page of pages) {
    if (page.outcome === 'stopped') return { payloads, stopped: page.answer };
    payloads.push(...page.payloads);
  }
  return { payloads, stopped: undefined };
}
