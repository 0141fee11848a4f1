/** Opens and checks what the service and the commands share: products, keys, ledger. */
import { type Catalog, loadCatalog } from '../catalog/catalog.ts';
import type { FoundBefore } from '../catalog/earlier-starts.ts';
import { keptTermsOf } from '../catalog/kept-terms.ts';
import { withPages } from '../catalog/with-pages.ts';
import type { Announcing } from '../domain/announcements/announcing.ts';
import type { Ledger } from '../domain/ledger.ts';
import { checkSoldAtStart } from '../domain/life/sold-terms.ts';
import type { Minter } from '../domain/minter.ts';
import type { ServiceRules } from '../domain/rules.ts';
import type { Mode } from '../domain/values/order.ts';
import { AppError } from '../errors.ts';
import { readIdSecret } from '../keyring/id-secret.ts';
import { createMinter } from '../keyring/minter.ts';
import { loadSigners, type Signers } from '../keyring/signer.ts';
import { type AddressMakers, Templates } from '../message/templates.ts';
import {
  acceptRestoredLedger,
  existsLedger,
  type LedgerOptions,
  type LedgerPlace,
  openLedgerAt,
  openWithoutRulesAt,
} from '../storage/open-ledger.ts';
import type { ObserveCommit } from '../storage/sqlite/file/group-commit.ts';
import type { OnMarkFault } from '../storage/sqlite/file/mark.ts';
import type { Config } from './config.ts';
import { type DownloadSetup, latestOf, setUpDownloads } from './downloads.ts';
import { expectsEvents } from './expects-events.ts';
import { announceRules } from './outbox.ts';
import { pageOf, pagesBase, type SelfServiceSetup, setUpSelfService } from './self-service.ts';

/** What the service and the commands share. */
export interface Opened {
  readonly catalog: Catalog;
  readonly signers: Signers;
  readonly ledger: Ledger;
  readonly minter: Minter;
  readonly templates: Templates;
  /** What customers do by themselves; undefined: there are no pages for them. */
  readonly selfService: SelfServiceSetup | undefined;
  /** Undefined: downloads are off. */
  readonly downloads: DownloadSetup | undefined;
  /** Sold products whose file is gone: their licenses keep the terms in the ledger. */
  readonly orphans: readonly string[];
}

export interface OpenOptions {
  /** The modes that must have an active signing key. */
  readonly modesNeeded: readonly Mode[];
  readonly observeCommit?: ObserveCommit;
  readonly onMarkFault?: OnMarkFault;
  /** Default: all is found out again. */
  readonly earlier?: FoundBefore | undefined;
  /** Begin a new ledger where the known ledger is missing. */
  readonly newLedger?: boolean;
  /** Opens the ledger; default `openLedgerAt`. */
  readonly openLedger?:
    | ((place: LedgerPlace, options: LedgerOptions) => Ledger | Promise<Ledger>)
    | undefined;
  /** Who is told of changes; default: as the settings say. */
  readonly announce?: Announcing | undefined;
  readonly onAnnounced?: () => void;
  /** The ledger's clock, in milliseconds since 1970-01-01; default the computer's clock. */
  readonly now?: () => number;
  /** Opens the ledger for a service. */
  readonly service?: NonNullable<LedgerOptions['service']>;
  /** Whose clock leases and due times of a database are by. */
  readonly clock?: NonNullable<LedgerOptions['clock']>;
}

