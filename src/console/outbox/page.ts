/** The outbox: its lists, one announcement with every try, and what does not work, in one line a target. */
import type { AnnouncementStory, KeptAnnouncement, OutboxCount } from '../../domain/ports/outbox-ledger.ts';
import { isHalted, type OutboxTarget } from '../../domain/ports/outbox-target.ts';
import type { AnnouncementState, ChannelName } from '../../domain/values/announcement.ts';
import { CHANNELS } from '../../domain/values/announcement.ts';
import { icon } from '../../html/icons.ts';
import { html, type Markup } from '../../html/markup.ts';
import { listAddress, pager } from '../filters.ts';
import type { ComposedMail } from '../parts.ts';
import { shortTime } from '../text.ts';
import { at, query, type Visit } from '../visit.ts';
import {
  CHANNEL_NAMES,
  haltText,
  momentOf,
  outcomeText,
  recipientText,
  STATE_LOOKS,
  targetText,
  topicText,
} from './words.ts';

export interface OutboxValues {
  readonly state: AnnouncementState | undefined;
  readonly found: readonly KeptAnnouncement[];
  readonly next: number | undefined;
  readonly counts: readonly OutboxCount[];
  readonly targets: readonly OutboxTarget[];
  readonly did: string | undefined;
}

const TABS: readonly (readonly [AnnouncementState | undefined, string])[] = [
  ['waiting', 'Waiting'],
  ['held', 'Held'],
  ['given-up', 'Given up'],
  ['sent', 'Sent'],
  ['dropped', 'Dropped'],
  [undefined, 'All'],
];

export function outboxPage(visit: Visit, { state, found, next, counts, targets, did }: OutboxValues): Markup {
  const path = at(visit, 'outbox');
  const givenOf = (name: AnnouncementState | undefined) => (name === undefined ? {} : { state: name });
  const filters = { given: givenOf(state), refused: [] };
  const tab = (name: AnnouncementState | undefined, label: string) => {
    const open = counts.filter((each) => each.state === name);
    const count = open.reduce((sum, { announcements }) => sum + announcements, 0);
    return html`<a class="button${name === state && ' primary'}" href="${listAddress(path, { given: givenOf(name), refused: [] })}"${name === state && html` aria-current="true"`}>${label}${count > 0 && html` (${count})`}</a>`;
  };
  return html`<div class="head"><h1>Outbox</h1><p class="soft">mails and webhooks, newest first</p></div>
<div class="stack">
${did !== undefined && html`<p class="notice good" role="status">${icon('check')}<span>${did}</span></p>`}
${targets.filter(isHalted).map((target) => haltedLine(visit, target))}
<nav class="buttons" aria-label="Which">${TABS.map(([name, label]) => tab(name, label))}</nav>
<section class="card" aria-label="Announcements">${found.length > 0 ? table(visit, found) : empty(state)}
${pager(path, filters, next, query(visit, 'before') === undefined)}</section>
<section class="card flow" aria-labelledby="channels"><h2 id="channels">Channels</h2><p class="soft">A paused channel sends nothing; what it is to send waits, and nothing is lost.</p>
<ul class="needs">${CHANNELS.slice(0, 2).map((channel) => channelLine(visit, channel, targets))}</ul></section></div>`;
}

function haltedLine(visit: Visit, target: OutboxTarget): Markup {
  const { channel, target: name, reason } = target;
  const why = reason === null ? '' : ` ${reason}`;
  return html`<p class="notice">${icon('warn')}<span><strong>${targetText(target)}</strong> ${haltText(target)}${why} <a data-dialog href="${targetAddress(visit, channel, 'resume', name)}">Let it go on<span class="hidden">: ${targetText(target)}</span></a></span></p>`;
}

function targetAddress(visit: Visit, channel: ChannelName, act: 'pause' | 'resume', target: string): string {
  return `${at(visit, 'channels', channel, act)}?target=${encodeURIComponent(target)}`;
}

function channelLine(visit: Visit, channel: ChannelName, targets: readonly OutboxTarget[]): Markup {
  const whole = targets.find((each) => each.channel === channel && each.target === '');
  const isPaused = whole !== undefined && whole.pausedAt !== null;
  const act = isPaused ? 'resume' : 'pause';
  const label = isPaused ? 'Go on…' : 'Pause…';
  return html`<li><span class="mark ${isPaused ? 'care' : 'good'}">${icon(isPaused ? 'pause' : channel === 'mail' ? 'mail' : 'hook')}</span><p><strong>${CHANNEL_NAMES[channel]}</strong></p><p class="soft small">${isPaused ? 'Paused.' : 'Sends.'}</p><a class="button" data-dialog href="${targetAddress(visit, channel, act, '')}">${label}<span class="hidden"> ${CHANNEL_NAMES[channel]}</span></a></li>`;
}

function empty(state: AnnouncementState | undefined): Markup {
  const words: Readonly<Partial<Record<AnnouncementState, string>>> = {
    waiting: 'Nothing waits.',
    held: 'Nothing is held.',
    'given-up': 'Nothing was given up.',
    sent: 'Nothing was sent yet.',
    dropped: 'Nothing was dropped.',
  };
  const said = (state && words[state]) ?? 'Nothing was to be sent yet.';
  return html`<div class="empty"><p>${said}</p>${state === undefined && html`<p class="soft">Mails begin with SMTP_URL and MAIL_FROM, webhooks with data/webhooks.yaml.</p>`}</div>`;
}

