/** The files that pages load, each named by its digest, so that a browser keeps it for a year. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const FILES = ['mintmark.css', 'console.js', 'passkey.js', 'license.js', 'live.svg', 'test.svg'] as const;
export type AssetName = (typeof FILES)[number];

export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** Below the address of the pages. */
export const ASSETS = '/console/assets/';

export class Assets {
  readonly #byName = new Map<string, Asset>();
  readonly #byPath = new Map<string, Asset>();

  /** `base`: below which address they are served. */
  constructor(base = ASSETS) {
    for (const name of FILES) {
      const bytes = readFileSync(new URL(`assets/${name}`, import.meta.url));
      const [word = '', extension = ''] = name.split('.');
      const digest = createHash('sha256').update(bytes).digest('base64url').slice(0, 16);
      const path = `${base}${word}-${digest}.${extension}`;
      const asset = { path, type: TYPES[extension] ?? 'application/octet-stream', bytes };
      this.#byName.set(name, asset);
      this.#byPath.set(path, asset);
    }
  }

  pathOf(name: AssetName): string {
    return this.#byName.get(name)?.path ?? '';
  }

  find(path: string): Asset | undefined {
    return this.#byPath.get(path);
  }
}
