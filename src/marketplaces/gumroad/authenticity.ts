/** Authenticates Gumroad's pings. Nothing signs them: the address has a secret, and what a ping says is looked up (fetching.ts). */
import { anyEqual } from '../any-equal.ts';
import type { Secrets } from '../event-store.ts';
import type { Caller } from '../marketplace.ts';

/** Constant time. Undefined: the end of the address is no secret of the settings. */
export function callerOf(given: string | undefined, secrets: Secrets): Caller | undefined {
  if (given === undefined) return undefined;
  return secrets.find(([, own]) => anyEqual(own, given))?.[0];
}
