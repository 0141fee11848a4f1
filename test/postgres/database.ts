/** A ledger on PostgreSQL for each test, in a schema of its own. */
import test, { type TestFn } from 'ava';
import type { MakeDatabase } from '../storage/contract/database.ts';
import { newSchema, openOn } from './server.ts';

/** One test after the other: each opens connections. The contracts use no more of `test` than this. */
export const serial = test.serial as unknown as TestFn;

export const makeDatabase: MakeDatabase = async (t, options) => {
  const url = await newSchema();
  return () => openOn(t, url, options);
};
