/** The settings screen. */
import type { ConsoleEntry, Passkey, Session } from '../../domain/ports/console-access.ts';
import { dayOf } from '../../domain/values/day.ts';
import { href } from '../../html/href.ts';
import { icon } from '../../html/icons.ts';
import { html, type Markup } from '../../html/markup.ts';
import { LINK_COMMAND } from '../access/door.ts';
import { passkeyForm } from '../access/door-page.ts';
import { ago, clock, longDay } from '../text.ts';
import { at, type Visit } from '../visit.ts';
import type { Looks } from './looks.ts';

export interface SettingsValues {
  readonly passkeys: readonly Passkey[];
  readonly sessions: readonly Session[];
  readonly entries: readonly ConsoleEntry[];
  readonly looks: Looks;
  /** Whether browsers offer passkeys at this address. `named` is an address at which they do. */
  readonly canAdd: boolean;
  readonly named: string;
  readonly did: string | undefined;
}

export function settingsPage(visit: Visit, values: SettingsValues): Markup {
  const { did } = values;
  return html`<div class="head"><h1>Settings</h1><p class="soft">you are ${visit.session.person}</p><span class="spacer"></span><form class="plain" method="post" action="/console/out"><button class="button" type="submit">Sign out</button></form></div>
<div class="stack">
${did !== undefined && html`<p class="notice good" role="status">${icon('check')}<span>${did}</span></p>`}
${passkeys(visit, values)}
${sessions(visit, values)}
${look(visit, values)}
${shortcuts()}
${set(visit)}
${history(values)}
</div>`;
}

function passkeys(visit: Visit, { passkeys: all, canAdd, named }: SettingsValues): Markup {
  const only = all.length === 1;
  const row = ({ id, person, name, usedAt, madeAt }: Passkey) =>
    html`<tr><td>${person}</td><td class="wrap">${name}</td><td class="soft">${usedAt === null ? `made ${ago(madeAt, visit.now)}` : `used ${ago(usedAt, visit.now)}`}</td><td class="end"><form class="plain" method="post" action="${at(visit, 'settings', 'passkeys', 'remove')}"><input type="hidden" name="passkey" value="${id}"><button class="button small danger" type="submit">Remove<span class="hidden"> ${name} of ${person}</span></button></form></td></tr>`;
  return html`<section class="card flow" aria-labelledby="who"><h2 id="who">Who gets in</h2>
${all.length === 0 ? html`<p>Nobody has a passkey yet. Add one: until then each way in needs the command line.</p>` : html`<div class="scroll" tabindex="0" role="group" aria-label="Passkeys"><table><thead><tr><th scope="col">person</th><th scope="col">passkey</th><th scope="col">last use</th><th scope="col"><span class="hidden">decide</span></th></tr></thead><tbody>${all.map(row)}</tbody></table></div>`}
${only && html`<p class="hint">It is the last one. Without it, a link of the command line lets you in:</p>`}
<div class="command"><code>${LINK_COMMAND} --name Ada</code><button class="button small" type="button" data-copy hidden>${icon('copy')}Copy</button></div>
<p class="hint">This lets somebody else in, too: once, within 10 minutes.</p>
${canAdd ? passkeyForm(`/console/${visit.mode}/settings`) : html`<p class="hint">Passkeys need an address with a name: <a href="${href(named)}">${named}</a></p>`}</section>`;
}

