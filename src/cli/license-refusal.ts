/** Why a decision about a license was refused, and what to do instead. */
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
        `This license was reissued, so nothing was changed. Use the license that replaced it: ${formatLicenseId(refused.by.id)}`,
      );
    case 'perpetual':
      return new AppError(
        'bad_usage',
        `This license is perpetual: it has no last valid day to move, and nothing was changed. To include newer versions:  ${RUN} license extend ${formatLicenseId(refused.license.id)} --updates-until DAY --reason …`,
      );
    case 'unfit day':
      return new AppError(
        'bad_usage',
        `The last day of this license has to be from ${refused.from}, when it was issued, to ${refused.to}; nothing was changed. To end a license, revoke or suspend it.`,
      );
    case 'unlimited updates':
      return new AppError(
        'bad_usage',
        'This license includes all versions: a last day would exclude some, so nothing was changed.',
      );
  }
}
