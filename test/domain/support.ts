/** Products and the parts of fulfill for the domain's tests: a real ledger, a real minter, a clock of their own. */
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { FulfillParts } from '../../src/domain/fulfill.ts';
import { Handouts } from '../../src/domain/handouts.ts';
import type { Product } from '../../src/domain/product.ts';
import type { SqliteLedger } from '../../src/storage/sqlite/sqlite-ledger.ts';
import { folderFor, MINTER, messageOf, openLedger, SOLD_AT } from '../storage/support.ts';

export function productOf(wanted: Partial<Product> = {}): Product {
  return {
    id: 'app',
    name: 'App',
    term: 'P1Y',
    grace: 'P14D',
    updates: 'unlimited',
    quantity: 'codes',
    seats: 1,
    multibuy: 'single',
    features: ['export', 'sync'],
    grants: ['export', 'sync'],
    trial: false,
    trialTerm: undefined,
    marketplaces: {},
    overdue: 'suspend',
    ended: 'expire',
    refund: 'revoke',
    fields: {
      email: [],
      name: [],
      company: [],
      reference: [],
      quantity: [],
      subscriptionReference: [],
      sequence: [],
      test: [],
      product: [],
      trial: [],
      trialEnd: [],
      features: [],
      units: [],
    },
    message: messageOf(),
    ...wanted,
  };
}

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
