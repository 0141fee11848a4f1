/** The list of licenses, and one license. */
import type { LicenseStory } from '../../domain/ledger.ts';
import type { ListedLicense } from '../../domain/ports/ledger-reader.ts';
import { dayOf } from '../../domain/values/day.ts';
import { icon } from '../../html/icons.ts';
import { html, type Markup } from '../../html/markup.ts';
import { formatLicenseId } from '../../license-code/license-id.ts';
import {
  choice,
  dayField,
  type Filters,
  filterForm,
  isFiltered,
  listAddress,
  pager,
  refusedNote,
} from '../filters.ts';
import { causeText } from '../order/story.ts';
import { person } from '../person.ts';
import { STATES, stateTag } from '../state-tag.ts';
import { clock, longDay } from '../text.ts';
import { at, query, type Visit } from '../visit.ts';
import { licenseCard } from './card.ts';

type LicenseFilter = 'product' | 'state' | 'validFrom' | 'validTo';

export interface LicensesValues {
  readonly found: readonly ListedLicense[];
  readonly filters: Filters<LicenseFilter>;
  readonly next: number | undefined;
  /** The filter for licenses that end soon. */
  readonly soon: Readonly<Record<string, string>>;
}

export function licensesPage(visit: Visit, { found, filters, next, soon }: LicensesValues): Markup {
  const path = at(visit, 'licenses');
  const { given } = filters;
  const none = { given: {}, refused: [] };
  return html`<div class="head"><h1>Licenses</h1><p class="soft">newest first</p><span class="spacer"></span><div class="buttons"><a class="button" href="${listAddress(path, none, soon)}">Run out in 14 days</a><a class="button" href="${listAddress(path, none, { state: 'suspended' })}">Suspended</a></div></div>
<div class="stack">
${filterForm(path, [
  choice(
    'product',
    'Product',
    given.product,
    visit.parts.catalog.all().map(({ id, name }) => [id, name]),
  ),
  choice(
    'state',
    'State',
    given.state,
    STATES.map((state) => [state, state]),
  ),
  dayField('validFrom', 'Valid to, from', given.validFrom),
  dayField('validTo', 'up to', given.validTo),
])}
${refusedNote(filters)}
<section class="card" aria-label="Licenses">${found.length > 0 ? table(visit, found) : html`<div class="empty"><p>${emptyText(filters)}</p>${isFiltered(filters) && html`<p><a href="${path}">Take the filter away</a></p>`}</div>`}
${pager(path, filters, next, query(visit, 'before') === undefined)}</section>
</div>`;
}

function emptyText({ given }: Filters<LicenseFilter>): string {
  if (given.state !== undefined) return `None is ${given.state}.`;
  return Object.keys(given).length > 0 ? 'No license fits.' : 'There is no license yet.';
}

function table(visit: Visit, licenses: readonly ListedLicense[]): Markup {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Licenses, as a table"><table><thead><tr><th scope="col">license</th><th scope="col">order</th><th scope="col">product</th><th scope="col" class="end">unit</th><th scope="col">customer</th><th scope="col">valid to</th><th scope="col">state</th></tr></thead><tbody>
${licenses.map(
  ({
    id,
    marketplace,
    order,
    product,
    unit,
    customer,
    lastValid,
    state,
  }) => html`<tr><td><a class="mono" href="${at(visit, 'licenses', formatLicenseId(id))}">${formatLicenseId(id).slice(0, 8)}…</a></td>
<td class="nowrap"><a href="${at(visit, 'orders', marketplace, order)}">${order}</a></td><td>${visit.parts.catalog.get(product)?.name ?? product}</td><td class="end">${unit}</td>
<td class="wrap">${person(customer)}</td><td class="nowrap">${lastValid === null ? 'for good' : longDay(lastValid)}</td><td>${stateTag(state)}</td></tr>`,
)}
</tbody></table></div>`;
}

export function licensePage(
  visit: Visit,
  license: LicenseStory,
  { isGenuine, replaced }: { readonly isGenuine: boolean; readonly replaced: Markup | undefined },
): Markup {
  const { marketplace, order, unit, history, product, customer } = license;
  return html`<nav class="small soft" aria-label="You are here"><a href="${at(visit, '')}">Overview</a> / <a href="${at(visit, 'licenses')}">Licenses</a> / unit ${unit}</nav>
<div class="head"><h1>License of order <a href="${at(visit, 'orders', marketplace, order)}">${order}</a></h1></div>
<div class="stack">
${!isGenuine && html`<p class="notice bad" role="alert">${icon('cross')}<span>The code in the ledger is not one that its key made for this license. Run <code>ledger check</code> now, and compare with a backup.</span></p>`}
${replaced && html`<p class="notice">${icon('warn')}<span>${replaced}</span></p>`}
<div class="two"><section class="card" aria-labelledby="history"><h2 id="history">Its history</h2>
<div class="scroll" tabindex="0" role="group" aria-label="History, as a table"><table><thead><tr><th scope="col">when</th><th scope="col">state</th><th scope="col" class="end">revision</th><th scope="col">why</th></tr></thead><tbody>
${[...history].reverse().map(({ at: moment, to, revision, cause }) => html`<tr><td class="nowrap soft">${longDay(dayOf(moment))}, ${clock(moment)}</td><td>${stateTag(to)}</td><td class="end">${revision}</td><td class="wrap">${causeText(cause)}</td></tr>`)}
</tbody></table></div></section>
<section class="card" aria-labelledby="it"><h2 id="it">${visit.parts.catalog.get(product)?.name ?? product}</h2>
<p class="soft wrap">${formatLicenseId(license.id)}<br>${person(customer)}</p>
${licenseCard(visit, license)}</section></div></div>`;
}
