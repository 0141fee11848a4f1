/** Notes: facts for the history, and flags that a reader of events raises. */
import type { FactBody } from '../domain/facts/fact.ts';
import { cut } from '../domain/values/cut.ts';
import type { FlagKind } from '../domain/values/flag.ts';

const LONGEST_NOTE = 300;

/** A note for the history. `why`: also raises a flag of this kind. No personal data in `note`. */
export function noted(note: string, why?: FlagKind): Extract<FactBody, { kind: 'noted' }> {
  return { kind: 'noted', note: cut(note, LONGEST_NOTE), ...(why !== undefined && { flag: true, why }) };
}
