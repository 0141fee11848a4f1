/** Why a decision about a license was refused, and what to do in its place. */
import type { Refused } from '../domain/desk/license.ts';
import { AppError } from '../errors.ts';
import { formatLicenseId } from '../license-code/license-id.ts';
import { RUN } from '../service/command.ts';

export function refusalText(refused: Refused): AppError {
  switch (refused.outcome) {
    case 'unknown':
      return new AppError('not_found', 'The ledger has no such license.');
    case 'replaced':
      return new AppError(
        'bad_usage',
        `This license was issued again, and nothing was changed. Decide about the one in its place: ${formatLicenseId(refused.by.id)}`,
      );
    case 'perpetual':
      return new AppError(
        'bad_usage',
        `This license is perpetual: it has no last valid day to move, and nothing was changed. To include newer versions:  ${RUN} license extend ${formatLicenseId(refused.license.id)} --updates-until DAY --reason …`,
      );
    case 'unlimited updates':
      return new AppError(
        'bad_usage',
        'This license includes all versions: a day would take some away, and nothing was changed.',
      );
  }
}
