/** The settings without which a function would lose what it keeps, or could not send it. */
import { AppError } from '../../errors.ts';
import type { Config } from '../config.ts';

/** The database's URL. Throws AppError `bad_configuration` with the setting to correct. */
export function requireForFunction({
  ledgerDatabase,
  downloads,
}: Pick<Config, 'ledgerDatabase' | 'downloads'>): string {
  if (ledgerDatabase === undefined)
    throw new AppError(
      'bad_configuration',
      'LEDGER_URL: set it to a PostgreSQL database: the disk of a function is gone with it',
    );
  if (downloads !== undefined && 'folder' in downloads)
    throw new AppError(
      'bad_configuration',
      'DOWNLOADS: write s3://bucket/prefix: a function sends at most 6 MB, and its disk is gone with it',
    );
  return ledgerDatabase;
}
