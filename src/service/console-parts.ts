/** What the console takes of the running service: loaded with its first page. */
import { loadCatalog } from '../catalog/catalog.ts';
import { keptTermsOf } from '../catalog/kept-terms.ts';
import type { ConsoleParts } from '../console/parts.ts';
import { pageAddress } from '../customer/links.ts';
import { Presence } from '../doctor/address.ts';
import { checksOf } from '../doctor/checks.ts';
import type { Finding } from '../doctor/finding.ts';
import type { LedgerReader } from '../domain/ports/ledger-reader.ts';
import type { RefusedCallTally } from '../domain/ports/refused-calls.ts';
import type { Mode } from '../domain/values/order.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import { MARKETPLACES } from '../marketplaces/all.ts';
import { SECRET_OF_ADDRESS, webhookPath } from '../marketplaces/marketplace.ts';
import { announceAccess } from '../outbox/mail/seller-news.ts';
import { type Config, SETTING_NAMES } from './config.ts';
import { consoleDownloads } from './downloads.ts';
import type { Opened } from './open.ts';
import { announceRules } from './outbox.ts';
import { pagesBase } from './self-service.ts';
import { textsSent } from './sent-text.ts';
import { makeTestOrder } from './test-order.ts';
import { upkeepOf } from './upkeep.ts';

export interface ConsoleGiven {
  readonly config: Config;
  readonly opened: Opened;
  readonly modes: readonly Mode[];
  readonly examine: () => Promise<readonly Finding[]>;
  /** The address at which the console listens; known once it listens. */
  readonly listening: () => string;
  /** The address at which the marketplaces' endpoints listen. */
  readonly serving: () => string;
  readonly refused: Pick<RefusedCallTally, 'flush'>;
  readonly now: () => number;
  readonly log: Log;
}

export function consoleParts(
  { config, opened, listening, serving, refused, ...around }: ConsoleGiven,
  reader: LedgerReader,
): ConsoleParts {
  const { catalog, ledger, minter, signers, templates } = opened;
  const findProduct = (id: string) => catalog.get(id);
  const presence = new Presence();
  const currentTerms = (id: string) => {
    const product = findProduct(id);
    return product && keptTermsOf(product);
  };
  return {
    ...around,
    reader,
    ledger,
    catalog,
    minter,
    desk: { ledger, rules: { minter, currentTerms } },
    keyring: signers.keyring,
    presence,
    upkeep: upkeepOf(config),
    checks: checksOf({
      ...{ config, ledger, refused, reads: reader, catalog, presence },
      keyring: signers.keyring,
      now: around.now,
    }),
    origin: () => (config.consolePort === undefined && config.publicUrl) || localName(listening()),
    publicUrl: config.publicUrl,
    marketplaces: MARKETPLACES.map((marketplace) => ({
      name: marketplace.name,
      title: marketplace.title,
      goLive: marketplace.goLive,
      webhookPath: webhookPath(marketplace, SECRET_OF_ADDRESS),
      asksForLicenses: marketplace.mails.sold,
      example: marketplace.simulator.example(catalog.all()[0]?.id ?? 'example'),
    })),
    simulator: config.simulator,
    isAlone: config.ledgerDatabase === undefined,
    makeTestOrder: () =>
      makeTestOrder(serving(), { keysDir: config.keysDir, products: catalog.all(), now: around.now() }),
    settings: settingsOf(config),
    textsSent: (licenses) => textsSent(licenses, { templates, minter, findProduct }),
    composeMail: async (announcement) => {
      if (announcement.channel !== 'mail') return undefined;
      const { composeMail } = await import('../outbox/mail/compose.ts');
      const composed = await composeMail(announcement, { ledger, templates, minter });
      return composed.outcome === 'composed' ? composed.mail : undefined;
    },
    mailing: config.mail && (async () => (await announceRules(config, catalog)) ?? { mail: () => undefined }),
    customerPage: customerPageOf(opened, around.now),
    tellSeller: async (topic) => {
      if (config.mail?.seller !== undefined) await announceAccess(ledger, topic, around.now());
    },
    downloads: consoleDownloads(config, opened.downloads, around.now),
    readProducts: () =>
      loadCatalog(config.productsDir).then(
        (read) => ({ products: read.all() }),
        (error: unknown) => ({
          fault: error instanceof AppError ? error.message : 'The files cannot be read.',
        }),
      ),
    readEvent: async ({ marketplace, mode, payload }) => {
      const found = MARKETPLACES.find(({ name }) => name === marketplace);
      if (found === undefined) throw new AppError('unknown_page', `There is no marketplace ${marketplace}.`);
      const { readAgain } = await found.loadStoredEvents();
      return readAgain(payload, mode, catalog.all()).read();
    },
  };
}

/** The name of a loopback address: passkeys need a name. */
function localName(url: string): string {
  const { port } = new URL(url);
  return `http://localhost:${port}`;
}

function settingsOf({ variable }: Config): ConsoleParts['settings'] {
  return SETTING_NAMES.map((name) => ({
    name,
    isSet: [name, `${name}_FILE`].some((each) => (variable(each) ?? '') !== ''),
  }));
}

function customerPageOf({ selfService, ledger }: Opened, now: () => number): ConsoleParts['customerPage'] {
  const base = pagesBase(selfService);
  if (selfService === undefined || base === undefined) return undefined;
  const { tokens } = selfService;
  return (license) =>
    pageAddress(base, { license, purpose: 'buyer', at: now(), isNew: true }, { tokens, ledger });
}
