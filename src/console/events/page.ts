/** The lists of events, one event, and what was received. */
import { createHash } from 'node:crypto';
import type { KeptEvent } from '../../domain/facts/event.ts';
import type { EventPageQuery, ListedEvent } from '../../domain/ports/ledger-reader.ts';
import { dayOf } from '../../domain/values/day.ts';
import type { Flag } from '../../domain/values/flag.ts';
import { icon } from '../../html/icons.ts';
import { html, type Markup } from '../../html/markup.ts';
import { listAddress, pager } from '../filters.ts';
import { whatIsFlagged } from '../flag-text.ts';
import { clock, longDay, shortTime } from '../text.ts';
import { webhookAddress } from '../told-addresses.ts';
import { at, query, type Visit } from '../visit.ts';
import type { Said } from './said.ts';

/** A count of as many may be of more. */
export const EVENTS_A_PAGE = 50;

export interface EventsValues {
  readonly which: EventPageQuery['which'];
  readonly found: readonly ListedEvent[];
  readonly next: number | undefined;
  readonly failed: number;
  readonly flagged: number;
}

const titleOf = ({ parts }: Visit, name: string): string =>
  parts.marketplaces.find((each) => each.name === name)?.title ?? name;

export function eventsPage(visit: Visit, { which, found, next, failed, flagged }: EventsValues): Markup {
  const path = at(visit, 'events');
  const filters = { given: which === 'all' ? {} : { show: which }, refused: [] };
  const tab = (name: EventPageQuery['which'], label: string, count?: number) =>
    html`<a class="button${name === which && ' primary'}" href="${listAddress(path, { given: name === 'all' ? {} : { show: name }, refused: [] })}"${name === which && html` aria-current="true"`}>${label}${count !== undefined && count > 0 && html` (${count}${count >= EVENTS_A_PAGE && ' or more'})`}</a>`;
  return html`<div class="head"><h1>Events</h1><p class="soft">what marketplaces said after a sale, newest first</p></div>
<div class="stack">
<nav class="buttons" aria-label="Which">${tab('failed', 'Failed', failed)}${tab('flagged', 'Flagged', flagged)}${tab('all', 'All')}</nav>
<section class="card" aria-label="Events">${found.length > 0 ? table(visit, found) : empty(visit, which)}
${pager(path, filters, next, query(visit, 'before') === undefined)}</section></div>`;
}

function empty(visit: Visit, which: EventPageQuery['which']): Markup {
  if (which !== 'all')
    return html`<div class="empty"><p>${which === 'failed' ? 'No event failed.' : 'No event has an open flag.'}</p></div>`;
  return html`<div class="empty"><p>No event yet. The marketplace has to be told this address:</p>
${visit.parts.marketplaces.map((each) => html`<p>${each.title}: <code class="wrap">${webhookAddress(visit, each)}</code></p>`)}</div>`;
}

function outcomeTag({ outcome, flagged }: Pick<KeptEvent, 'outcome' | 'flagged'>): Markup {
  if (outcome === 'failed') return html`<span class="state revoked">Failed</span>`;
  if (flagged) return html`<span class="state suspended">Flagged</span>`;
  return outcome === 'unmatched'
    ? html`<span class="state ended">About nothing here</span>`
    : html`<span class="state active">Applied</span>`;
}

