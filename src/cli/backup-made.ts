/** Notes a backup beside the keys; a folder that cannot be written makes no backup fail. */
import { noteBackup } from '../keyring/backup-note.ts';
import type { Config } from '../service/config.ts';
import type { CliContext } from './context.ts';

export function noteMade(
  context: CliContext,
  { keysDir }: Pick<Config, 'keysDir'>,
  kind: 'keys' | 'shop',
): void {
  try {
    noteBackup(keysDir, new Date(context.now()).toISOString(), kind);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    context.stderr(
      `The backup is made, but it could not be noted, so  doctor  does not know of it: ${why}\n`,
    );
  }
}
