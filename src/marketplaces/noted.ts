/** Notes: facts for the history, and flags that a reader of events raises. */
import { cut } from '../domain/cut.ts';
import type { FactBody } from '../domain/fact.ts';
import type { FlagKind } from '../domain/flag.ts';

const LONGEST_NOTE = 300;

/** A note for the history. `why`: also raises a flag of this kind. No personal data in `note`. */
export function noted(note: string, why?: FlagKind): Extract<FactBody, { kind: 'noted' }> {
  return { kind: 'noted', note: cut(note, LONGEST_NOTE), ...(why !== undefined && { flag: true, why }) };
}