export function stateTagOf({ state }: Pick<KeptAnnouncement, 'state'>): Markup {
  const { word, look } = STATE_LOOKS[state];
  return html`<span class="state ${look}">${word}</span>`;
}

function table(visit: Visit, found: readonly KeptAnnouncement[]): Markup {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Announcements, as a table"><table><thead><tr><th scope="col">written</th><th scope="col">what</th><th scope="col">to</th><th scope="col">order</th><th scope="col">state</th><th scope="col">next try, or why not</th></tr></thead><tbody>
${found.map((each) => html`<tr><td class="soft nowrap">${shortTime(each.at, visit.now)}</td><td class="wrap"><a href="${at(visit, 'outbox', String(each.number))}">${CHANNEL_NAMES[each.channel]}: ${topicText(each)}</a></td><td class="soft">${recipientText(each)}</td><td>${orderLink(visit, each)}</td><td>${stateTagOf(each)}</td><td class="soft wrap">${nextOf(visit, each)}</td></tr>`)}
</tbody></table></div>`;
}

function orderLink(visit: Visit, { order, marketplace }: KeptAnnouncement): Markup | string {
  return order === '' ? '–' : html`<a href="${at(visit, 'orders', marketplace, order)}">${order}</a>`;
}

function nextOf({ now }: Visit, { due, tries, reason, state }: KeptAnnouncement): string {
  if (due !== null)
    return due <= now
      ? `now, after ${triesText(tries)}`
      : `${shortTime(due, now)}, after ${triesText(tries)}`;
  return state === 'sent' ? '' : (reason ?? '');
}

function triesText(tries: number): string {
  return tries === 1 ? '1 try' : `${tries} tries`;
}

export function announcementPage(
  visit: Visit,
  { announcement, tries }: AnnouncementStory,
  { mail, did }: { readonly mail: ComposedMail | undefined; readonly did: string | undefined },
): Markup {
  const { number, id, state, body, reason, due } = announcement;
  const own = (act: string) => at(visit, 'outbox', String(number), act);
  const isOpen = state === 'waiting' || state === 'held' || state === 'given-up';
  const mayGoAgain = state !== 'waiting' && state !== 'dropped';
  const title = `${CHANNEL_NAMES[announcement.channel]}: ${topicText(announcement)}`;
  return html`<nav class="small soft" aria-label="You are here"><a href="${at(visit, '')}">Overview</a> / <a href="${at(visit, 'outbox')}">Outbox</a> / ${number}</nav>
<div class="head"><h1 class="wrap">${title}</h1>${stateTagOf(announcement)}<span class="spacer"></span><div class="buttons">${mayGoAgain && html`<a class="button" data-dialog href="${own('send')}">${icon('again')}Send again…</a>`}${isOpen && html`<a class="button danger" data-dialog href="${own('drop')}">Drop…</a>`}</div></div>
<div class="stack">
${did !== undefined && html`<p class="notice good" role="status">${icon('check')}<span>${did}</span></p>`}
<section class="card" aria-label="The announcement"><dl class="facts">
<dt>To</dt><dd>${recipientText(announcement)}</dd>
<dt>Order</dt><dd>${orderLink(visit, announcement)}</dd>
<dt>Written</dt><dd>${momentOf(announcement.at)}</dd>
${due !== null && html`<dt>Next try</dt><dd>${momentOf(due)}</dd>`}
${reason !== null && html`<dt>Why</dt><dd class="wrap">${reason}</dd>`}
<dt>Id</dt><dd><code>${id}</code> <span class="soft small">the same at each try</span></dd></dl></section>
<section class="card" aria-labelledby="tries"><h2 id="tries">Tries</h2>${tries.length === 0 ? html`<p class="soft">Not tried yet.</p>` : html`<ol class="story">${[...tries].reverse().map((each) => html`<li><span class="mark ${each.outcome === 'sent' ? 'good' : 'bad'}">${icon(each.outcome === 'sent' ? 'check' : 'cross')}</span><div><p class="what">Try ${each.try}: ${outcomeText(each.outcome)}</p><p class="why wrap">${each.answer ?? 'The answer was deleted after the time that you keep events.'}</p></div><time datetime="${new Date(each.at).toISOString()}">${momentOf(each.at)}</time></li>`)}</ol>`}
${announcement.channel === 'mail' && state === 'sent' && html`<p class="soft small last">The relay took it. What bounces later goes to the mailbox of MAIL_FROM.</p>`}</section>
${mail !== undefined && html`<section class="card" aria-labelledby="mail"><h2 id="mail">The mail as it would go out now</h2><p>${mail.subject}</p><details class="more"><summary>The text</summary><pre class="text" tabindex="0">${mail.text}</pre></details></section>`}
${announcement.channel === 'webhook' && body !== null && html`<section class="card" aria-labelledby="body"><h2 id="body">The body, as it is signed</h2><pre class="text" tabindex="0">${Buffer.from(body).toString('utf8')}</pre></section>`}
</div>`;
}
