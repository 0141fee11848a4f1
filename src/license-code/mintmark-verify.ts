/** The public API of the package `mintmark-verify`. */
export { findCodes } from './find-codes.ts';
export { type PublicKeyEntry, parseKeyring } from './keyring.ts';
export type { License } from './license.ts';
export { loadRevocations, type Revocations, type RevocationsRefusal } from './load-revocations.ts';
export { newest } from './newest.ts';
export type { Fetch, FetchResponse } from './post-json.ts';
export { createReader, type Reader, type Reading } from './reader.ts';
export type { ReaderOptions } from './reader-options.ts';
export { type Refreshed, refresh } from './refresh.ts';
export type { Repaired } from './repair.ts';
export type { Seen } from './seen.ts';
export { explain, type LicensedVerdict, type Verdict } from './verdict.ts';