/** Throws AppError `bad_configuration` with the correction. The caller closes the ledger. */
export async function openParts(
  config: Config,
  { modesNeeded, earlier, openLedger: open = openLedgerAt, announce: given, ...options }: OpenOptions,
): Promise<Opened> {
  const selfService = await setUpSelfService(config);
  const downloads = setUpDownloads(config);
  const catalog = withPages(await loadCatalog(config.productsDir, earlier), {
    pages: pagesBase(selfService),
    downloads: downloads?.isInUse === true ? downloads.base : undefined,
  });
  const announce = given ?? (await announceRules(config, catalog));
  const signers = loadSigners(config.keysDir, { passphrase: config.keyPassphrase, modesNeeded });
  const idSecret = readIdSecret(config.keysDir);
  const minter = createMinter({ idSecret, ...signers });
  const ledger = await open(placeOf(config), {
    idSecret,
    rules: { ...rulesOf(config, catalog, minter), announce },
    keys: signers.keyring,
    ...options,
  });
  try {
    const templates = await keepTexts(ledger, catalog, {
      pageOf: selfService && pageOf(selfService, ledger),
      latestOf: downloads && latestOf(downloads, ledger),
    });
    const orphans = await checkSold(ledger, catalog);
    return { catalog, signers, ledger, minter, orphans, templates, selfService, downloads };
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

/** Saves texts and terms of the product files in the ledger, since sales refer to them. */
export async function keepTexts(
  ledger: Ledger,
  catalog: Catalog,
  makers: AddressMakers = {},
): Promise<Templates> {
  const messages = catalog
    .all()
    .flatMap(({ message, translations }) => [message, ...Object.values(translations)]);
  for (const message of messages) await ledger.keepMessage(message);
  for (const product of catalog.all()) await ledger.keepTerms(keptTermsOf(product));
  const findMessage = (digest: string) => ledger.findMessage(digest);
  return new Templates(messages, findMessage, makers);
}

/** Throws AppError `bad_configuration` where today's product file would change the meaning of sold codes. */
async function checkSold(ledger: Ledger, catalog: Catalog): Promise<readonly string[]> {
  const { orphans, faults } = await checkSoldAtStart(ledger, (id) => {
    const product = catalog.get(id);
    return product && keptTermsOf(product);
  });
  if (faults.length > 0)
    throw new AppError('bad_configuration', `The products have faults:\n${faults.join('\n')}`);
  return orphans;
}

/** What decisions ask for beside the ledger's rows. */
export function rulesOf(config: Pick<Config, 'accounts'>, catalog: Catalog, minter: Minter): ServiceRules {
  // Once: each sale asks for them.
  const terms = new Map(catalog.all().map((product) => [product.id, keptTermsOf(product)]));
  const fetching = config.accounts.filter(({ canFetch }) => canFetch?.('live') || canFetch?.('test'));
  return {
    minter,
    findProduct: (id) => catalog.get(id),
    currentTerms: (id) => terms.get(id),
    expectsEvents: (marketplace) => expectsEvents(config, marketplace),
    // Absent where nothing can be fetched: then no event announces anything.
    ...(fetching.length > 0 && {
      canFetch: ({ marketplace, mode }) =>
        fetching.some((account) => account.marketplace === marketplace && account.canFetch?.(mode)),
    }),
  };
}

/** For commands that decide about no license: the ledger must exist; of the keys, only the id secret is needed. */
export async function openLedger(config: Config): Promise<Ledger> {
  await requireLedger(config);
  return openWithoutRulesAt(placeOf(config), readIdSecret(config.keysDir));
}

/** Accepts a restored ledger as the newest; the mark keeps the reason. */
export async function acceptRestored(config: Config, reason: string, at: number): Promise<void> {
  requireFile(config);
  await requireLedger(config);
  await acceptRestoredLedger(placeOf(config), { idSecret: readIdSecret(config.keysDir), reason, at });
}

/** Throws AppError `not_found` where there is no ledger yet. */
export async function requireLedger(config: Config): Promise<void> {
  if (await hasLedger(config)) return;
  const { ledgerFile, ledgerDatabase } = config;
  const place = ledgerDatabase === undefined ? `at ${ledgerFile}` : 'in the database of LEDGER_URL';
  throw new AppError('not_found', `There is no ledger ${place}: the service makes it when it starts.`);
}

export function hasLedger(config: Config): Promise<boolean> {
  return existsLedger(placeOf(config));
}

/** Throws AppError `bad_usage` for what only a ledger in a file has. */
export function requireFile({ ledgerDatabase }: Config): void {
  if (ledgerDatabase === undefined) return;
  throw new AppError('bad_usage', 'The ledger is on PostgreSQL: this command is for a ledger in a file.');
}

function placeOf({ ledgerFile, ledgerDatabase, ledgerMark }: Config) {
  return { file: ledgerFile, database: ledgerDatabase, markFile: ledgerMark };
}
