/** What the console takes of the running service: loaded with its first page. */
import { loadCatalog } from '../catalog/catalog.ts';
import { keptTermsOf } from '../catalog/kept-terms.ts';
import type { ConsoleParts } from '../console/parts.ts';
import { Presence } from '../doctor/address.ts';
import { checksOf } from '../doctor/checks.ts';
import type { Finding } from '../doctor/finding.ts';
import type { LedgerReader } from '../domain/ledger-reader.ts';
import type { Mode } from '../domain/order.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import { MARKETPLACES } from '../marketplaces/all.ts';
import { announceAccess } from '../outbox/mail/seller-news.ts';
import type { Config } from './config.ts';
import { consoleDownloads } from './downloads.ts';
import type { Opened } from './open.ts';
import { announceRules } from './outbox.ts';
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
  readonly now: () => number;
  readonly log: Log;
}

export function consoleParts(
  { config, opened, listening, serving, ...around }: ConsoleGiven,
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
    checks: checksOf({ config, ledger, reads: reader, catalog, presence, now: around.now }),
    origin: () => (config.consolePort === undefined && config.publicUrl) || localName(listening()),
    marketplaces: MARKETPLACES.map(({ name, title, simulator }) => ({
      name,
      title,
      example: simulator.example(catalog.all()[0]?.id ?? 'example'),
    })),
    simulator: config.simulator,
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
    hasCustomerPages: opened.selfService !== undefined,
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
    readEvent: ({ marketplace, mode, payload }) => {
      const found = MARKETPLACES.find(({ name }) => name === marketplace);
      if (found === undefined) throw new AppError('unknown_page', `There is no marketplace ${marketplace}.`);
      return found.readAgain(payload, mode, catalog.all()).read();
    },
  };
}

/** The name of a loopback address: passkeys need a name. */
function localName(url: string): string {
  const { port } = new URL(url);
  return `http://localhost:${port}`;
}

function settingsOf(config: Config): ConsoleParts['settings'] {
  const own = [
    ['PUBLIC_URL', config.publicUrl !== undefined],
    ['CONSOLE_PORT', config.consolePort !== undefined],
    ['TRUST_PROXY', config.trustProxy],
    ['SIMULATOR', config.simulator],
    ['KEY_PASSPHRASE', config.keyPassphrase !== undefined],
  ] as const;
  const marketplaces = config.accounts.flatMap(({ marketplace, live, sandbox }) => [
    { name: `${marketplace}: requests`, isSet: live.requests },
    { name: `${marketplace}: events`, isSet: live.events },
    { name: `${marketplace}: sandbox`, isSet: sandbox },
  ]);
  return [...own.map(([name, isSet]) => ({ name, isSet })), ...marketplaces];
}
