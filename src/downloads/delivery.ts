/** Follows a link to a download: to the file, to the newest release, or to a word of why not. */
import type { Ledger, LicenseStory } from '../domain/ledger.ts';
import type { Minter } from '../domain/minter.ts';
import type { Downloads, Linked, Range } from '../domain/ports/download.ts';
import { DOWNLOADS_COUNTED_FOR } from '../domain/ports/download.ts';
import type { DownloadWord, ShownDownload } from '../domain/requests/offer.ts';
import { mayDownload, offeredTo, type Release, type ReleaseFile } from '../domain/values/release.ts';
import { AppError } from '../errors.ts';
import type { RateLimit } from '../http/edge/rate-limit.ts';
import type { Context } from '../http/edge/request.ts';
import { redirectTo } from '../http/edge/request.ts';
import { dayNumberAt, type Link, type LinkTokens } from '../keyring/link-token.ts';
import type { Log } from '../log.ts';
import { feedNamed } from './feeds.ts';
import { clearHeaders, setHeaders } from './file-headers.ts';
import { filePath, latestSubject, offerOf } from './links.ts';
import type { Places } from './places.ts';
import { sendFile } from './send-file.ts';
import type { Shelf } from './shelf.ts';
import { problemOf, SAID_OF } from './words.ts';

export interface DeliverySources {
  readonly shelf: Shelf;
  readonly places: Places;
  readonly tokens: LinkTokens;
  readonly ledger: Pick<Ledger, 'find' | 'selfService'> & { readonly downloads: Downloads };
  readonly minter: Pick<Minter, 'entitlementOf'>;
  /** Parts that are asked for, by license: each is a row that the ledger writes. */
  readonly asked: Pick<RateLimit, 'allows'>;
  /** Whole downloads that a license of a product may have in 30 days. */
  readonly limitOf: (product: string) => number | 'unlimited';
  /** The public address. */
  readonly base: string;
  /** Shows a page; undefined: there are no pages. */
  readonly show: ((context: Context, shown: ShownDownload) => Promise<void>) | undefined;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
  readonly log: Pick<Log, 'error'>;
}

/** A link of the seller's own, which is about no license: it is not counted. */
export const NO_LICENSE: Uint8Array = new Uint8Array(16);

/** What another try may not meet again. */
const PASSING: ReadonlySet<string> = new Set(['downloads_unavailable', 'ledger_unavailable']);

interface Asked {
  readonly token: string;
  readonly name: string | undefined;
}

export async function deliver(context: Context, asked: Asked, sources: DeliverySources): Promise<void> {
  try {
    await followLink(context, asked, sources);
  } catch (error) {
    const isOver = error instanceof AppError && PASSING.has(error.code);
    if (!isOver) throw error;
    sources.log.error({ err: error }, 'a download cannot be answered now');
    await say(context, 'faulty', sources);
  }
}

async function followLink(context: Context, { token, name }: Asked, sources: DeliverySources): Promise<void> {
  const now = sources.now();
  const link = sources.tokens.read(token);
  if (link?.purpose !== 'file') return say(context, 'gone', sources);
  if (link.lastDay < dayNumberAt(now)) return say(context, 'old', sources);
  const license = Buffer.from(link.license);
  if (license.equals(NO_LICENSE)) return trySeller(context, link, sources);
  if (link.generation !== (await sources.ledger.selfService.generation(license)))
    return say(context, 'old', sources);
  const [story] = await sources.ledger.find({ by: 'license', id: license });
  if (story === undefined || story.state === 'revoked') return say(context, 'gone', sources);
  if (story.state === 'suspended') return say(context, 'suspended', sources);
  const holding = { state: story.state, entitlement: sources.minter.entitlementOf(story.code) };
  if (!mayDownload(holding, now)) return say(context, 'expired', sources);
  const held = { ...holding, id: license, product: story.product };
  if (Buffer.from(latestSubject(story.product)).equals(link.subject))
    return showLatest(context, name, held, sources);
  const found = await sources.shelf.find(story.product, link.subject);
  if (found === undefined || offeredTo(holding, [found.release], now).included.length === 0)
    return say(context, 'gone', sources);
  const about = aboutOf(link, story, found.release, found.file);
  await hand(context, found, about, sources);
}

type Held = Parameters<typeof offerOf>[0];

/** The newest release: its only file, a page of its files, or a feed for an updater. */
async function showLatest(
  context: Context,
  name: string | undefined,
  held: Held,
  sources: DeliverySources,
): Promise<void> {
  const offer = await offerOf(held, sources.now(), sources);
  if (name !== undefined) {
    const feed = feedNamed(name, held.product, offer);
    if (feed === undefined) return say(context, 'gone', sources);
    context.set('Cache-Control', 'no-store');
    context.type = feed.type;
    context.body = feed.text;
    return;
  }
  const [newest] = offer.included;
  if (newest === undefined) return say(context, 'gone', sources);
  const [only, ...others] = newest.files;
  if (only !== undefined && others.length === 0) {
    context.set('Cache-Control', 'no-store');
    return redirectTo(context, only.url.slice(sources.base.length));
  }
  if (sources.show === undefined) throw problemOf('gone');
  await sources.show(context, { offer, product: held.product });
}

