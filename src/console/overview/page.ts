/** The overview: what needs somebody, four numbers, three plots, the latest orders, a line of health. */

import type { Finding } from '../../doctor/finding.ts';
import type { DownloadedOften, ListedEvent, ListedOrder } from '../../domain/ports/ledger-reader.ts';
import type { LongJob } from '../../domain/ports/long-job.ts';
import type { KeptAnnouncement } from '../../domain/ports/outbox-ledger.ts';
import type { OutboxTarget } from '../../domain/ports/outbox-target.ts';
import type { Flag } from '../../domain/values/flag.ts';
import { type IconName, icon } from '../../html/icons.ts';
import { html, type Markup } from '../../html/markup.ts';
import { whatIsFlagged } from '../flag-text.ts';
import { LEFT_UNDONE } from '../jobs/left-undone.ts';
import { ordersTable } from '../orders/table.ts';
import { CHANNEL_NAMES, haltText, targetText, topicText } from '../outbox/words.ts';
import { renewalsPlot } from '../plots/renewals.ts';
import { statesPlot } from '../plots/states.ts';
import { weeklyPlot } from '../plots/weekly.ts';
import { ago, countedThings, grouped, longDay, momentText } from '../text.ts';
import { at, type Visit } from '../visit.ts';
import type { Overview } from './figures.ts';

/** A part that could not be read shows a message in its place. */
export type Part<T> = T | undefined;

export interface OverviewValues {
  readonly failed: Part<readonly ListedEvent[]>;
  readonly flags: Part<readonly Flag[]>;
  /** Announcements that were given up or are held, and targets that get none. */
  readonly stuck: Part<readonly KeptAnnouncement[]>;
  readonly halted: Part<readonly OutboxTarget[]>;
  /** Long work that was interrupted, and not begun again. */
  readonly undone: Part<readonly LongJob[]>;
  /** Licenses that get no more downloads for now. */
  readonly often: Part<readonly DownloadedOften[]>;
  readonly figures: Part<Overview>;
  readonly latest: Part<readonly ListedOrder[]>;
  readonly health: readonly HealthNote[];
  readonly findings: Part<readonly Finding[]>;
}

export interface HealthNote {
  readonly isGood: boolean;
  readonly text: string;
}

const UNREADABLE = html`<p class="notice" role="alert">${icon('warn')}<span>This part cannot be read now.</span></p>`;

export function overviewPage(visit: Visit, values: OverviewValues): Markup {
  const { failed, flags, stuck, halted, undone, often, figures, latest, health, findings } = values;
  const open = [failed, flags, stuck, halted, undone, often];
  const isQuiet = open.every((part) => part?.length === 0);
  const isEmpty = latest?.length === 0;
  return html`<div class="head"><h1>Overview</h1><p class="soft">${momentText(visit.now)}</p></div>
<div class="stack">
${isEmpty && firstDay(visit, findings)}
${open.includes(undefined) && html`<section class="card" aria-label="What needs you">${UNREADABLE}</section>`}
${(!isEmpty || !isQuiet) && !open.includes(undefined) && needs(visit, values)}
${!isEmpty && (figures === undefined ? html`<section class="card" aria-label="Numbers">${UNREADABLE}</section>` : html`${numbers(figures)}${plots(visit, figures)}`)}
${isEmpty && html`<div class="plots"><figure class="card wide"><figcaption><h2>Orders a week</h2></figcaption><div class="empty"><p>From the first order on, the last 52 weeks are drawn here.</p></div></figure></div>`}
${!isEmpty && html`<section class="card" aria-labelledby="latest"><h2 id="latest">Latest orders</h2>${latest === undefined ? UNREADABLE : ordersTable(visit, latest, 'Latest orders, as a table')}</section>`}
</div>
<footer class="foot">${health.map(({ isGood, text }) => html`<span>${isGood && icon('check')}${text}</span>`)}</footer>`;
}

