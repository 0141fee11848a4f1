/** Ledgers of the shop model on PostgreSQL: a schema for each play, and several instances on it. */
import { join } from 'node:path';
import { createLicenseIds } from '../../src/keyring/minter.ts';
import { createCodeCheck } from '../../src/keyring/stored-code.ts';
import { copyToFile } from '../../src/storage/postgres/copy.ts';
import { openPostgresLedger } from '../../src/storage/postgres/open-ledger.ts';
import type { PostgresLedger } from '../../src/storage/postgres/postgres-ledger.ts';
import { checkLedger } from '../../src/storage/sqlite/check/check.ts';
import { openLedgerFile } from '../../src/storage/sqlite/file/open.ts';
import { type Owner, temporaryFolder } from '../kit/service.ts';
import type { ShopLedgerOptions, ShopLedgers } from '../shop/service.ts';
import { newSchema } from './server.ts';

/** `prepare`: changes the schema of a play before its sales, for controls. */
export function shopLedgers(
  owner: Owner,
  instances: number,
  prepare: (url: string) => Promise<unknown> = async () => {},
): ShopLedgers {
  let faults: () => Promise<readonly string[]> = async () => [];
  return {
    open: async (options) => {
      const url = await newSchema();
      faults = () => faultsOf(owner, url, options);
      const ledgers: PostgresLedger[] = [];
      for (let place = 0; place < instances; place++) ledgers.push(await openOne(url, options));
      const [first] = ledgers;
      for (const message of options.messages) await first?.keepMessage(message);
      for (const kept of options.terms) await first?.keepTerms(kept);
      await prepare(url);
      return ledgers;
    },
    close: () => faults(),
  };
}

function openOne(url: string, { idSecret, rules, now }: ShopLedgerOptions): Promise<PostgresLedger> {
  // A busy machine is not what is tried here.
  return openPostgresLedger(url, { idSecret, rules, now, clock: 'given', patience: 20_000 });
}

/** What `ledger check` says of a copy. */
export async function faultsOf(
  owner: Owner,
  url: string,
  { idSecret, keyring }: Pick<ShopLedgerOptions, 'idSecret' | 'keyring'>,
): Promise<readonly string[]> {
  const connection = openLedgerFile(join(temporaryFolder(owner), 'copy.sqlite'), idSecret);
  try {
    try {
      await copyToFile(url, connection);
    } catch (error) {
      return [`the ledger cannot be copied: ${error}`];
    }
    const licenseIdOf = createLicenseIds(idSecret);
    const found = checkLedger(connection, { idSecret, licenseIdOf, codeFault: createCodeCheck(keyring) });
    return [...found].map(({ where, fault }) => `${where}: ${fault}`);
  } finally {
    connection.close();
  }
}
