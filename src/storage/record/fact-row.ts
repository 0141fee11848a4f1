/** The table `fact`: what events, requests and operators said. */
import type { Fact, FactBody, Subject } from '../../domain/facts/fact.ts';
import { refersTo } from '../../domain/facts/fact-order.ts';
import type { Marketplace, Mode } from '../../domain/values/order.ts';
import type { Sealer, Unsealed } from './sealer.ts';

export interface FactRow {
  readonly subject: Subject;
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly key: string;
  readonly at: number;
  readonly kind: string;
  /** JSON. */
  readonly body: string;
  readonly cause: string;
  /** The other subject of a fact that ties two subjects together. */
  readonly refers: Subject | null;
  readonly seal: Buffer;
}

export const FACT_COLUMNS: readonly (keyof FactRow)[] = [
  'subject',
  'marketplace',
  'mode',
  'key',
  'at',
  'kind',
  'body',
  'cause',
  'refers',
  'seal',
];

export function sealFact(sealer: Sealer, row: Unsealed<FactRow>): Buffer {
  const { subject, marketplace, mode, key, at, kind, body, cause, refers } = row;
  return sealer.seal('fact', subject, marketplace, mode, key, at, kind, body, cause, refers);
}

export function factRow({ subject, marketplace, mode, key, at, cause, body }: Fact): Unsealed<FactRow> {
  const text = JSON.stringify(body);
  return { subject, marketplace, mode, key, at, kind: body.kind, body: text, cause, refers: refersTo(body) };
}

/** The columns that a fact is read from. */
export type LoadedFact = Omit<FactRow, 'seal' | 'kind' | 'refers'>;

export function factOf({ subject, marketplace, mode, key, at, cause, body }: LoadedFact): Fact {
  return { subject, marketplace, mode, key, at, cause, body: JSON.parse(body) as FactBody };
}
