/**
 * Feeds against their published formats: Sparkle (sparkle-project.org/documentation/publishing, RSS 2.0) and electron-updater
 * (electron.build/electron-updater.interface.updateinfo, .updatefileinfo). The checks are written from those pages.
 */
import { createHash } from 'node:crypto';
import test from 'ava';
import { parse } from 'yaml';
import { z } from 'zod';
import type { LinkedFile, LinkedRelease } from '../../src/domain/requests/offer.ts';
import type { Platform } from '../../src/domain/values/release.ts';
import { appcast, electronFeed, feedNamed, semverOf } from '../../src/downloads/feeds.ts';
import { platformOf } from '../../src/downloads/release-text.ts';
import { DOWNLOADED, openDownloadShop, pathOf } from '../kit/downloads.ts';

const NAMESPACE = 'xmlns:sparkle="http://www.andymatuschak.org/xml-namespaces/sparkle"';

const SIGNATURE = Buffer.alloc(64, 5).toString('base64');

function fileOf(name: string, more: Partial<LinkedFile> = {}): LinkedFile {
  const sha512 = createHash('sha512').update(name).digest('base64');
  const about = { name, platform: platformOf(name), size: 100 + name.length, modified: 0 };
  return {
    ...about,
    sha256: '0'.repeat(64),
    sha512,
    url: `https://shop.example/download/T/${encodeURIComponent(name)}`,
    ...more,
  };
}

const releaseOf = (
  version: string,
  names: readonly string[],
  more: Partial<LinkedRelease> = {},
): LinkedRelease => ({
  ...{ product: 'lumen', version, day: '2026-10-28', addedAt: 0, files: names.map((name) => fileOf(name)) },
  ...more,
});

/** Faults of an appcast as Sparkle's page describes one. */
function appcastFaults(text: string): readonly string[] {
  const faults: string[] = [];
  const open: string[] = [];
  for (const [, close, name = '', attributes = '', empty] of text.matchAll(
    /<(\/?)([\w:]+)([^<>]*?)(\/?)>/g,
  )) {
    if (close === '/') {
      if (open.pop() !== name) faults.push(`</${name}> closes nothing`);
    } else if (empty !== '/') open.push(name);
    if (!/^(\s+[\w:]+="[^"<&]*(&(amp|lt|gt|quot|apos);[^"<&]*)*")*\s*$/.test(attributes))
      faults.push(`attributes of ${name}`);
  }
  if (open.length > 0) faults.push(`${open.join()} is open`);
  if (!text.startsWith('<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"'))
    faults.push('no RSS 2.0');
  if (!text.includes(NAMESPACE)) faults.push('no namespace');
  if (!/<channel>\s*<title>[^<]+<\/title>/.test(text)) faults.push('a channel has a title');
  for (const [, item = ''] of text.matchAll(/<item>([\s\S]*?)<\/item>/g)) {
    for (const name of ['title', 'pubDate', 'sparkle:version', 'sparkle:shortVersionString'])
      if ((item.match(new RegExp(`<${name}>[^<]+</${name}>`, 'g')) ?? []).length !== 1)
        faults.push(`an item has one ${name}`);
    const [, day = ''] = /<pubDate>([^<]*)</.exec(item) ?? [];
    if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (GMT|[+-]\d{4})$/.test(day))
      faults.push(`pubDate ${day}`);
    const enclosures = item.match(/<enclosure [^>]*>/g) ?? [];
    if (enclosures.length !== 1) faults.push('an item has one enclosure');
    const [enclosure = ''] = enclosures;
    if (!/ url="https:\/\/[^"]+"/.test(enclosure)) faults.push('url');
    if (!/ length="\d+"/.test(enclosure)) faults.push('length');
    if (!/ type="application\/octet-stream"/.test(enclosure)) faults.push('type');
    const [, signature] = / sparkle:edSignature="([^"]*)"/.exec(enclosure) ?? [];
    if (signature !== undefined && Buffer.from(signature, 'base64').length !== 64) faults.push('edSignature');
  }
  return faults;
}

/** UpdateInfo and UpdateFileInfo; `path` and `sha512` are what versions before 2.15 read. */
const updateInfo = z.strictObject({
  version: z.string().regex(/^\d+\.\d+/),
  files: z
    .array(
      z.strictObject({
        url: z.string().min(1),
        sha512: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
        size: z.int().min(1),
      }),
    )
    .min(1),
  path: z.string().min(1),
  sha512: z.string(),
  releaseDate: z.iso.datetime(),
  releaseNotes: z.string().optional(),
});

