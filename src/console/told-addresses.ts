/** The addresses that a marketplace has to be told. */
import type { Visit } from './visit.ts';

/** Stands for the public name as long as PUBLIC_URL is not set. */
const UNKNOWN = 'https://YOUR-ADDRESS';

export function webhookAddress({ parts }: Pick<Visit, 'parts'>, marketplace: string): string {
  return `${parts.publicUrl ?? UNKNOWN}/webhooks/${marketplace}`;
}

export function toldAddresses(
  visit: Pick<Visit, 'parts'>,
  { name, asksForLicenses }: Visit['parts']['marketplaces'][number],
): readonly string[] {
  const { catalog, publicUrl = UNKNOWN } = visit.parts;
  const sold = catalog.all().filter(({ marketplaces }) => marketplaces[name] !== undefined);
  const products = sold.length === 0 ? ['PRODUCT'] : sold.map(({ id }) => id);
  return [
    ...(asksForLicenses ? products.map((id) => `${publicUrl}/fulfillment/${name}/${id}`) : []),
    webhookAddress(visit, name),
  ];
}
