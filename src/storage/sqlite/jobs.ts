/** The console's long work on SQLite. Writes need a transaction. */
import {
  type BegunJob,
  JOBS_LISTED,
  type JobOutcome,
  type JobWatcher,
  type LongJob,
  type LongJobs,
  type Progress,
  stateOfJob,
} from '../../domain/ports/long-job.ts';
import { JOB_COLUMNS, type JobRow, jobOf, newJobRow } from '../record/job-row.ts';
import type { Access } from './access.ts';
import { prepareLast } from './aggregate.ts';
import { equal } from './conditions.ts';
import type { Connection } from './file/connection.ts';
import { prepareUpsert } from './insert.ts';

export class JobTable {
  readonly #put;
  readonly #last;
  readonly #job;
  readonly #newest;

  constructor(connection: Connection) {
    this.#put = prepareUpsert<JobRow>(connection, 'job', JOB_COLUMNS, ['number']);
    this.#last = prepareLast(connection, 'job');
    this.#job = connection.prepare<[{ readonly number: number }], JobRow>(
      `SELECT * FROM job WHERE ${equal('number')}`,
    );
    this.#newest = connection.prepare<[{ readonly limit: number }], JobRow>(
      'SELECT * FROM job ORDER BY number DESC LIMIT $limit',
    );
  }

  begin(job: BegunJob, watcher: JobWatcher): { readonly number: number; readonly isNew: boolean } {
    const running = this.newest().find(
      (each) => each.what === job.what && stateOfJob(each, watcher) === 'runs',
    );
    if (running !== undefined) return { number: running.number, isNew: false };
    const number = this.#last() + 1;
    this.#put.run(newJobRow(job, number, watcher.run));
    return { number, isNew: true };
  }

  tell(number: number, { done, all }: Progress, at: number): void {
    this.#change(number, { done, whole: all ?? null, seen_at: at });
  }

  end(number: number, { isGood, text, lines = [] }: JobOutcome, at: number): void {
    const ended = { ended_at: at, seen_at: at, is_good: isGood ? 1 : 0, said: text };
    this.#change(number, { ...ended, lines: JSON.stringify(lines) });
  }

  find(number: number): LongJob | undefined {
    const row = this.#job.get({ number });
    return row && jobOf(row);
  }

  newest(): readonly LongJob[] {
    return this.#newest.all({ limit: JOBS_LISTED }).map(jobOf);
  }

  #change(number: number, more: Partial<JobRow>): void {
    const row = this.#job.get({ number });
    if (row !== undefined) this.#put.run({ ...row, ...more });
  }
}

/** Runs synchronous acts and reads over the table. `number`: the job that they are about. */
export interface JobRunner {
  readonly write: <T>(act: (jobs: JobTable) => T, number?: number) => Promise<T>;
  readonly read: <T>(query: (jobs: JobTable) => T, number?: number) => Promise<T>;
}

export function longJobs({ write, read }: JobRunner): LongJobs {
  return {
    begin: (job, watcher) => write((jobs) => jobs.begin(job, watcher)),
    tell: (number, progress, at) => write((jobs) => jobs.tell(number, progress, at), number),
    end: (number, outcome, at) => write((jobs) => jobs.end(number, outcome, at), number),
    find: (number) => read((jobs) => jobs.find(number), number),
    newest: () => read((jobs) => jobs.newest()),
  };
}

export function longJobsOn(jobs: JobTable, access: Access): LongJobs {
  return longJobs({
    write: (act) => access.write(() => act(jobs)),
    read: (query) => access.read(() => query(jobs)),
  });
}
