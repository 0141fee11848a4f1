/** The parts of fulfill for the domain's tests: a real ledger, a real minter, a clock of their own. */
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { FulfillParts } from '../../src/domain/fulfill.ts';
import { Handouts } from '../../src/domain/handouts.ts';
import type { SqliteLedger } from '../../src/storage/sqlite/sqlite-ledger.ts';
import { folderFor, MINTER, messageOf, openLedger, SOLD_AT } from '../storage/support.ts';

export { productOf } from './product.ts';

export interface Bench extends FulfillParts {
  readonly ledger: SqliteLedger;
  readonly file: string;
}

/** A service's parts on a file of their own, or, as after a restart, on this one. */
export async function benchFor(
  t: ExecutionContext,
  file = join(folderFor(t), 'ledger.sqlite'),
): Promise<Bench> {
  const { ledger } = openLedger(t, { file });
  await ledger.keepMessage(messageOf());
  return { ledger, file, minter: MINTER, handouts: new Handouts(), now: () => SOLD_AT + 1000 };
}
