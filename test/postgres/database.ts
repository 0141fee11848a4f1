/** A ledger on PostgreSQL for each test, in a schema of its own, as a role that may not delete. */
import test, { type TestFn } from 'ava';
import type { MakeDatabase } from '../storage/contract/database.ts';
import { openOn } from './server.ts';
import { withServiceRole } from './service-role.ts';

/** One test after the other: each opens connections. The contracts use no more of `test` than this. */
export const serial = test.serial as unknown as TestFn;

export const makeDatabase: MakeDatabase = async (t, options) => {
  const { own } = await withServiceRole(t);
  return () => openOn(t, own, options);
};