test('an appcast has Sparkle’s format: an item a release with a file for macOS, the newest first', (t) => {
  const signed = { ...fileOf('Lumen-4.2.zip'), platform: 'macos', signature: SIGNATURE } as const;
  const text = appcast('Lumen & Co', {
    included: [
      releaseOf('4.2', [], { build: '4200', notes: 'a < b & "c"', files: [fileOf('Lumen-4.2.dmg'), signed] }),
      releaseOf('4.1', ['Lumen-4.1.exe']),
      releaseOf('4.0', ['Lumen-4.0.dmg', 'Lumen-4.0.pkg']),
    ],
  });
  t.deepEqual(appcastFaults(text), []);
  t.deepEqual(
    [...text.matchAll(/<sparkle:version>([^<]+)/g)].map(([, version]) => version),
    ['4200', '4.0'],
  );
  t.true(text.includes(`sparkle:edSignature="${SIGNATURE}"`), 'the signed file is taken');
  t.true(text.includes('Lumen-4.0.dmg') && !text.includes('.pkg') && !text.includes('.exe'));
  t.true(text.includes('a &lt; b &amp; &quot;c&quot;'));
  t.deepEqual(appcastFaults(appcast('Lumen', { included: [] })), []);
});

test('control: the check finds an appcast without a namespace, a length, a title, a whole signature, or an open element', (t) => {
  const text = appcast('Lumen', {
    included: [releaseOf('4.2', ['Lumen.dmg'], { files: [fileOf('Lumen.dmg', { signature: SIGNATURE })] })],
  });
  t.deepEqual(appcastFaults(text), []);
  for (const [from, to] of [
    [NAMESPACE, ''],
    [/ length="\d+"/, ''],
    ['<title>Lumen</title>', ''],
    [SIGNATURE, 'AAAA'],
    ['</item>', ''],
    ['28 Oct 2026', '2026-10-28'],
    ['https://', '//'],
  ] as const)
    t.not(appcastFaults(text.replace(from, to)).length, 0, String(from));
});

test('a feed of electron-updater has its format: the newest release with a file for the platform', (t) => {
  const included = [
    releaseOf('4.3.0', ['Lumen-4.3.0.AppImage']),
    releaseOf(
      '4.2.0',
      ['Lumen-4.2.0.dmg', 'Lumen-4.2.0-mac.zip', 'Lumen Setup 4.2.0.exe', 'Lumen-4.2.0.msi'],
      { notes: 'x' },
    ),
  ];
  for (const [platform, version, first] of [
    ['windows', '4.2.0', 'Lumen%20Setup%204.2.0.exe'],
    ['macos', '4.2.0', 'Lumen-4.2.0-mac.zip'],
    ['linux', '4.3.0', 'Lumen-4.3.0.AppImage'],
  ] as const satisfies readonly (readonly [Platform, string, string])[]) {
    const info = updateInfo.parse(parse(electronFeed(platform, { included }) ?? ''));
    t.is(info.version, version);
    t.true(info.path.endsWith(`/${first}`), info.path);
    t.is(info.files[0]?.url, info.path);
    t.is(info.files[0]?.sha512, info.sha512);
  }
  t.is(electronFeed('any', { included }), undefined);
  t.false(
    updateInfo.safeParse({ ...parse(electronFeed('linux', { included }) ?? ''), files: [] }).success,
    'control',
  );
});

test('electron-updater is told semver alone: short versions are completed, others are left out', (t) => {
  for (const [version, told] of [
    ['4', '4.0.0'],
    ['4.2', '4.2.0'],
    ['2026.01.05', '2026.1.5'],
    ['4.2.0-rc.1+build.07', '4.2.0-rc.1+build.07'],
    ['4.2-beta', '4.2.0-beta'],
    ['0.0.0', '0.0.0'],
    ['4.2.0.1', undefined],
    ['4.2.', undefined],
    ['4.2.0-01', undefined],
    ['4.2.0-a..b', undefined],
    ['4.2.0+', undefined],
    ['r7', undefined],
    ['4_2', undefined],
  ] as const)
    t.is(semverOf(version), told, version);
  const included = [
    releaseOf('4.3.0.1', ['A.exe']),
    releaseOf('4.2', ['B.exe']),
    releaseOf('4.1.0', ['C.exe']),
  ];
  const info = updateInfo.parse(parse(electronFeed('windows', { included }) ?? ''));
  t.is(info.version, '4.2.0');
  t.true(info.path.endsWith('/B.exe'));
});

