/** What customers do by themselves is not on PostgreSQL yet: a page that needs it answers that it is unavailable. */
import type { Downloads } from '../../domain/download.ts';
import type { SelfService } from '../../domain/self-service.ts';
import { AppError } from '../../errors.ts';

const unavailable = async (): Promise<never> => {
  throw new AppError(
    'ledger_unavailable',
    'The pages of customers need a ledger in a file: they are not available on PostgreSQL yet.',
  );
};

export const SELF_SERVICE: SelfService = {
  ask: unavailable,
  typed: unavailable,
  answer: unavailable,
  peopleOf: unavailable,
  generation: unavailable,
  newLinks: unavailable,
  handedTo: unavailable,
  noteHandedTo: unavailable,
  askAddress: unavailable,
  findChange: unavailable,
  pendingChange: unavailable,
  confirmAddress: unavailable,
  undoAddress: unavailable,
  // Nothing was stored, so nothing has to be deleted.
  forget: async () => {},
};

/** The service does not start with downloads on PostgreSQL. */
export const DOWNLOADS: Downloads = {
  note: unavailable,
  countDone: unavailable,
  ofLicense: async () => [],
  counts: async () => [],
};