function needs(
  visit: Visit,
  { failed = [], flags = [], stuck = [], halted = [], undone = [], often = [] }: OverviewValues,
): Markup {
  // The mail stands there with what the relay said, and can be sent again.
  const undelivered = new Set(stuck.map(({ order }) => order));
  const others = flags.filter(
    ({ kind, order }) => kind !== 'mail-refused' || order === null || !undelivered.has(order),
  );
  const lines = [
    ...halted.map((target) => haltedLine(visit, target)),
    ...undone.map((job) => undoneLine(visit, job)),
    ...failed.map((event) => failedLine(visit, event)),
    ...others.map((flag) => flagLine(visit, flag)),
    ...stuck.map((each) => stuckLine(visit, each)),
    ...often.map((each) => oftenLine(visit, each)),
  ];
  const title =
    lines.length === 0
      ? 'Nothing needs you'
      : `${countedThings(lines.length, 'thing')} ${lines.length === 1 ? 'needs' : 'need'} you`;
  return html`<section class="card" aria-labelledby="needs"><h2 id="needs">${title}</h2>
${lines.length === 0 ? html`<p class="soft">No event failed, no flag is open, and nothing was given up.</p>` : html`<ul class="needs">${lines}</ul>`}</section>`;
}

function needLine(sign: IconName, tone: 'bad' | 'care', what: Markup, more: string, link: Markup): Markup {
  return html`<li><span class="mark ${tone}">${icon(sign)}</span><p class="wrap">${what}</p><p class="soft small wrap">${more}</p>${link}</li>`;
}

function failedLine(visit: Visit, { marketplace, id, type, fault, attempts }: ListedEvent): Markup {
  const times = attempts === 1 ? 'Received once.' : `Received ${attempts} times.`;
  return needLine(
    'cross',
    'bad',
    html`<strong>An event could not be applied.</strong> ${titleOf(visit, marketplace)} <code>${type}</code>`,
    `${fault ?? 'The reason was not kept.'} ${times}`,
    html`<a class="button" href="${at(visit, 'events', marketplace, id)}">Look at it<span class="hidden">: event ${id}</span></a>`,
  );
}

function haltedLine(visit: Visit, target: OutboxTarget): Markup {
  return needLine(
    'pause',
    'care',
    html`<strong>${targetText(target)}</strong> ${haltText(target)}`,
    target.reason ?? '',
    html`<a class="button" href="${at(visit, 'outbox')}">Look at it<span class="hidden">: ${targetText(target)}</span></a>`,
  );
}

function undoneLine(visit: Visit, { number, what, kind, beganAt, person }: LongJob): Markup {
  return needLine(
    'warn',
    'care',
    html`<strong>${what}:</strong> it was interrupted`,
    `Begun ${ago(beganAt, visit.now)} by ${person}. ${LEFT_UNDONE[kind]}`,
    html`<a class="button" href="${at(visit, 'jobs', String(number))}">Look at it<span class="hidden">: job ${number}</span></a>`,
  );
}

function stuckLine(visit: Visit, each: KeptAnnouncement): Markup {
  const isHeld = each.state === 'held';
  return needLine(
    each.channel === 'mail' ? 'mail' : 'hook',
    isHeld ? 'care' : 'bad',
    html`<strong>${isHeld ? 'Something is held until you decide.' : `${each.channel === 'mail' ? 'A mail' : 'A webhook'} was given up.`}</strong> ${CHANNEL_NAMES[each.channel]}: ${topicText(each)}${each.order !== '' && html`, order <a href="${at(visit, 'orders', each.marketplace, each.order)}">${each.order}</a>`}`,
    each.reason ?? '',
    html`<a class="button" href="${at(visit, 'outbox', String(each.number))}">Look at it<span class="hidden">: announcement ${each.number}</span></a>`,
  );
}

function oftenLine(visit: Visit, { marketplace, order, product, downloads }: DownloadedOften): Markup {
  const name = visit.parts.catalog.get(product)?.name ?? product;
  return needLine(
    'down',
    'care',
    html`<strong>A license was downloaded ${grouped(downloads)} times in 30 days.</strong> Order <a href="${at(visit, 'orders', marketplace, order)}">${order}</a>`,
    `It gets no more files for now. If that is right so, raise the limit in the product file of ${name}; if its links went round, end them.`,
    html`<a class="button" href="${at(visit, 'orders', marketplace, order)}">Look at it<span class="hidden">: order ${order}</span></a>`,
  );
}

function flagLine(visit: Visit, flag: Flag): Markup {
  const { marketplace, order, id, reason } = flag;
  const link =
    order === null
      ? html` <span class="soft">${titleOf(visit, marketplace)}</span>`
      : html` Order <a href="${at(visit, 'orders', marketplace, order)}">${order}</a>`;
  return needLine(
    'warn',
    'care',
    html`<strong>${whatIsFlagged(flag.kind)}</strong>${link}`,
    reason,
    html`<a class="button" href="${at(visit, 'flags', String(id))}">Decide<span class="hidden"> about flag ${id}</span></a>`,
  );
}

