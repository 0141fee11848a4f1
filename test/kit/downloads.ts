/** A shop with downloads: a product, its releases, sales by FastSpring, and programs that fetch. */
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import request from 'supertest';
import { type CustomerShop, openCustomerShop } from './customer.ts';
import { productFile } from './products.ts';
import { type Given, type Owner, temporaryFolder } from './service.ts';

const TEXT = '\n{% for code in codes %}\n```\n{{ code }}\n```\n{% endfor %}\n';

export const DOWNLOADED: Readonly<Record<string, string>> = {
  lumen: productFile(
    'name: Lumen\nterm: P1Y\ngrace: P14D\nupdates: P1Y\nmarketplaces: { fastspring: {} }\nmail: { sold: off, renewed: off }',
    TEXT,
  ),
};

export interface AddedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface DownloadShop extends CustomerShop {
  /** Adds a release by the command; the files' bytes are made up. */
  add(
    version: string,
    names: readonly string[],
    ...options: readonly string[]
  ): Promise<readonly AddedFile[]>;
  /** What `POST /v1/downloads` answers for the code of an order. */
  links(order: string): Promise<request.Response>;
  /** What `releases list` counts, once a download is done: it is noted after the last byte went out. */
  counted(): Promise<readonly { readonly asked: number; readonly done: number }[]>;
  /** Fetches below this service whatever the public address is. */
  get(url: string, headers?: Readonly<Record<string, string>>): request.Test;
}

/** `size`: bytes of each file, without those for its name. */
export async function openDownloadShop(
  owner: Owner,
  given: Given & { readonly size?: number } = {},
): Promise<DownloadShop> {
  const shop = await openCustomerShop(owner, { products: DOWNLOADED, ...given });
  const sources = temporaryFolder(owner);
  return {
    ...shop,
    add: async (version, names, ...options) => {
      const size = given.size ?? 100_000;
      const files = names.map((name) => ({ name, bytes: randomBytes(size + name.length) }));
      for (const { name, bytes } of files) writeFileSync(join(sources, name), bytes);
      const paths = names.map((name) => join(sources, name));
      const said = await shop.cli(['releases', 'add', 'lumen', version, ...paths, ...options]);
      if (said.status !== 0) throw new Error(said.err);
      // A running service hears of it within seconds.
      shop.home.clock.now += 5_000;
      return files;
    },
    links: async (order) => {
      const [license] = await shop.find(order);
      return request(shop.url)
        .post('/v1/downloads')
        .send({ code: license?.code ?? '' });
    },
    counted: async () => {
      for (const end = Date.now() + 10_000; ; await wait(50)) {
        const { downloads } = JSON.parse((await shop.cli(['releases', 'list', '--json'])).out);
        const isDone = downloads.some(({ done }: { readonly done: number }) => done > 0);
        if (isDone || Date.now() > end) return downloads;
      }
    },
    get: (url, headers = {}) =>
      request(shop.url).get(pathOf(url)).set(headers).buffer(true).parse(bytesOf).redirects(0),
  };
}

export function pathOf(url: string): string {
  return url.startsWith('/') ? url : new URL(url).pathname;
}

function bytesOf(response: request.Response, done: (error: Error | null, body: Buffer) => void): void {
  const pieces: Buffer[] = [];
  const stream = response as unknown as NodeJS.ReadableStream;
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  stream.on('end', () => done(null, Buffer.concat(pieces)));
  stream.on('error', (error) => done(error, Buffer.alloc(0)));
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
