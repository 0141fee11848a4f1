/** The account of a store that asks for no license: it sends events, and its API completes them. */

import type { HistoryPage } from '../domain/desk/reconcile.ts';
import type { Marketplace, Mode } from '../domain/values/order.ts';
import type { Product } from '../domain/values/product.ts';
import type {
  Account,
  AccountFinding,
  Caller,
  EventMarketplace,
  Fetched,
  WantedHistory,
} from './marketplace.ts';

/** The secrets of each caller; the first caller whose secret fits decides, so live comes first. */
export type Secrets = readonly (readonly [Caller, readonly string[]])[];

interface Api {
  readonly key: string;
}

interface History {
  /** As `Account.readHistory`. */
  readHistory(api: Api, wanted: WantedHistory): AsyncIterable<HistoryPage>;
}

export interface EventStore {
  readonly marketplace: Marketplace;
  readonly title: string;
  readonly secrets: Readonly<Record<Mode, readonly string[]>>;
  readonly keys: Readonly<Record<Mode, string | undefined>>;
  /** What is so with a live secret and without a live key. */
  readonly withoutKey: AccountFinding;
  /** What to do with a live key and without a live secret: a sentence. */
  readonly addWebhook: string;
  events(parts: {
    readonly products: readonly Product[];
    readonly secrets: Secrets;
  }): Promise<EventMarketplace>;
  /** As `Account.fetch`. */
  fetch(lacking: string, mode: Mode, api: Api, signal: AbortSignal): Promise<Fetched>;
  loadHistory?(): Promise<History>;
}

export function eventStoreAccount(store: EventStore): Account {
  const { marketplace, secrets, keys, loadHistory } = store;
  const withoutKeyOf = (mode: Mode) => `no API key is set for ${mode}`;
  return {
    marketplace,
    live: { requests: false, events: secrets.live.length > 0 },
    sandbox: secrets.test.length > 0,
    confirmsOrders: false,
    findings: findingsOf(store),
    requests: async () => undefined,
    events: async ({ simulator, products }) => {
      const known: Secrets = [
        ['live', secrets.live],
        ['sandbox', secrets.test],
        ['simulator', simulator === undefined ? [] : [simulator.secret]],
      ];
      return known.every(([, own]) => own.length === 0)
        ? undefined
        : store.events({ products, secrets: known });
    },
    canFetch: (mode) => keys[mode] !== undefined,
    fetch: async (lacking, mode, signal) => {
      const key = keys[mode];
      if (key === undefined) return { outcome: 'target failed', answer: withoutKeyOf(mode) };
      return store.fetch(lacking, mode, { key }, signal);
    },
    ...(loadHistory && {
      canReadHistory: (mode: Mode) => keys[mode] !== undefined,
      readHistory: async function* (wanted: WantedHistory): AsyncIterable<HistoryPage> {
        const key = keys[wanted.mode];
        if (key === undefined) yield { outcome: 'stopped', answer: withoutKeyOf(wanted.mode) };
        else yield* (await loadHistory()).readHistory({ key }, wanted);
      },
    }),
  };
}

function findingsOf({ title, secrets, keys, withoutKey, addWebhook }: EventStore): readonly AccountFinding[] {
  const hasKey = keys.live !== undefined;
  if (secrets.live.length > 0) {
    return hasKey ? [{ level: 'ok', so: `${title}: webhook secrets and an API key are set.` }] : [withoutKey];
  }
  if (!hasKey) return [];
  const so = `${title}: an API key is set and no webhook secret, so no sale arrives.`;
  return [{ level: 'warning', so, remedy: addWebhook }];
}
