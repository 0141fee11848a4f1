/** Who gets into the console, on PostgreSQL: all rows of its tables are loaded, since there are few. */
import type { ConsoleAccess } from '../../domain/console-access.ts';
import { consoleAccess } from '../sqlite/console-access.ts';
import type { GroupCommit } from './group-commit.ts';
import { CONSOLE, CONSOLE_LOCK } from './loads.ts';
import type { ReadLane } from './read-lane.ts';

export function consoleAccessPort(commits: GroupCommit, reads: ReadLane): ConsoleAccess {
  return consoleAccess({
    write: (act) => commits.run({ locks: [CONSOLE_LOCK], loads: CONSOLE }, ({ access }) => act(access)),
    read: (query) => reads.read({ loads: CONSOLE }, ({ access }) => query(access)),
  });
}
