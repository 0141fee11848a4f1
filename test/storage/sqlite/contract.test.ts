import { join } from 'node:path';
import test from 'ava';
import { ledgerContract } from '../contract.ts';
import { folderFor, openLedger } from '../support.ts';

ledgerContract(test, (t) => {
  const file = join(folderFor(t), 'ledger.sqlite');
  return () => openLedger(t, { file }).ledger;
});
