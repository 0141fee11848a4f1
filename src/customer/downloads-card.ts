/** The downloads of a license: the newest release with its files, earlier ones, and what the license does not include. */
import type { LinkedFile, LinkedRelease, Offer } from '../domain/requests/offer.ts';
import type { Release } from '../domain/values/release.ts';
import { href } from '../html/href.ts';
import { icon } from '../html/icons.ts';
import { html, type Markup } from '../html/markup.ts';
import { byteText } from '../message/byte-text.ts';
import { dayIn, type Pen } from './frame.ts';

/** What a license may have; or nothing is known of it now. */
export type Downloadable =
  | {
      readonly offer: Offer;
      /** null: no limit. */
      readonly updatesUntil: string | null;
    }
  | 'unreadable';

/** Nothing where there are no releases. */
export function downloadsCard(pen: Pen, name: string, downloads: Downloadable): Markup | false {
  const { texts } = pen;
  if (downloads === 'unreadable')
    return html`<section class="card flow" aria-labelledby="files"><h2 id="files">${texts.say('downloads.title')}</h2><p>${texts.say('downloads.unreadable')}</p></section>`;
  const { offer, updatesUntil } = downloads;
  const [newest, ...earlier] = offer.included;
  const notes = withheldNotes(pen, offer.withheld, updatesUntil);
  if (newest === undefined && notes.length === 0) return false;
  const about = newest && texts.say('downloads.newest', { product: name, ...versionOf(pen, newest) });
  return html`<section class="card flow" aria-labelledby="files"><div class="head"><h2 id="files">${texts.say('downloads.title')}</h2>${about !== undefined && html`<span class="soft small">${about}</span>`}</div>
${newest === undefined ? html`<p>${texts.say('downloads.none')}</p>` : filesOf(pen, name, newest)}
${newest?.notes !== undefined && html`<p class="soft small prewrap">${newest.notes}</p>`}
${notes.map((note) => html`<p class="soft small">${note}</p>`)}
${
  newest !== undefined &&
  html`<details class="more"><summary>${texts.say('downloads.more')}</summary>
${newest.files.map((file) => checksum(pen, file))}
${earlier.map((release) => html`<h3>${texts.say('downloads.newest', { product: name, ...versionOf(pen, release) })}</h3>${filesOf(pen, name, release)}${release.files.map((file) => checksum(pen, file))}`)}</details>
<p class="soft small">${texts.say('downloads.until', { day: dayIn(texts, offer.until) })}</p>`
}</section>`;
}

/** The files of one release, each with its link. */
export function filesOf({ texts }: Pen, product: string, { version, files }: LinkedRelease): Markup {
  return html`<ul class="files">${files.map((file) => {
    const platform = texts.say(`downloads.${file.platform}`);
    const title = texts.say('downloads.file', { product, version, platform });
    return html`<li><p><strong>${title}</strong></p><p class="soft small">${byteText(file.size, texts.language)}, ${file.name}</p><a class="button" href="${href(file.url)}" rel="nofollow">${icon('down')}${texts.say('downloads.get')}<span class="hidden"> ${title}</span></a></li>`;
  })}</ul>`;
}

function checksum({ texts }: Pen, { name, sha256 }: LinkedFile): Markup {
  return html`<p class="soft small wrap">${name}<br>${texts.say('downloads.checksum', { sum: sha256 })}</p>`;
}

function versionOf({ texts }: Pen, { version, day }: Pick<Release, 'version' | 'day'>) {
  return { version, day: dayIn(texts, day) };
}

/** `4.3 is of 5 March: your updates ended on 1 January.` */
function withheldNotes(
  pen: Pen,
  withheld: readonly Release[],
  updatesUntil: string | null,
): readonly string[] {
  if (updatesUntil === null) return [];
  const until = dayIn(pen.texts, updatesUntil);
  return withheld.map((release) =>
    pen.texts.say('downloads.withheld', { ...versionOf(pen, release), until }),
  );
}
