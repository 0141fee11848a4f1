/** Feeds for updaters, made from what a license may have: an appcast for Sparkle, latest.yml for electron-updater. */
import { stringify } from 'yaml';
import type { LinkedFile, LinkedRelease, Offer } from '../domain/requests/offer.ts';
import { startOfDay } from '../domain/values/day.ts';
import type { Platform } from '../domain/values/release.ts';

export interface Feed {
  readonly type: string;
  readonly text: string;
}

/** By the name below the stable address. electron-updater adds the platform, and `-arm64` or the like on Linux. */
export function feedNamed(name: string, product: string, offer: Offer): Feed | undefined {
  if (name === 'appcast.xml')
    return { type: 'application/rss+xml; charset=utf-8', text: appcast(product, offer) };
  const [isFeed, suffix = ''] = /^latest(-mac|-linux)?(?:(?<=-linux)-\w{1,10})?\.yml$/.exec(name) ?? [];
  const platform = ELECTRON[suffix];
  if (isFeed === undefined || platform === undefined) return undefined;
  const text = electronFeed(platform, offer);
  return text === undefined ? undefined : { type: 'text/yaml; charset=utf-8', text };
}

const ELECTRON: Readonly<Record<string, Platform>> = {
  '': 'windows',
  '-mac': 'macos',
  '-linux': 'linux',
};

/** What Sparkle can install (sparkle-project.org/documentation/publishing). */
const SPARKLE_FILE = /\.(dmg|zip|aar|tar(\.(gz|bz2|xz))?|tgz|tbz)$/i;

/** RSS 2.0 with Sparkle's namespace. A release without a file for macOS is no item; the newest file of one is its enclosure. */
export function appcast(product: string, { included }: Pick<Offer, 'included'>): string {
  const items = included.flatMap((release) => {
    const file = sparkleFile(release);
    return file === undefined ? [] : [itemOf(product, release, file)];
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:sparkle="http://www.andymatuschak.org/xml-namespaces/sparkle">
<channel>
<title>${xml(product)}</title>
${items.join('')}</channel>
</rss>
`;
}

/** Of several the signed one: Sparkle refuses others where the program has a key. */
function sparkleFile({ files }: LinkedRelease): LinkedFile | undefined {
  const fit = files.filter(({ platform, name }) => platform === 'macos' && SPARKLE_FILE.test(name));
  return fit.find(({ signature }) => signature !== undefined) ?? fit[0];
}

function itemOf(
  product: string,
  { version, build = version, day, notes }: LinkedRelease,
  file: LinkedFile,
): string {
  const signed = file.signature === undefined ? '' : ` sparkle:edSignature="${xml(file.signature)}"`;
  const described =
    notes === undefined
      ? ''
      : `<description sparkle:descriptionFormat="plain-text">${xml(notes)}</description>\n`;
  return `<item>
<title>${xml(`${product} ${version}`)}</title>
<pubDate>${new Date(startOfDay(day)).toUTCString()}</pubDate>
<sparkle:version>${xml(build)}</sparkle:version>
<sparkle:shortVersionString>${xml(version)}</sparkle:shortVersionString>
${described}<enclosure url="${xml(file.url)}" length="${file.size}" type="application/octet-stream"${signed}/>
</item>
`;
}

/** The file that electron-updater installs by itself comes first: older versions read only `path`. */
const INSTALLED: Readonly<Record<Platform, RegExp>> = {
  windows: /\.exe$/i,
  macos: /\.zip$/i,
  linux: /\.appimage$/i,
  any: /$^/,
};

/** MAJOR.MINOR.PATCH and what follows it (semver.org, 2.0.0, 2, 9 and 10). */
const SEMVER =
  /^(\d+)(?:\.(\d+))?(?:\.(\d+))?(-(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*))*)?(\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$/;

/** `4.2` as 4.2.0; undefined: electron-updater would end its search with an error. */
export function semverOf(version: string): string | undefined {
  const [, major, minor = '0', patch = '0', before = '', build = ''] = SEMVER.exec(version) ?? [];
  if (major === undefined) return undefined;
  return `${[major, minor, patch].map((part) => part.replace(/^0+(?=\d)/, '')).join('.')}${before}${build}`;
}

/** Undefined: no release with such a version has a file for the platform. */
export function electronFeed(platform: Platform, { included }: Pick<Offer, 'included'>): string | undefined {
  for (const { version: named, day, notes, files } of included) {
    const version = semverOf(named);
    if (version === undefined) continue;
    const own = files.filter((file) => file.platform === platform);
    const first = own.find(({ name }) => INSTALLED[platform].test(name)) ?? own[0];
    if (first === undefined) continue;
    const ordered = [first, ...own.filter((file) => file !== first)];
    return stringify(
      {
        version,
        files: ordered.map(({ url, sha512, size }) => ({ url, sha512, size })),
        path: first.url,
        sha512: first.sha512,
        releaseDate: new Date(startOfDay(day)).toISOString(),
        ...(notes !== undefined && { releaseNotes: notes }),
      },
      { lineWidth: 0 },
    );
  }
  return undefined;
}

const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Characters that XML 1.0 has no place for are left out. */
function xml(text: string): string {
  return text
    .replaceAll(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, '')
    .replaceAll(/[&<>"']/g, (sign) => ESCAPED[sign] ?? sign);
}
