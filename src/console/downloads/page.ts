/** The releases of each product with their counts; what is wrong with a file comes first. */
import type { DownloadCount } from '../../domain/ports/download.ts';
import type { Release, ReleaseFile } from '../../domain/values/release.ts';
import { href } from '../../html/href.ts';
import { icon } from '../../html/icons.ts';
import { html, type Markup } from '../../html/markup.ts';
import { byteText } from '../../message/byte-text.ts';
import { RUN } from '../../service/command.ts';
import { grouped, longDay } from '../text.ts';
import { at, type Visit } from '../visit.ts';
import type { ShownReleases } from './releases.ts';

export interface ShownDownloads extends ShownReleases {
  readonly counts: readonly DownloadCount[];
}

const ADD = `${RUN} releases add lumen 4.2 dist/Lumen-4.2.dmg`;

export function downloadsPage(visit: Visit, shown: ShownDownloads): Markup {
  const { releases, bad, faulty, place, hasLinks } = shown;
  const products = [...new Set(releases.map(({ product }) => product))].sort();
  return html`<div class="head"><h1>Downloads</h1><p class="soft wrap">${place}</p></div>
<div class="stack">${bad.map(({ product, version, file, state }) => notice(`${file} of ${product} ${version} ${state === 'gone' ? 'is gone' : 'has changed'}: customers do not get it.`))}
${faulty.map((where) => notice(`The release.json in ${where} cannot be read, so there is no such release.`))}
${!hasLinks && releases.length > 0 && notice('Customers have no links until PUBLIC_URL is set.')}
${releases.length === 0 && html`<section class="card flow"><p>No release was added yet.</p><p class="soft">Add one on the command line; a running service offers it within seconds:</p><div class="command"><code>${ADD}</code><button class="button small" type="button" data-copy hidden>${icon('copy')}Copy</button></div></section>`}
${products.map((product) => productCard(visit, product, shown))}</div>`;
}

function productCard(visit: Visit, product: string, shown: ShownDownloads): Markup {
  const name = visit.parts.catalog.get(product)?.name ?? product;
  const own = shown.releases.filter((release) => release.product === product);
  return html`<section class="card" aria-label="${name}"><h2>${name}</h2><div class="scroll" tabindex="0" role="group" aria-label="Releases of ${name}, as a table"><table><thead><tr><th scope="col">version</th><th scope="col">day</th><th scope="col">file</th><th scope="col" class="end">size</th><th scope="col" class="end">asked for</th><th scope="col" class="end">sent whole</th><th scope="col"><span class="hidden">try</span></th></tr></thead><tbody>
${own.map((release) => release.files.map((file, place) => row(visit, release, file, place === 0, shown)))}
</tbody></table></div></section>`;
}

function row(
  visit: Visit,
  { product, version, day, withdrawn }: Release,
  { name, size }: ReleaseFile,
  isFirst: boolean,
  { counts, hasLinks }: ShownDownloads,
): Markup {
  const count = counts.find(
    (each) => each.product === product && each.version === version && each.file === name,
  );
  const isTried = hasLinks && withdrawn === undefined;
  return html`<tr><td>${isFirst && html`${version}${withdrawn !== undefined && html` <span class="soft">withdrawn: ${withdrawn.reason}</span>`}`}</td><td class="nowrap">${isFirst && longDay(day)}</td><td class="wrap">${name}</td><td class="end nowrap">${byteText(size)}</td><td class="end">${grouped(count?.asked ?? 0)}</td><td class="end">${grouped(count?.done ?? 0)}</td><td>${isTried && html`<a class="button small" href="${href(at(visit, 'downloads', product, version, name))}">${icon('down')}Try<span class="hidden"> ${name}</span></a>`}</td></tr>`;
}

function notice(text: string): Markup {
  return html`<div class="notice bad" role="status"><p>${text}</p></div>`;
}
