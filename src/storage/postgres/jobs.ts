/** The console's long work on PostgreSQL: which rows each act and each read needs. */
import { JOBS_LISTED, type LongJobs } from '../../domain/long-job.ts';
import { longJobs } from '../sqlite/jobs.ts';
import type { GroupCommit } from './group-commit.ts';
import { loadBy, wholeTable } from './loads.ts';
import type { ReadLane } from './read-lane.ts';

/** Whoever writes a job holds this name: the same work is begun once. */
const JOBS_LOCK = '- - jobs';

const NEWEST = wholeTable('job', 'TRUE', `ORDER BY number DESC LIMIT ${JOBS_LISTED}`);
const jobOf = loadBy('job', 'number bigint', 't.number = k.number', 'OFFSET 0');

const loadsOf = (number?: number) => (number === undefined ? [NEWEST] : [NEWEST, jobOf({ number })]);

export function jobsPort(commits: GroupCommit, reads: ReadLane): LongJobs {
  return longJobs({
    write: (act, number) =>
      commits.run({ locks: [JOBS_LOCK], loads: loadsOf(number) }, ({ jobs }) => act(jobs)),
    read: (query, number) => reads.read({ loads: loadsOf(number) }, ({ jobs }) => query(jobs)),
  });
}
