/** Opens the ledger on PostgreSQL: its schema, its lanes. */
import type { ServiceRules } from '../../domain/rules.ts';
import { Sealer } from '../record/sealer.ts';
import type { Guards } from '../sqlite/components.ts';
import { termsOf } from './loads.ts';
import { type Holding, Miss, nameIn } from './needs.ts';
import { OUTBOX_LOCK } from './outbox-loads.ts';
import { People } from './people.ts';
import { PostgresLedger } from './postgres-ledger.ts';
import { MIGRATIONS, type Migration } from './schema/migrations.ts';
import { Hosts } from './session/connection.ts';
import { GroupCommit } from './session/group-commit.ts';
import { type ObserveCommit, WriteLane } from './session/lane.ts';
import { openDatabase, requireSameLedger } from './session/open.ts';
import { ReadLane, type ReadLaneOptions } from './session/read-lane.ts';
import { type ClockSource, SharedClock } from './session/shared-clock.ts';
import type { PublicKey } from './signing-keys.ts';
import { Tables } from './table-reads.ts';
import { Workspace } from './workspace.ts';

export interface PostgresLedgerOptions {
  /** The secret of license ids and seals: 32 bytes or more. */
  readonly idSecret: Uint8Array;
  /** Needed for decisions; a read-only ledger has none. */
  readonly rules?: ServiceRules;
  /** The public keys of the keyring; undefined: a command that mints nothing. */
  readonly keys?: readonly PublicKey[];
  readonly observeCommit?: ObserveCommit;
  /** The clock of this instance, in milliseconds since 1970-01-01. */
  readonly now?: () => number;
  /** What leases and due times are by; default `database`. */
  readonly clock?: ClockSource;
  /** Called after each commit with an announcement that waits. */
  readonly onAnnounced?: () => void;
  /** How long an act waits for the database, milliseconds. */
  readonly patience?: number;
  /** Connections that write. One suffices on a fast disk; a lane has one group a round trip under way. */
  readonly lanes?: number;
  readonly reads?: Pick<ReadLaneOptions, 'milliseconds' | 'lists'>;
  /** Of the schema; default: those of this release. */
  readonly migrations?: readonly Migration[];
}

/** Throws AppError `bad_configuration` or `ledger_unavailable`. */
export async function openPostgresLedger(
  url: string,
  options: PostgresLedgerOptions,
): Promise<PostgresLedger> {
  const { idSecret, rules, keys, observeCommit = () => {}, now = Date.now } = options;
  const { onAnnounced = () => {}, patience, lanes = 1, migrations = MIGRATIONS } = options;
  const sealer = new Sealer(idSecret);
  const clock = new SharedClock(now, options.clock);
  const { lockSeed, time } = await openDatabase(new Hosts(url), sealer, keys, migrations);
  clock.note(time);
  const hosts = new Hosts(url, (session) => requireSameLedger(session, lockSeed, migrations));
  const makeWorkspace = (held: () => Holding): Workspace => {
    const workspace = new Workspace({ idSecret, rules, now, clock, guards: guardsOf(held) });
    workspace.components.outbox.table.listen(onAnnounced);
    return workspace;
  };
  const writers = Array.from(
    { length: lanes },
    () =>
      new WriteLane({
        hosts,
        makeWorkspace,
        lockSeed,
        announces: rules?.announce !== undefined || rules?.canFetch !== undefined,
        observe: observeCommit,
      }),
  );
  const reads = new ReadLane({ hosts, makeWorkspace, ...options.reads });
  const commits = new GroupCommit(writers, patience);
  const people = new People({ commits, reads, sealer, now: () => clock.at(now()) });
  return new PostgresLedger({ commits, reads, people, tables: new Tables(reads), now, clock });
}

/** A read of a name that is not held, or of terms that were not searched, runs the group again with them. */
export function guardsOf(held: () => Holding): Guards {
  return {
    onNames(names, market) {
      const missing = [...names]
        .map((name) => nameIn(market, name))
        .filter((name) => !held().names.has(name));
      if (missing.length > 0) throw new Miss({ names: missing });
    },
    onUnknownTerms(digest) {
      // What was searched in this try and is unknown still is not in the ledger.
      if (!held().terms.has(digest)) throw new Miss({ loads: [termsOf({ digest })] });
    },
    onWaitingMail() {
      if (!held().locks.has(OUTBOX_LOCK)) throw new Miss({ locks: [OUTBOX_LOCK] });
    },
  };
}
