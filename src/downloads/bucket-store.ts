/** Releases in a bucket that speaks S3: PREFIX/PRODUCT/VERSION/release.json beside the files, addressed by path. */
import { openAsBlob } from 'node:fs';
import type { Release, ReleaseFile } from '../domain/values/release.ts';
import { AppError } from '../errors.ts';
import { digestsOf } from './digests.ts';
import { folderOf, RELEASE_FILE, readRelease, releaseText } from './release-text.ts';
import type { Bucket } from './settings.ts';
import { type Faulty, type FileState, type Kept, LARGEST_UPLOAD, type ReleaseStore } from './store.ts';

/** An address of the bucket is good for so long. Seconds. */
export const PRESIGNED_FOR = 6 * 3600;

/** Milliseconds for an answer of the bucket's server, without the content of files. */
const PATIENCE = 10_000;

/** Texts of releases that are asked for at a time. */
const AT_ONCE = 16;

/** A file that was the same is not asked about again for so long. Milliseconds. */
const SAME_FOR = 60_000;

export async function createBucketStore(bucket: Bucket): Promise<ReleaseStore> {
  const { AwsClient } = await import('aws4fetch');
  const { accessKeyId, secretAccessKey, region, endpoint, name, prefix } = bucket;
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 });
  const keyOf = ({ product, version }: Pick<Release, 'product' | 'version'>, file: string) =>
    [prefix, folderOf(product), version, file].filter((part) => part !== '').join('/');
  const addressOf = (key: string) =>
    new URL(`${endpoint}/${name}/${key.split('/').map(encodeKey).join('/')}`);
  const seen = new Map<string, { readonly state: FileState; readonly at: number }>();

  async function ask(url: URL, init: RequestInit = {}): Promise<Response> {
    const signed = await client.sign(url.href, init);
    const timeout = init.body === undefined ? AbortSignal.timeout(PATIENCE) : undefined;
    try {
      return await fetch(signed, { ...(timeout !== undefined && { signal: timeout }) });
    } catch (error) {
      throw new AppError('downloads_unavailable', `The bucket ${name} does not answer.`, { cause: error });
    }
  }

  async function textAt(key: string): Promise<string | undefined> {
    const answer = await ask(addressOf(key));
    if (answer.status === 404) return undefined;
    return (await required(answer, name)).text();
  }

  async function keys(): Promise<readonly string[]> {
    const found: string[] = [];
    let next: string | undefined;
    do {
      const url = new URL(`${endpoint}/${name}`);
      url.searchParams.set('list-type', '2');
      url.searchParams.set('encoding-type', 'url');
      url.searchParams.set('prefix', prefix === '' ? '' : `${prefix}/`);
      if (next !== undefined) url.searchParams.set('continuation-token', next);
      const text = await (await required(await ask(url), name)).text();
      found.push(...elements(text, 'Key').map((key) => decodeURIComponent(key.replaceAll('+', ' '))));
      next =
        elements(text, 'IsTruncated')[0] === 'true' ? elements(text, 'NextContinuationToken')[0] : undefined;
    } while (next !== undefined);
    return found;
  }

  async function put(key: string, body: Blob, sha256: string): Promise<string | undefined> {
    const headers = { 'X-Amz-Content-Sha256': sha256, 'Content-Type': 'application/octet-stream' };
    const answer = await required(await ask(addressOf(key), { method: 'PUT', body, headers }), name);
    return answer.headers.get('ETag') ?? undefined;
  }

  return {
    place: `s3://${[name, prefix].filter((part) => part !== '').join('/')}`,
    async list(): Promise<Kept> {
      const releases: Release[] = [];
      const faulty: Faulty[] = [];
      const found = (await keys()).filter((key) => key.endsWith(`/${RELEASE_FILE}`));
      for (let place = 0; place < found.length; place += AT_ONCE) {
        const some = found.slice(place, place + AT_ONCE);
        const texts = await Promise.all(some.map((key) => textAt(key)));
        for (const [index, key] of some.entries()) {
          const [, version = '', product] = key.split('/').reverse();
          if (product === undefined) continue;
          const release = readRelease(texts[index] ?? '', { product, version });
          if (release === undefined) faulty.push({ place: key });
          else releases.push(release);
        }
      }
      return { releases, faulty };
    },
    async put(release, file, path) {
      if (file.size > LARGEST_UPLOAD)
        throw new AppError('bad_usage', `${file.name} is larger than the 5 GiB that one upload takes.`);
      const tag = await put(keyOf(release, file.name), await openAsBlob(path), file.sha256);
      return { ...file, ...(tag !== undefined && { tag }) };
    },
    async write(release) {
      const bytes = new TextEncoder().encode(releaseText(release));
      const { sha256 } = await digestsOf(pieces(bytes));
      await put(keyOf(release, RELEASE_FILE), new Blob([bytes]), sha256);
    },
    async examine(release, file) {
      const key = keyOf(release, file.name);
      const now = performance.now();
      const before = seen.get(key);
      if (before !== undefined && now - before.at < SAME_FOR) return before.state;
      const answer = await ask(addressOf(key), { method: 'HEAD' });
      if (answer.status === 404) return 'gone';
      const { headers } = await required(answer, name);
      const isSame =
        Number(headers.get('Content-Length')) === file.size &&
        (file.tag === undefined || headers.get('ETag') === file.tag);
      if (isSame) seen.set(key, { state: 'same', at: now });
      return isSame ? 'same' : 'changed';
    },
    async verify(release, file) {
      const url = addressOf(keyOf(release, file.name));
      const answer = await fetch(await client.sign(url.href));
      if (answer.status === 404) return 'gone';
      const { body } = await required(answer, name);
      const { sha256 } = await digestsOf(body ?? pieces(new Uint8Array()));
      return sha256 === file.sha256 ? 'same' : 'changed';
    },
    async source(release, file) {
      const url = addressOf(keyOf(release, file.name));
      url.searchParams.set('X-Amz-Expires', String(PRESIGNED_FOR));
      url.searchParams.set('response-content-disposition', dispositionOf(file));
      url.searchParams.set('response-content-type', 'application/octet-stream');
      const signed = await client.sign(url.href, { method: 'GET', aws: { signQuery: true } });
      return { from: 'bucket', url: signed.url };
    },
  };
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** As a signature spells a path: everything but letters, digits and - _ . ~ (AWS Signature Version 4, canonical URI). */
function encodeKey(part: string): string {
  return encodeURIComponent(part).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function dispositionOf({ name }: Pick<ReleaseFile, 'name'>): string {
  const plain = name.replaceAll(/[^\x20-\x7e]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeKey(name)}`;
}

/** The texts of elements of this name: no element of these answers has attributes or children. */
function elements(text: string, name: string): readonly string[] {
  return [...text.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, inner = '']) =>
    inner.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  );
}

/** Throws AppError `downloads_unavailable` with the bucket's own word. */
async function required(answer: Response, bucket: string): Promise<Response> {
  if (answer.ok) return answer;
  const [code = ''] = elements(await answer.text(), 'Code');
  throw new AppError(
    'downloads_unavailable',
    `The bucket ${bucket} answered ${answer.status} ${code}`.trimEnd(),
  );
}
