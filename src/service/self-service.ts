/** What customers do by themselves: gives their pages and mails what they need of the service. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import { keptTermsOf } from '../catalog/kept-terms.ts';
import { pageAddress } from '../customer/links.ts';
import { mountCustomerPages, mountDownloadPages } from '../customer/mount.ts';
import type { Shop } from '../customer/shop.ts';
import type { Texts } from '../customer/texts.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { Minter } from '../domain/minter.ts';
import type { Offers } from '../domain/requests/offer.ts';
import { readIdSecret } from '../keyring/id-secret.ts';
import { createLinkTokens, type LinkTokens } from '../keyring/link-token.ts';
import type { Log } from '../log.ts';
import { MARKETPLACES } from '../marketplaces/all.ts';
import type { PageOf } from '../message/templates.ts';
import type { Channel } from '../outbox/channel.ts';
import type { MailChannelSources } from '../outbox/mail/mail-channel.ts';
import type { Config } from './config.ts';

export interface SelfServiceSetup {
  readonly shop: Shop;
  readonly tokens: LinkTokens;
  /** PUBLIC_URL. */
  readonly base: string;
}

/** Undefined without shop.yaml, PUBLIC_URL or mail. Throws AppError `bad_configuration` for faults of the file. */
export async function setUpSelfService(
  config: Pick<Config, 'shopFile' | 'keysDir' | 'publicUrl' | 'mail'>,
): Promise<SelfServiceSetup | undefined> {
  if (!existsSync(config.shopFile)) return undefined;
  const { loadShop } = await import('../customer/shop.ts');
  const shop = await loadShop(config.shopFile);
  if (shop === undefined || config.publicUrl === undefined || config.mail === undefined) return undefined;
  return { shop, tokens: createLinkTokens(readIdSecret(config.keysDir)), base: config.publicUrl };
}

/** The address that texts name; undefined: there is no license page. */
export function pagesBase(setup: SelfServiceSetup | undefined): string | undefined {
  return setup?.shop.licensePage === true ? setup.base : undefined;
}

export function pageOf({ tokens }: SelfServiceSetup, ledger: Ledger): PageOf {
  return (base, license, at) => pageAddress(base, { license, purpose: 'buyer', at }, { tokens, ledger });
}

/** Of an opened service. */
interface Served {
  readonly selfService: SelfServiceSetup | undefined;
  readonly ledger: Ledger;
  readonly catalog: Catalog;
}

/** Nothing of the pages is loaded before the first request for one. Undefined: there are none. */
export function mountPagesFor(
  { selfService, ledger, catalog, minter }: Served & { readonly minter: Minter },
  around: {
    readonly now: () => number;
    readonly log: Log;
    readonly offers: Offers | undefined;
  },
): ReturnType<typeof mountCustomerPages> | undefined {
  if (selfService === undefined) return undefined;
  const findProduct = (id: string) => catalog.get(id);
  const currentTerms = (id: string) => {
    const product = findProduct(id);
    return product && keptTermsOf(product);
  };
  const titles = new Map(MARKETPLACES.map(({ name, title }) => [name, title]));
  return mountCustomerPages(() => ({
    ...around,
    ...selfService,
    ledger,
    minter,
    findProduct,
    desk: { ledger, rules: { minter, currentTerms } },
    marketplaceTitle: (marketplace) => titles.get(marketplace),
  }));
}

/** Shows a page instead of a download. Undefined: there are no pages. */
export function downloadPagesFor({ selfService, catalog }: Pick<Served, 'selfService' | 'catalog'>) {
  if (selfService === undefined) return undefined;
  return mountDownloadPages(() => ({ shop: selfService.shop, findProduct: (id) => catalog.get(id) }));
}

/** Loaded at the first use, also where there is no shop.yaml: the page after the checkout is always there. */
export function customerTextsOf({
  shopFile,
}: Pick<Config, 'shopFile'>): (accepted: string) => Promise<Texts> {
  let kept: ReadonlyMap<string, Texts> | undefined;
  return async (accepted) => {
    const { loadTexts, TEXTS, textsFor } = await import('../customer/texts.ts');
    kept ??= (await loadTexts(join(dirname(shopFile), TEXTS))).texts;
    return textsFor(kept, accepted);
  };
}

/** What the mail channel sends for self-service. */
export function ownMails(
  { selfService, ledger, catalog }: Served,
  now: () => number,
): Pick<MailChannelSources, 'others' | 'addition'> {
  if (selfService === undefined) return {};
  const sources = { ...selfService, ledger, findProduct: (id: string) => catalog.get(id), now };
  const load = () => import('../customer/mails.ts');
  return {
    others: async (announcement) => (await load()).composeOwnMail(announcement, sources),
    addition: async ({ announcement, units, language, namesPage }) =>
      namesPage ? '' : (await load()).pageAddition(announcement, units, language, sources),
  };
}

/** The channel of questions about lost codes, where their page is. */
export async function inquiryChannel(
  { selfService, ledger, catalog }: Served,
  now: () => number,
): Promise<readonly Channel[]> {
  if (selfService?.shop.lostCode !== true) return [];
  const { createInquiryChannel } = await import('../outbox/inquiry/inquiry-channel.ts');
  return [createInquiryChannel({ ledger, findProduct: (id) => catalog.get(id), now })];
}
