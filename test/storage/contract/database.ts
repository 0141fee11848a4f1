/** What the contract needs of an adapter: an empty database that can be opened several times. */
import type { ExecutionContext } from 'ava';
import type { Announcing } from '../../../src/domain/announcing.ts';
import type { Ledger } from '../../../src/domain/ledger.ts';
import type { Product } from '../../../src/domain/product.ts';
import { keepTexts } from '../../kit/ledger-file.ts';

export interface DatabaseOptions {
  /** The products whose rules apply; `app` and `app2` by default. */
  readonly products?: readonly Product[];
  readonly now?: () => number;
  /** The marketplaces also send events. */
  readonly expectsEvents?: boolean;
  readonly announce?: Announcing;
}

/** Makes an empty database and returns a function that opens it, as another process would. */
export type MakeDatabase = (t: ExecutionContext, options?: DatabaseOptions) => () => Ledger | Promise<Ledger>;

export interface Database {
  readonly ledger: Ledger;
  readonly open: () => Ledger | Promise<Ledger>;
}

/** A ledger with only the messages and terms of its products. */
export async function openEmpty(
  t: ExecutionContext,
  makeDatabase: MakeDatabase,
  options: DatabaseOptions = {},
): Promise<Database> {
  const open = makeDatabase(t, options);
  const ledger = await open();
  await keepTexts(ledger, options.products);
  return { ledger, open };
}
