/** The service does not start with downloads on PostgreSQL: they need a ledger in a file for now. */
import type { Downloads } from '../../domain/download.ts';
import { AppError } from '../../errors.ts';

const unavailable = async (): Promise<never> => {
  throw new AppError(
    'ledger_unavailable',
    'Downloads need a ledger in a file: they are not available on PostgreSQL yet.',
  );
};

export const DOWNLOADS: Downloads = {
  note: unavailable,
  countDone: unavailable,
  ofLicense: async () => [],
  counts: async () => [],
};
