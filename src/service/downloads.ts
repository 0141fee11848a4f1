/** Downloads: gives them what they need of the service. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import type { ConsoleDownloads } from '../console/downloads/releases.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { Minter } from '../domain/minter.ts';
import { MOST_DOWNLOADS } from '../domain/ports/download.ts';
import type { Offers, ShownDownload } from '../domain/requests/offer.ts';
import { newestFirst } from '../domain/values/release.ts';
import { latestAddress, offerOf } from '../downloads/links.ts';
import { mountDownloads } from '../downloads/mount.ts';
import { openStore } from '../downloads/open-store.ts';
import { PARTS, Places } from '../downloads/places.ts';
import type { DownloadPlace } from '../downloads/settings.ts';
import { Shelf } from '../downloads/shelf.ts';
import type { ReleaseStore } from '../downloads/store.ts';
import { RateLimit } from '../http/edge/rate-limit.ts';
import type { Context } from '../http/edge/request.ts';
import { readIdSecret } from '../keyring/id-secret.ts';
import { createLinkTokens, type LinkTokens } from '../keyring/link-token.ts';
import type { Log } from '../log.ts';
import type { Pages as Middleware } from './app.ts';
import type { Config } from './config.ts';

type Settings = Pick<Config, 'downloads' | 'dataDir'>;

/** The folder of downloads where DOWNLOADS is not set. */
export function placeOfDownloads({ downloads, dataDir }: Settings): DownloadPlace {
  return downloads ?? { folder: join(dataDir, 'downloads') };
}

export function openDownloads(config: Settings): Promise<ReleaseStore> {
  return openStore(placeOfDownloads(config));
}

export interface DownloadSetup {
  readonly place: DownloadPlace;
  readonly tokens: LinkTokens;
  /** PUBLIC_URL. */
  readonly base: string;
  /** A folder or bucket is there, so that texts may name the newest download. */
  readonly isInUse: boolean;
}

/** Undefined without PUBLIC_URL. */
export function setUpDownloads(
  config: Settings & Pick<Config, 'keysDir' | 'publicUrl'>,
): DownloadSetup | undefined {
  if (config.publicUrl === undefined) return undefined;
  const place = placeOfDownloads(config);
  const isInUse = config.downloads !== undefined || ('folder' in place && existsSync(place.folder));
  return { place, tokens: createLinkTokens(readIdSecret(config.keysDir)), base: config.publicUrl, isInUse };
}

/** The address of the newest download, as texts name it. */
export function latestOf({ tokens }: Pick<DownloadSetup, 'tokens'>, ledger: Ledger) {
  return (base: string, license: Uint8Array, product: string, at: number) =>
    latestAddress(base, { license, product, at }, { tokens, ledger });
}

interface Served {
  readonly downloads: DownloadSetup | undefined;
  readonly ledger: Ledger;
  readonly minter: Minter;
  readonly catalog: Pick<Catalog, 'get'>;
}

export interface Around {
  readonly now: () => number;
  readonly log: Log;
  /** Shows a page of the customers' room; undefined: there are none. */
  readonly show: ((context: Context, shown: ShownDownload) => Promise<void>) | undefined;
}

export interface ServedDownloads {
  readonly serve: Middleware;
  readonly offers: Offers;
  /** Opened at the first use. */
  readonly shelf: () => Promise<Shelf>;
}

/** Nothing is read before the first request. Undefined: downloads are off. */
export function serveDownloads(
  { downloads, ledger, minter, catalog }: Served,
  { now, log, show }: Around,
): ServedDownloads | undefined {
  if (downloads === undefined) return undefined;
  const { place, tokens, base } = downloads;
  let opened: Promise<Shelf> | undefined;
  const shelf = () => {
    opened ??= openStore(place).then((store) => new Shelf(store, now));
    return opened;
  };
  const places = new Places();
  const limitOf = (product: string) => catalog.get(product)?.downloads.limit ?? MOST_DOWNLOADS;
  const asked = new RateLimit(PARTS);
  const around = { tokens, ledger, minter, asked, limitOf, base, show, now, log };
  const offers: Offers = {
    releasesOf: async (product) => (await shelf()).releasesOf(product),
    offer: async (license, at) => offerOf(license, at, { tokens, ledger, base, shelf: await shelf() }),
  };
  return { serve: mountDownloads(async () => ({ ...around, places, shelf: await shelf() })), offers, shelf };
}

/** For the console: what is kept, and links of the seller's own. */
export function consoleDownloads(
  config: Settings,
  setup: DownloadSetup | undefined,
  now: () => number,
): ConsoleDownloads {
  return {
    async read() {
      const [store, { checkReleases }] = await Promise.all([
        openDownloads(config),
        import('../downloads/add-release.ts'),
      ]);
      const [{ releases, faulty }, files] = [await store.list(), await checkReleases(store, 'examine')];
      return {
        releases: newestFirst(releases),
        bad: files.filter(({ state }) => state !== 'same'),
        faulty: faulty.map(({ place }) => place),
        place: store.place,
        hasLinks: setup !== undefined,
      };
    },
    async tryFile(product, version, file) {
      if (setup === undefined) return undefined;
      const [store, { tryPath }] = await Promise.all([
        openDownloads(config),
        import('../downloads/delivery.ts'),
      ]);
      const { releases } = await store.list();
      const found = releases.find((each) => each.product === product && each.version === version);
      const isThere = found?.withdrawn === undefined && found?.files.some(({ name }) => name === file);
      return found && isThere ? tryPath(found, file, now(), setup.tokens) : undefined;
    },
  };
}
