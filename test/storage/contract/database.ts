/** What the contract needs of a database: an empty one, opened as often as a test likes. */
import type { ExecutionContext } from 'ava';
import type { Ledger } from '../../../src/domain/ledger.ts';
import type { Product } from '../../../src/domain/product.ts';
import { keepTexts } from '../../kit/ledger-file.ts';

export interface DatabaseOptions {
  /** By whose rules licenses live; `app` and `app2` where none are given. */
  readonly products?: readonly Product[];
  readonly now?: () => number;
  /** The marketplaces send events too. */
  readonly expectsEvents?: boolean;
}

/** Makes an empty database; each call of what it answers is a ledger on it, as another process would open it. */
export type MakeDatabase = (t: ExecutionContext, options?: DatabaseOptions) => () => Ledger | Promise<Ledger>;

export interface Database {
  readonly ledger: Ledger;
  readonly open: () => Ledger | Promise<Ledger>;
}

/** A ledger without a row but the texts and terms of its products. */
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