test('markup in names and notes stands in no feed and on no page', async (t) => {
  const said = '<b>"Lumen"</b> &amp; \']]> {{ codes }}';
  const feed = appcast(said, {
    included: [releaseOf('4.2', ['A.dmg'], { notes: `${said}\n---\nversion: 9` })],
  });
  t.deepEqual(appcastFaults(feed), []);
  t.false(feed.includes('<b>'));
  const text = electronFeed('windows', {
    included: [releaseOf('4.2', ['A.exe'], { notes: `${said}\n---\nversion: 9` })],
  });
  t.like(parse(text ?? ''), { version: '4.2.0', releaseNotes: `${said}\n---\nversion: 9` });

  const lumen = (DOWNLOADED['lumen'] ?? '').replace(
    'name: Lumen',
    `name: ${JSON.stringify('<b>"Lumen"</b>')}`,
  );
  const shop = await openDownloadShop(t, { products: { lumen } });
  const order = await shop.sell();
  await shop.add('4.2', ['Lumen (4.2) +@.dmg', 'Lumen.exe'], '--date', '2026-10-28', '--notes', said);
  const { body } = await shop.links(order);
  for (const path of [await shop.pageOf(order), pathOf(body.latest)]) {
    const page = (await shop.page(path)).text;
    t.true(page.includes('&lt;b&gt;&quot;Lumen&quot;&lt;/b&gt;'), path);
    t.false(page.includes('<b>'), path);
  }
});

test('feeds have the names that updaters ask for, and no other address has one', (t) => {
  const offer = {
    included: [releaseOf('1.0', ['a.exe', 'a.dmg', 'a.AppImage'])],
    withheld: [],
    latest: '',
    until: '2026-11-01',
  };
  for (const name of [
    'appcast.xml',
    'latest.yml',
    'latest-mac.yml',
    'latest-linux.yml',
    'latest-linux-arm64.yml',
  ])
    t.not(feedNamed(name, 'lumen', offer), undefined, name);
  for (const name of [
    'latest-mac',
    'latest-win.yml',
    'beta.yml',
    'xlatest.yml',
    'a.exe.blockmap',
    '',
    'Appcast.xml',
  ])
    t.is(feedNamed(name, 'lumen', offer), undefined, name);
});

test('an updater finds the feeds by the license’s code, and gets by them what was added, with the seller’s signature', async (t) => {
  const shop = await openDownloadShop(t);
  const order = await shop.sell();
  const [dmg, zip, exe] = await shop.add(
    '4.2',
    ['Lumen-4.2.dmg', 'Lumen-4.2-mac.zip', 'Lumen-4.2.exe'],
    '--signature',
    `Lumen-4.2.dmg=${SIGNATURE}`,
  );
  const { body } = await shop.links(order);
  const cast = await shop.get(body.feeds.appcast);
  t.is(cast.status, 200);
  t.regex(cast.headers['content-type'] ?? '', /^application\/rss\+xml/);
  const text = String(cast.body);
  t.deepEqual(appcastFaults(text), []);
  t.true(text.includes(`sparkle:edSignature="${SIGNATURE}"`));
  const [, enclosure = ''] = / url="([^"]+)"/.exec(text) ?? [];
  t.true(dmg?.bytes.equals((await shop.get(enclosure)).body));
  for (const [name, file] of [
    ['latest.yml', exe],
    ['latest-mac.yml', zip],
  ] as const) {
    const feed = await shop.get(`${body.feeds.electron}/${name}`);
    t.is(feed.status, 200, name);
    const info = updateInfo.parse(parse(String(feed.body)));
    const sent = (await shop.get(new URL(info.path, body.feeds.electron).href)).body as Buffer;
    t.true(file?.bytes.equals(sent));
    t.is(createHash('sha512').update(sent).digest('base64'), info.sha512);
    t.is(info.files[0]?.size, sent.length);
  }
  t.is((await shop.get(`${body.feeds.electron}/latest-linux.yml`)).status, 404);
  t.is((await shop.get(`${pathOf(body.latest)}/Lumen-4.2.dmg`)).status, 404, 'no file by its name');
});
