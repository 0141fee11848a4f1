/** The story of an order, its licenses and its decisions. */
import type { OwedLine } from '../../domain/changes.ts';
import type { LicenseStory } from '../../domain/ledger.ts';
import type { AnnouncementStory } from '../../domain/ports/outbox-ledger.ts';
import { dayOf } from '../../domain/values/day.ts';
import type { Flag } from '../../domain/values/flag.ts';
import type { LicenseState } from '../../domain/values/license.ts';
import type { Customer } from '../../domain/values/order.ts';
import { icon } from '../../html/icons.ts';
import { html, type Markup } from '../../html/markup.ts';
import { whatIsFlagged } from '../flag-text.ts';
import { licenseCard } from '../licenses/card.ts';
import { outcomeText } from '../outbox/words.ts';
import { stateTags } from '../state-tag.ts';
import { clock, countedThings, longDay } from '../text.ts';
import { at, type Visit } from '../visit.ts';
import type { StoryLine } from './story.ts';

export interface OrderValues {
  readonly marketplace: string;
  readonly order: string;
  readonly licenses: readonly LicenseStory[];
  readonly owed: readonly OwedLine[];
  readonly flags: readonly Flag[];
  readonly story: readonly StoryLine[];
  readonly soldAt: number;
  readonly did: string | undefined;
}

export function orderPage(visit: Visit, values: OrderValues): Markup {
  const { order, licenses, owed, story, marketplace, did } = values;
  const hasCode = licenses.some(({ state }) => state === 'active' || state === 'ended');
  const open = values.flags.filter(({ settledAt }) => settledAt === null);
  return html`<nav class="small soft" aria-label="You are here"><a href="${at(visit, '')}">Overview</a> / <a href="${at(visit, 'orders')}">Orders</a> / ${order}</nav>
<div class="head"><h1>Order ${order}</h1>${stateTags(countStates(licenses))}<span class="spacer"></span><div class="buttons">${licenses.length > 0 && html`${hasCode && html`<a class="button" data-dialog href="${at(visit, 'orders', marketplace, order, 'mailed')}">${icon('mail')}I mailed the codes…</a>`}${hasCode && visit.parts.mailing !== undefined && html`<a class="button" data-dialog href="${at(visit, 'orders', marketplace, order, 'resend')}">${icon('out')}Mail the codes again…</a>`}${visit.parts.customerPage !== undefined && html`<a class="button" href="${at(visit, 'orders', marketplace, order, 'page')}">${icon('person')}Customer page</a><a class="button" data-dialog href="${at(visit, 'orders', marketplace, order, 'links')}">End all links…</a>`}<a class="button" data-dialog href="${at(visit, 'orders', marketplace, order, 'correct')}">${icon('person')}Correct the customer…</a><a class="button danger" data-dialog href="${at(visit, 'orders', marketplace, order, 'erase')}">Erase…</a>`}</div></div>
<div class="stack">
${did !== undefined && html`<p class="notice good" role="status">${icon('check')}<span>${did}</span></p>`}
${open.map((flag) => html`<p class="notice">${icon('warn')}<span><strong>${whatIsFlagged(flag.kind)}</strong> ${flag.reason} <a href="${at(visit, 'flags', String(flag.id))}">Decide</a></span></p>`)}
${facts(visit, values)}
<div class="two">
<section class="card" aria-labelledby="story"><div class="head"><h2 id="story">The story</h2><span class="soft small">newest first, all times UTC</span></div>
<ol class="story">${storyLines(visit, story)}</ol></section>
<section class="card" aria-labelledby="lic"><h2 id="lic">${countedThings(licenses.length, 'license')}</h2>
${owed.map(({ missing, line, product }) => missing > 0 && html`<p class="notice">${icon('warn')}<span>${countedThings(missing, 'unit')} of ${product ?? (line || 'what the sale does not name')} without a license.</span></p>`)}
${licenses.map((license) => licenseCard(visit, license))}
${licenses.length > 0 && html`<p class="soft small last">Every decision asks for a reason and stays in the history. Nothing is deleted.</p>`}
</section>
</div></div>`;
}

