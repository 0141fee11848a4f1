/** What a backup holds: the first thing in its encrypted part. */
import { z } from 'zod';

/** A file, or a file in a folder: any name that never leaves the folder that it is restored to. */
const PATH = /^[^./\\\0][^/\\\0]*(?:\/[^./\\\0][^/\\\0]*)?$/;

export const manifestShape = z.object({
  /** `keys`: the keys folder; `shop`: keys, products, settings and ledger. */
  kind: z.enum(['keys', 'shop']),
  /** The version of Mintmark that made it. */
  version: z.string(),
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
  /** In the order of their contents. */
  files: z.array(z.object({ path: z.string().regex(PATH), bytes: z.int().min(0) })),
});

export type Manifest = Readonly<z.infer<typeof manifestShape>>;

/** The paths in a backup. */
export const IN_KEYS = 'keys/';
export const IN_PRODUCTS = 'products/';
export const MARK = 'keys/ledger-mark.json';
export const WEBHOOKS = 'webhooks.yaml';
/** The files of `listShopFiles`: the first one by its name, its picture and the texts in a folder each. */
export const SHOP = 'shop.yaml';
export const IN_PICTURE = 'picture/';
export const IN_TEXTS = 'texts/';
/** A JSON list of the texts of all release.json. */
export const RELEASES = 'releases.json';
export const SETTINGS = 'settings.env';
/** The last file, since it is large. */
export const LEDGER = 'ledger.sqlite';
