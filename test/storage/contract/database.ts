/** What the contract needs of an adapter: an empty database that can be opened several times. */
import type { ExecutionContext } from 'ava';
import type { Announcing } from '../../../src/domain/announcements/announcing.ts';
import type { Ledger } from '../../../src/domain/ledger.ts';
import type { Product } from '../../../src/domain/values/product.ts';
import { keepTexts } from '../../kit/ledger-data.ts';

export interface DatabaseOptions {
  /** The products whose rules apply; `app` and `app2` by default. */
  readonly products?: readonly Product[];
  readonly now?: () => number;
  /** The marketplaces also send events. */
  readonly expectsEvents?: boolean;
  readonly announce?: Announcing;
}

/** Opens a database that exists, as another process would. */
export type OpenDatabase = () => Ledger | Promise<Ledger>;

/**
 * Makes an empty database of the test's own, for the id secret and the minter of kit/minting.ts and with `rulesFor` of
 * kit/ledger-data.ts; it goes when the test ends, and so does each ledger that was opened.
 */
export type MakeDatabase = (
  t: ExecutionContext,
  options?: DatabaseOptions,
) => OpenDatabase | Promise<OpenDatabase>;

export interface Database {
  readonly ledger: Ledger;
  readonly open: OpenDatabase;
}

/** A ledger with only the messages and terms of its products. */
export async function openEmpty(
  t: ExecutionContext,
  makeDatabase: MakeDatabase,
  options: DatabaseOptions = {},
): Promise<Database> {
  const open = await makeDatabase(t, options);
  const ledger = await open();
  await keepTexts(ledger, options.products);
  return { ledger, open };
}
