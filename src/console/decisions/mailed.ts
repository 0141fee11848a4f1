/** Whether the customer of a license is mailed on an occasion: so the forms say it before it is done. */
import type { LicenseStory } from '../../domain/ledger.ts';
import type { MailTopic } from '../../domain/values/announcement.ts';
import type { Visit } from '../visit.ts';

export async function isMailed(
  { parts }: Pick<Visit, 'parts'>,
  { product, marketplace, mode, customer }: LicenseStory,
  topic: MailTopic | undefined,
): Promise<boolean> {
  if (topic === undefined || parts.mailing === undefined || customer.email === undefined) return false;
  return (await parts.mailing()).mail(topic, { product, marketplace, mode }) !== undefined;
}
