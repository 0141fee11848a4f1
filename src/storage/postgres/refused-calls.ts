/** Counts calls whose signature was wrong, on PostgreSQL. */
import type { RefusedCallCounts } from '../../domain/ports/refused-calls.ts';
import { refusedCallCounts } from '../sqlite/refused-calls.ts';
import { wholeTable } from './loads.ts';
import type { GroupCommit } from './session/group-commit.ts';
import type { ReadLane } from './session/read-lane.ts';

/** Whoever counts holds this name: counts are added up. */
const LOCK = '- - refused calls';

const ALL = [wholeTable('refused_call')];

export function refusedCallsPort(commits: GroupCommit, reads: ReadLane): RefusedCallCounts {
  return refusedCallCounts({
    write: (act) => commits.run({ locks: [LOCK], loads: ALL }, ({ refusedCalls }) => act(refusedCalls)),
    read: (query) => reads.read({ loads: ALL }, ({ refusedCalls }) => query(refusedCalls)),
  });
}
