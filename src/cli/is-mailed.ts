import type { LicenseStory } from '../domain/ledger.ts';
import type { CliContext } from './context.ts';

/** Whether the service mails a license's new code. Otherwise the seller has to send it. */
export function isMailed(context: CliContext, { customer }: Pick<LicenseStory, 'customer'>): boolean {
  return context.config().mail !== undefined && customer.email !== undefined;
}