function table(visit: Visit, events: readonly ListedEvent[]): Markup {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Events, as a table"><table><thead><tr><th scope="col">received</th><th scope="col">event</th><th scope="col">from</th><th scope="col">outcome</th><th scope="col">why</th></tr></thead><tbody>
${events.map(
  (event) =>
    html`<tr><td class="soft nowrap">${shortTime(event.receivedAt, visit.now)}</td><td><a href="${at(visit, 'events', event.marketplace, event.id)}"><code>${event.type}</code></a></td><td class="soft">${titleOf(visit, event.marketplace)}</td><td>${outcomeTag(event)}</td><td class="wrap">${event.fault ?? ''}</td></tr>`,
)}
</tbody></table></div>`;
}

export interface EventValues {
  readonly flags: readonly Flag[];
  readonly said: Said;
  readonly did: string | undefined;
}

export function eventPage(visit: Visit, event: KeptEvent, { flags, said, did }: EventValues): Markup {
  const { marketplace, id, type, outcome, fault, attempts, receivedAt, payload } = event;
  const own = (...more: readonly string[]) => at(visit, 'events', marketplace, id, ...more);
  const open = flags.filter(({ settledAt }) => settledAt === null);
  const orders = [...new Set([...said.orders, ...flags.flatMap(({ order }) => order ?? [])])];
  return html`<nav class="small soft" aria-label="You are here"><a href="${at(visit, '')}">Overview</a> / <a href="${at(visit, 'events')}">Events</a> / ${id}</nav>
<div class="head"><h1 class="wrap">Event ${type}</h1>${outcomeTag(event)}<span class="spacer"></span><div class="buttons">${payload !== null && html`<a class="button" data-dialog href="${own('replay')}">${icon('again')}Apply again…</a>`}${open.length > 0 && html`<a class="button" data-dialog href="${own('settle')}">Settle…</a>`}</div></div>
<div class="stack">
${did !== undefined && html`<p class="notice good" role="status">${icon('check')}<span>${did}</span></p>`}
${outcome === 'failed' && html`<section class="card flow" aria-labelledby="why"><h2 id="why">Why it failed</h2><p class="wrap">${fault ?? 'The reason was not kept.'}</p><p class="soft">${remedyOf(fault)}</p></section>`}
${open.map((flag) => html`<p class="notice">${icon('warn')}<span><strong>${whatIsFlagged(flag.kind)}</strong> ${flag.reason}</span></p>`)}
<section class="card" aria-label="The event"><dl class="facts">
${said.words.length > 0 && html`<dt>It says</dt><dd>${said.words.map((each) => html`<span class="wrap">${each.charAt(0).toUpperCase()}${each.slice(1)}.</span><br>`)}</dd>`}
<dt>From</dt><dd>${titleOf(visit, marketplace)}, ${visit.mode}</dd><dt>Id</dt><dd><code>${id}</code></dd>
<dt>Received</dt><dd>${longDay(dayOf(receivedAt))}, ${clock(receivedAt)} UTC, ${attempts === 1 ? 'once' : `${attempts} times`}</dd>
<dt>Happened</dt><dd>${longDay(dayOf(event.at))}, ${clock(event.at)} UTC, by the marketplace’s clock</dd>
${orders.length > 0 && html`<dt>Order</dt><dd>${orders.map((order) => html`<a href="${at(visit, 'orders', marketplace, order)}">${order}</a> `)}</dd>`}
<dt>Payload</dt><dd>${payload === null ? html`<span class="soft">Deleted after the time that you keep events; its digest and day stay.</span>` : html`<a href="${own('payload')}">Show what was received</a> <span class="soft small">personal data; that you looked is noted</span>`}</dd>
</dl></section></div>`;
}

function remedyOf(fault: string | null): string {
  if (fault !== null && /product/i.test(fault))
    return 'Write a product file that names it, start the service again, and apply the event again. The marketplace sends it again by itself, too.';
  return 'Correct the cause, and apply the event again. The marketplace sends it again by itself, too.';
}

export function payloadPage(visit: Visit, { marketplace, id, payload }: KeptEvent): Markup {
  return html`<nav class="small soft" aria-label="You are here"><a href="${at(visit, 'events')}">Events</a> / <a href="${at(visit, 'events', marketplace, id)}">${id}</a> / what was received</nav>
<div class="head"><h1>What was received</h1></div>
<section class="card"><p class="soft small">Byte for byte. SHA-256 <code>${payload === null ? 'of a deleted payload' : createHash('sha256').update(payload).digest('hex')}</code></p><pre class="text" tabindex="0">${payload ?? 'It was deleted.'}</pre></section>`;
}
