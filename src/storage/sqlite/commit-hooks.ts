/** What happens around each commit. */
import type { Components } from './components.ts';
import type { GroupCommit } from './group-commit.ts';
import type { LogKeeper } from './log-file.ts';
import type { Mark } from './mark.ts';

export function commitHooks(
  { pen, daily, soldTerms, outbox }: Pick<Components, 'pen' | 'daily' | 'soldTerms' | 'outbox'>,
  mark: Mark | undefined,
  log: LogKeeper,
): ConstructorParameters<typeof GroupCommit>[1] {
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
