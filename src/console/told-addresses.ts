/** The addresses that a marketplace has to be told. */
import type { Visit } from './visit.ts';

/** Stands for the public name as long as PUBLIC_URL is not set. */
const UNKNOWN = 'https://YOUR-ADDRESS';

export function webhookAddress(
  { parts }: Pick<Visit, 'parts'>,
  { webhookPath }: Pick<Visit['parts']['marketplaces'][number], 'webhookPath'>,
): string {
  return `${parts.publicUrl ?? UNKNOWN}${webhookPath}`;
}

/** One for each product that is sold there; none where the marketplace only sends events. */
export function fulfillmentAddresses(
  { parts }: Pick<Visit, 'parts'>,
  { name, asksForLicenses }: Visit['parts']['marketplaces'][number],
): readonly string[] {
  if (!asksForLicenses) return [];
  const sold = parts.catalog.all().filter(({ marketplaces }) => marketplaces[name] !== undefined);
  const products = sold.length === 0 ? ['PRODUCT'] : sold.map(({ id }) => id);
  return products.map((id) => `${parts.publicUrl ?? UNKNOWN}/fulfillment/${name}/${id}`);
}
