/** The proofs of the ledger on PostgreSQL. They need its server programs. */
import type { Proof } from '../proof.ts';
import { postgresCodes } from './codes.ts';
import { postgresCrash } from './crash.ts';
import { postgresCut } from './cut.ts';
import { postgresDiffer } from './differ.ts';
import { postgresEdited } from './edited.ts';
import { postgresExhaustion } from './exhaustion.ts';
import { postgresFailover } from './failover.ts';
import { postgresKilled } from './killed.ts';
import { postgresPublished } from './published.ts';
import { postgresRace } from './race.ts';
import { postgresRolling } from './rolling.ts';
import { postgresSecrets } from './secrets.ts';
import { postgresSkew } from './skew.ts';
import { postgresStall } from './stall.ts';

export const POSTGRES_PROOFS: Readonly<Record<string, Proof>> = {
  'postgres-race': postgresRace,
  'postgres-skew': postgresSkew,
  'postgres-published': postgresPublished,
  'postgres-cut': postgresCut,
  'postgres-killed': postgresKilled,
  'postgres-crash': postgresCrash,
  'postgres-stall': postgresStall,
  'postgres-codes': postgresCodes,
  'postgres-differ': postgresDiffer,
  'postgres-edited': postgresEdited,
  'postgres-exhaustion': postgresExhaustion,
  'postgres-failover': postgresFailover,
  'postgres-rolling': postgresRolling,
  'postgres-secrets': postgresSecrets,
};