function countStates(licenses: readonly LicenseStory[]): Readonly<Record<LicenseState, number>> {
  const count = (state: LicenseState) => licenses.filter((license) => license.state === state).length;
  return {
    active: count('active'),
    suspended: count('suspended'),
    ended: count('ended'),
    revoked: count('revoked'),
  };
}

function facts(visit: Visit, { licenses, owed, marketplace, soldAt }: OrderValues): Markup {
  const { parts, mode } = visit;
  const customer: Customer = licenses[0]?.customer ?? { name: undefined, email: undefined };
  const products = [
    ...new Set([
      ...licenses.map(({ product }) => product),
      ...owed.map(({ product, line }) => product ?? line),
    ]),
  ];
  const units = new Set(licenses.map(({ line, product, unit }) => JSON.stringify([line, product, unit])))
    .size;
  const title = parts.marketplaces.find(({ name }) => name === marketplace)?.title ?? marketplace;
  const subscriptions = [...new Set(licenses.flatMap(({ subscription }) => subscription ?? []))];
  return html`<section class="card" aria-label="The order"><dl class="facts across">
<div><dt>Customer</dt><dd>${customer.name === undefined ? html`<span class="soft">no name</span>` : html`<bdi>${customer.name}</bdi>`}<br>${customer.email === undefined ? html`<span class="soft">no address</span>` : theirOrders(visit, customer.email)}</dd></div>
<div><dt>Product</dt><dd>${products.map((id) => parts.catalog.get(id)?.name ?? id).join(', ')}, ${units} ${units === 1 ? 'unit' : 'units'}${products[0] && html`<br><span class="soft small">file <code>${products[0]}.md</code></span>`}</dd></div>
<div><dt>Sold at</dt><dd>${title}, ${mode}<br><span class="soft small">${longDay(dayOf(soldAt))}</span></dd></div>
<div><dt>Subscription</dt><dd>${subscriptions.length === 0 ? html`<span class="soft">none</span>` : html`<code>${subscriptions.join(', ')}</code>`}</dd></div>
</dl></section>`;
}

/** An address is in no link: the search is posted. */
function theirOrders(visit: Visit, email: string): Markup {
  return html`<form class="plain" method="post" action="${at(visit, 'search')}"><input type="hidden" name="q" value="${email}"><button class="link" type="submit">${email}<span class="hidden">: all orders of this customer</span></button></form>`;
}

function storyLines(visit: Visit, story: readonly StoryLine[]): Markup {
  const lines: Markup[] = [];
  let day = '';
  for (const line of story) {
    const its = dayOf(line.at);
    if (its !== day) {
      const today = its === dayOf(visit.now) ? 'Today, ' : '';
      lines.push(html`<li class="break"><p class="day">${today}${longDay(its)}</p></li>`);
      day = its;
    }
    lines.push(storyLine(visit, line));
  }
  return html`${lines}`;
}

function storyLine(
  visit: Visit,
  { icon: sign, tone, what, why, at: moment, event, text, announcement }: StoryLine,
): Markup {
  const title =
    visit.parts.marketplaces.find(({ name }) => name === event?.marketplace)?.title ?? event?.marketplace;
  return html`<li><span class="mark ${tone}">${icon(sign)}</span><div><p class="what wrap">${what}</p><p class="why">${event !== undefined && html`${title} <a href="${at(visit, 'events', event.marketplace, event.id)}"><code>${event.type}</code></a>. `}${why}</p>${text !== undefined && html`<details class="more"><summary>The text that was sent</summary><pre class="text" tabindex="0">${text}</pre></details>`}${announcement !== undefined && triesOf(visit, announcement)}</div><time datetime="${new Date(moment).toISOString()}">${clock(moment)}</time></li>`;
}

function triesOf(visit: Visit, { announcement, tries }: AnnouncementStory): Markup {
  const { number } = announcement;
  const link = html`<a href="${at(visit, 'outbox', String(number))}">Outbox ${number}</a>`;
  if (tries.length === 0) return html`<p class="why">${link}</p>`;
  return html`<details class="more"><summary>${tries.length === 1 ? 'One try' : `${tries.length} tries`}</summary><ul>${tries.map((each) => html`<li class="wrap">${clock(each.at)}, ${longDay(dayOf(each.at))}: ${outcomeText(each.outcome)}. <span class="soft">${each.answer}</span></li>`)}</ul><p>${link}</p></details>`;
}