function sessions(visit: Visit, { sessions: all }: SettingsValues): Markup {
  const mine = Buffer.from(visit.session.digest).toString('hex');
  const row = ({ digest, person, passkey, openedAt, usedAt }: Session) => {
    const name = Buffer.from(digest).toString('hex');
    return html`<tr><td>${person}${name === mine && html` <span class="soft">(this one)</span>`}</td><td class="soft">${passkey === null ? 'by a link' : 'by a passkey'}</td><td class="soft nowrap">${ago(openedAt, visit.now)}</td><td class="soft nowrap">${ago(usedAt, visit.now)}</td><td class="end"><form class="plain" method="post" action="${at(visit, 'settings', 'sessions', 'end')}"><input type="hidden" name="session" value="${name}"><button class="button small" type="submit">End<span class="hidden"> the session of ${person}, opened ${ago(openedAt, visit.now)}</span></button></form></td></tr>`;
  };
  return html`<section class="card flow" aria-labelledby="sessions"><div class="head"><h2 id="sessions">Sessions</h2><span class="spacer"></span>${all.length > 1 && html`<form class="plain" method="post" action="${at(visit, 'settings', 'sessions', 'end')}"><input type="hidden" name="session" value="others"><button class="button small" type="submit">End all others</button></form>`}</div>
<div class="scroll" tabindex="0" role="group" aria-label="Sessions, as a table"><table><thead><tr><th scope="col">person</th><th scope="col">way in</th><th scope="col">opened</th><th scope="col">last use</th><th scope="col"><span class="hidden">decide</span></th></tr></thead><tbody>${all.map(row)}</tbody></table></div></section>`;
}

function look(visit: Visit, { looks: { theme, shortcuts: on } }: SettingsValues): Markup {
  const option = (value: string, label: string) =>
    html`<option value="${value}"${value === (theme ?? 'system') && html` selected`}>${label}</option>`;
  return html`<section class="card" aria-labelledby="looks"><h2 id="looks">This browser</h2><form class="filters" method="post" action="${at(visit, 'settings', 'looks')}">
<div><label for="theme">Theme</label><select id="theme" name="theme">${option('system', 'as the system')}${option('light', 'light')}${option('dark', 'dark')}</select></div>
<div><label for="keys-on">Shortcuts</label><select id="keys-on" name="shortcuts"><option value="on">on</option><option value="off"${on === 'off' && html` selected`}>off</option></select></div>
<div class="buttons"><button class="button" type="submit">Save</button></div></form></section>`;
}

const KEYS = [
  ['/', 'search'],
  ['g o', 'overview'],
  ['g r', 'orders'],
  ['g l', 'licenses'],
  ['g e', 'events'],
  ['g x', 'outbox'],
  ['g v', 'go live'],
  ['j', 'next row'],
  ['k', 'row before'],
  ['Enter', 'open'],
  ['?', 'these'],
  ['Esc', 'close'],
] as const;

function shortcuts(): Markup {
  return html`<section class="card" aria-labelledby="shortcuts"><h2 id="shortcuts">Shortcuts</h2><dl class="keys">${KEYS.map(([key, does]) => html`<dt>${key.split(' ').map((each) => html`<kbd>${each}</kbd> `)}</dt><dd>${does}</dd>`)}</dl></section>`;
}

function set({ parts }: Visit): Markup {
  const names = (wanted: boolean) => {
    const found = parts.settings.filter(({ isSet }) => isSet === wanted);
    return html`<ul class="names">${found.map(({ name }) => html`<li><code>${name}</code></li>`)}</ul>`;
  };
  return html`<section class="card flow" aria-labelledby="set"><h2 id="set">What is set</h2><p class="hint">Never a value: docs/settings.md says what each means. A change counts from the next start of the service.</p>
${parts.settings.some(({ isSet }) => isSet) ? names(true) : html`<p class="soft">Nothing: each setting has its default.</p>`}
<details class="more"><summary>What is not set</summary>${names(false)}</details></section>`;
}

function history({ entries }: SettingsValues): Markup {
  return html`<section class="card" aria-labelledby="done"><h2 id="done">What was done in the console</h2>
${entries.length === 0 ? html`<p class="soft">Nothing yet.</p>` : html`<div class="scroll figures" tabindex="0" role="group" aria-label="What was done, as a table"><table><thead><tr><th scope="col">when, UTC</th><th scope="col">who</th><th scope="col">what</th></tr></thead><tbody>${entries.map(({ at: moment, person, what }) => html`<tr><td class="soft nowrap">${longDay(dayOf(moment))}, ${clock(moment)}</td><td>${person}</td><td class="wrap">${what}</td></tr>`)}</tbody></table></div>`}</section>`;
}
