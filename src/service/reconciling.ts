/** Reconciles one marketplace and mode, for the command and for the service's timer. */
import type { Catalog } from '../catalog/catalog.ts';
import { type Reconciled, reconcile } from '../domain/desk/reconcile.ts';
import type { Ledger } from '../domain/ledger.ts';
import { type Day, startOfDay } from '../domain/values/day.ts';
import type { Mode } from '../domain/values/order.ts';
import { entitlementOf } from '../keyring/minter.ts';
import { MARKETPLACES } from '../marketplaces/all.ts';
import type { Account, MarketplaceDefinition, WantedHistory } from '../marketplaces/marketplace.ts';

export interface ReconcileSources extends Pick<WantedHistory, 'wait' | 'signal'> {
  readonly ledger: Ledger;
  readonly catalog: Catalog;
  /** Milliseconds since 1970-01-01. */
  readonly now: number;
}

export interface ReconcileWish {
  readonly mode: Mode;
  readonly since: Day;
  /** Sales before this day are not issued; default: `since`. What is paid late was made before the last reading. */
  readonly soldSince?: Day;
  readonly apply: boolean;
}

/** Undefined: the marketplace's API is not read. */
export async function reconcileAccount(
  account: Account,
  { mode, since, soldSince = since, apply }: ReconcileWish,
  { ledger, catalog, now, wait, signal }: ReconcileSources,
): Promise<Reconciled | undefined> {
  const { marketplace } = account;
  const definition = definitionOf(marketplace);
  if (definition === undefined || account.readHistory === undefined) return undefined;
  const files = catalog.all();
  const products = files.flatMap((product) => product.marketplaces[marketplace]?.products ?? []);
  const wanted = { mode, since: startOfDay(since), now, products, wait, signal };
  const { readAgain } = await definition.loadStoredEvents();
  const read = (payload: string) => readAgain(payload, mode, files);
  const pages = account.readHistory(wanted);
  const lastValidOf = (code: string) => entitlementOf(code).lastValid;
  const about = { ledger, marketplace, mode, now, lastValidOf, since: soldSince, apply } as const;
  return reconcile({ ...about, pages, read });
}

export function definitionOf(marketplace: string): MarketplaceDefinition | undefined {
  return MARKETPLACES.find(({ name }) => name === marketplace);
}
