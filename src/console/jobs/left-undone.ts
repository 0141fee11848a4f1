/** What a job left that was cut off, and what to do. */
import type { JobKind } from '../../domain/ports/long-job.ts';

export const LEFT_UNDONE: Readonly<Record<JobKind, string>> = {
  check: 'Nothing was changed. Check again.',
  backup:
    'A file that is listed under Upkeep is whole; if none of that time is there, none was made. Back up again.',
  erase: 'A part may be erased, and the rest is not. Erase again: it goes on with what is left.',
  apply:
    'Orders that were moved stay so, and the others are as before. Apply again: it goes on with what is left.',
  replace:
    'Licenses that were replaced stay so, and the others are as before. Begin again: it goes on with what is left.',
};