export function titleOf({ parts }: Pick<Visit, 'parts'>, marketplace: string): string {
  return parts.marketplaces.find(({ name }) => name === marketplace)?.title ?? marketplace;
}

function numbers({ orders, active, renewals, withdrawn }: Overview): Markup {
  const compared = (now: number, before: number, than: string) => {
    const change = now - before;
    if (change === 0) return `as many as ${than}`;
    return `${grouped(Math.abs(change))} ${change > 0 ? 'more' : 'fewer'} than ${than}`;
  };
  const share = renewals.due === 0 ? '–' : `${Math.round((100 * renewals.kept) / renewals.due)} %`;
  return html`<dl class="numbers">
<div><dt>Orders, 30 days</dt><dd>${grouped(orders.now)}</dd><dd>${compared(orders.now, orders.before, 'the 30 days before')}</dd></div>
<div><dt>Active licenses</dt><dd>${grouped(active.now)}</dd><dd>${compared(active.now, active.before, '30 days ago')}</dd></div>
<div><dt>Renewed when due</dt><dd>${share}</dd><dd>${renewals.due === 0 ? 'none was due this month so far' : `${renewals.kept} of ${renewals.due} this month, so far`}</dd></div>
<div><dt>Withdrawn, 30 days</dt><dd>${grouped(withdrawn.revoked)}</dd><dd>revoked; ${grouped(withdrawn.ended)} ended</dd></div>
</dl>`;
}

function plots(visit: Visit, { series, weeks, states, stateWeeks, months }: Overview): Markup {
  return html`<div class="plots">
${weeklyPlot({ series: series.map((id) => visit.parts.catalog.get(id)?.name ?? id), weeks, all: at(visit, 'orders') })}
${statesPlot(states, stateWeeks.map(longDay))}
${renewalsPlot(months)}
</div>`;
}

/** The worst first. */
const LEVELS = ['fault', 'warning', 'note'] as const;

function firstDay(visit: Visit, findings: Part<readonly Finding[]>): Markup {
  const { parts, mode } = visit;
  const example = parts.marketplaces[0]?.example ?? '';
  const [product] = parts.catalog.all();
  const tryIt =
    mode === 'test' && parts.simulator
      ? html`<p>Make a test order, as a marketplace would, and see its story.</p>
<form method="post" action="${at(visit, 'try')}"><button class="button primary" type="submit">Make a test order</button></form>
<p class="soft small">The same from the command line:</p>
<div class="command"><code>npm run -s mintmark -- simulate ${example}</code><button class="button small" type="button" data-copy hidden>${icon('copy')}Copy</button></div>`
      : mode === 'test'
        ? html`<p>Let a marketplace send a test order from its site. It comes in here within a second.</p>`
        : html`<p>An order comes in here within a second after it was sold. <a href="/console/test/">In test mode</a> you can try it.</p>`;
  const open = LEVELS.flatMap((level) => findings?.filter((finding) => finding.level === level) ?? []);
  return html`<section class="card flow" aria-labelledby="f1"><h2 id="f1">Nothing was sold here yet</h2>
${tryIt}
${product !== undefined && html`<div class="buttons"><a class="button" href="${at(visit, 'products', product.id)}">See the mail of ${product.name}</a></div>`}</section>
<section class="card flow" aria-labelledby="f2"><div class="head"><h2 id="f2">Before the first real sale</h2><span class="spacer"></span><a class="small" href="${at(visit, 'go-live')}">All of them</a></div>
<ul class="checks">${open.slice(0, 2).map(({ check, so, remedy }) => html`<li><span class="mark care">${icon('wait')}</span><div><h3>${check}</h3><p class="soft wrap">${so} ${remedy ?? ''}</p></div></li>`)}
${!parts.keyring.some(({ mode }) => mode === 'live') && !parts.upkeep.keys().some(({ mode }) => mode === 'live') && html`<li><span class="mark bad">${icon('cross')}</span><div><h3>A signing key for live orders</h3><p class="soft">Only test orders can be signed. The service never makes this key by itself.</p><p><a class="button small" href="${at(visit, 'upkeep')}">Make the live key</a></p></div></li>`}</ul></section>`;
}
