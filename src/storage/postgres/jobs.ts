/** The console's long work on PostgreSQL: which rows each act and each read needs. */
import { JOBS_LISTED, type LongJob, type LongJobs } from '../../domain/ports/long-job.ts';
import { longJobs } from '../sqlite/jobs.ts';
import { loadBy, wholeTable } from './loads.ts';
import type { GroupCommit } from './session/group-commit.ts';
import type { ReadLane } from './session/read-lane.ts';
import type { SharedClock } from './session/shared-clock.ts';

/** Whoever writes a job holds this name: the same work is begun once. */
const JOBS_LOCK = '- - jobs';

const NEWEST = wholeTable('job', 'TRUE', `ORDER BY number DESC LIMIT ${JOBS_LISTED}`);
const jobOf = loadBy('job', 'number bigint', 't.number = k.number', 'OFFSET 0');

const loadsOf = (number?: number) => (number === undefined ? [NEWEST] : [NEWEST, jobOf({ number })]);

/** The rows have the times of the shared clock: whether another instance fell silent is told by them. */
export function jobsPort(commits: GroupCommit, reads: ReadLane, clock: SharedClock): LongJobs {
  const jobs = longJobs({
    write: (act, number) =>
      commits.run({ locks: [JOBS_LOCK], loads: loadsOf(number) }, ({ jobs }) => act(jobs)),
    read: (query, number) => reads.read({ loads: loadsOf(number) }, ({ jobs }) => query(jobs)),
  });
  const byOwn = (job: LongJob): LongJob => ({
    ...job,
    beganAt: clock.own(job.beganAt),
    seenAt: clock.own(job.seenAt),
    endedAt: job.endedAt && clock.own(job.endedAt),
  });
  return {
    begin: (job, watcher) =>
      jobs.begin(
        { ...job, beganAt: clock.shared(job.beganAt) },
        { ...watcher, now: clock.shared(watcher.now) },
      ),
    tell: (number, progress, at) => jobs.tell(number, progress, clock.shared(at)),
    end: (number, outcome, at) => jobs.end(number, outcome, clock.shared(at)),
    find: async (number) => {
      const job = await jobs.find(number);
      return job && byOwn(job);
    },
    newest: async () => (await jobs.newest()).map(byOwn),
  };
}
