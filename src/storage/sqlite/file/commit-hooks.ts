/** What goes along with each commit, and what is undone with each rollback. */
import type { Components } from '../components.ts';
import type { LogKeeper } from './log-file.ts';
import type { Mark } from './mark.ts';

export function commitHooks(
  { pen, soldTerms, daily, outbox }: Pick<Components, 'pen' | 'soldTerms' | 'daily' | 'outbox'>,
  log: LogKeeper,
  mark: Mark | undefined,
) {
  return {
    beforeCommit: () => {
      daily.beforeCommit();
      pen.beforeCommit();
    },
    afterCommit: () => {
      pen.afterCommit();
      daily.afterCommit();
      mark?.follow();
      log.follow();
      outbox.table.afterCommit();
    },
    afterRollback: () => {
      pen.afterRollback();
      daily.afterRollback();
      soldTerms.afterRollback();
      outbox.table.afterRollback();
    },
  };
}