interface Found {
  readonly release: Release;
  readonly file: ReleaseFile;
}

function aboutOf(
  { license, generation, lastDay }: Link,
  { product }: Pick<LicenseStory, 'product'>,
  { version }: Release,
  { name }: ReleaseFile,
): Linked {
  return { license, product, version, file: name, link: generation * 0x1_0000 + lastDay };
}

/** Hands out a file. `about`: how it is counted; undefined: not at all. */
async function hand(
  context: Context,
  { release, file }: Found,
  about: Linked | undefined,
  sources: DeliverySources,
): Promise<void> {
  const { ledger, shelf, places, now, log } = sources;
  const { store } = shelf;
  if (about !== undefined && context.method === 'GET') {
    const key = Buffer.from(about.license).toString('hex');
    if (!(await sources.asked.allows(key, context))) return say(context, 'busy', sources);
    const limit = sources.limitOf(release.product);
    if (limit !== 'unlimited') {
      const done = await ledger.downloads.countDone(about.license, now() - DOWNLOADS_COUNTED_FOR);
      if (done >= limit) return say(context, 'limit', sources);
    }
  }
  const taken = places.take(Buffer.from(about?.license ?? NO_LICENSE).toString('hex'));
  if (typeof taken === 'string') return say(context, taken, sources);
  const flagFaulty = (state: string) => {
    log.error(
      { product: release.product, version: release.version, file: file.name, state },
      'a file of a release is not as it was added: it is not sent',
    );
    return say(context, 'faulty', sources);
  };
  try {
    context.state.facts['product'] = release.product;
    context.state.facts['version'] = release.version;
    const state = await store.examine(release, file).catch((error: unknown) => {
      log.error({ err: error, file: file.name }, 'a file of a release cannot be looked at');
      return 'unreadable' as const;
    });
    if (state === 'unreadable') return await say(context, 'faulty', sources);
    if (state !== 'same') return await flagFaulty(state);
    setHeaders(context, file);
    const source = await store.source(release, file, now());
    if (source.from === 'bucket') {
      if (context.method === 'HEAD') return answerHead(context, file);
      await note(about, file, startAskedFor(context), sources);
      context.state.outcome = 'handed';
      return redirectTo(context, source.url, 302);
    }
    const sent = await sendFile(context, source.path, file, {
      begun: (start) => void note(about, file, [start, start], sources),
    });
    context.state.outcome = sent.outcome;
    if (sent.outcome === 'changed') {
      if (context.res.headersSent || context.res.destroyed)
        log.error({ file: file.name }, 'a file changed while it was opened');
      else {
        context.respond = true;
        clearHeaders(context);
        await flagFaulty('changed');
      }
    }
    // The ledger may take its time; the next download of the license does not wait for it.
    taken.leave();
    if (sent.outcome === 'sent') await note(about, file, sent.range, sources);
  } finally {
    taken.leave();
  }
}

/** A ledger that cannot write now must not end a download: the log has it. */
async function note(
  about: Linked | undefined,
  { size }: ReleaseFile,
  /** What is sent; or from which byte on the bucket is to send. */
  sent: Range | number,
  { ledger, now, log }: DeliverySources,
): Promise<void> {
  if (about === undefined) return;
  const handed = typeof sent === 'number' ? { range: undefined, from: sent } : { range: sent, from: sent[0] };
  try {
    await ledger.downloads.note({ ...about, ...handed, size, at: now() });
  } catch (error) {
    log.error({ err: error, file: about.file }, 'a download could not be noted');
  }
}

/** 0 without a range of one begin. */
function startAskedFor(context: Context): number {
  const [, start = '0'] = /^bytes=(\d{1,15})-\d*$/.exec(context.get('Range')) ?? [];
  return Number(start);
}

/** The release is found by the token; the seller may have every one. */
async function trySeller(context: Context, link: Link, sources: DeliverySources): Promise<void> {
  const found = await sources.shelf.findAny(link.subject);
  if (found === undefined) return say(context, 'gone', sources);
  await hand(context, found, undefined, sources);
}

/** The address of the seller's own try, good today. */
export function tryPath(release: Release, name: string, now: number, tokens: LinkTokens): string {
  return filePath({ license: NO_LICENSE, generation: 0, now }, release, name, tokens);
}

/** A bucket's signature is for one method. */
function answerHead(context: Context, { size }: ReleaseFile): void {
  context.status = 200;
  context.length = size;
  context.respond = false;
  context.res.end();
}

async function say(context: Context, word: DownloadWord, { show }: DeliverySources): Promise<void> {
  context.state.outcome = word;
  const { status } = SAID_OF[word];
  if (status === 503 || status === 429) context.set('Retry-After', word === 'limit' ? '86400' : '60');
  if (show === undefined) throw problemOf(word);
  await show(context, { word, status });
}
