/** The frame of every screen: the head with the mode and the search, the navigation, the foot. */
import type { Attention } from '../domain/ports/ledger-reader.ts';
import type { Mode } from '../domain/values/order.ts';
import { documentOf, LOGO } from '../html/document.ts';
import { type IconName, icon } from '../html/icons.ts';
import { html, type Markup } from '../html/markup.ts';
import { chosenLooks } from './settings/looks.ts';
import type { NavName, Visit } from './visit.ts';

const NAV: readonly { readonly name: NavName; readonly icon: IconName; readonly label: string }[] = [
  { name: 'overview', icon: 'home', label: 'Overview' },
  { name: 'orders', icon: 'order', label: 'Orders' },
  { name: 'licenses', icon: 'key', label: 'Licenses' },
  { name: 'events', icon: 'event', label: 'Events' },
  { name: 'outbox', icon: 'out', label: 'Outbox' },
  { name: 'products', icon: 'box', label: 'Products' },
  { name: 'downloads', icon: 'down', label: 'Downloads' },
];

const LOWER: typeof NAV = [
  { name: 'go-live', icon: 'list', label: 'Go live' },
  { name: 'upkeep', icon: 'again', label: 'Upkeep' },
  { name: 'settings', icon: 'gear', label: 'Settings' },
];

const MODE_NAMES: Readonly<Record<Mode, string>> = { live: 'Live', test: 'Test' };

export interface Framed {
  readonly title: string;
  readonly nav?: NavName | undefined;
  readonly body: Markup;
  readonly counterpart?: string | undefined;
  readonly script?: 'passkey.js' | undefined;
  readonly searched?: string | undefined;
}

export function framed(
  { assets, context, mode, parts }: Pick<Visit, 'assets' | 'context' | 'mode' | 'parts'>,
  { title, nav, body, counterpart = '', script, searched }: Framed,
  attention: Attention | undefined,
): string {
  const link = ({ name, icon: sign, label }: (typeof NAV)[number]) => {
    const path = name === 'overview' ? '' : name;
    const current = nav === name ? html` aria-current="page"` : '';
    const [count, what] =
      name === 'events'
        ? [attention?.failedEvents ?? 0, 'failed']
        : name === 'outbox'
          ? [attention?.stuckAnnouncements ?? 0, 'not sent']
          : [0, ''];
    return html`<li><a href="/console/${mode}/${path}"${current}>${icon(sign)}${label}${count > 0 && html`<span class="count bad"><span class="hidden">: </span>${count}<span class="hidden"> ${what}</span></span>`}</a></li>`;
  };
  const switched = (to: Mode) =>
    html`<a href="/console/${to}/${counterpart}"${mode === to ? html` aria-current="true"` : ''}>${MODE_NAMES[to]}</a>`;
  const page = html`<header class="lid"><div class="bar">
<a class="brand" href="/console/${mode}/">${LOGO}Mintmark</a>
<nav class="modes" aria-label="Mode">${switched('live')}${switched('test')}</nav>
<form class="search" role="search" method="post" action="/console/${mode}/search"><label class="hidden" for="q">Search</label>${icon('find')}<input id="q" name="q" type="search" value="${searched ?? ''}" placeholder="Order, e-mail, license id or code" autocomplete="off" spellcheck="false" maxlength="20000"><kbd aria-hidden="true">/</kbd><button type="submit">Search</button></form>
<p class="who">${new URL(parts.origin()).host}</p>
</div><p class="band">Test mode: these orders come from the simulator and the sandbox. Nothing here was sold, and no released program accepts its codes.</p></header>
<div class="frame">
<nav class="side" aria-label="Console"><ul>${NAV.map(link)}</ul><hr><ul>${LOWER.map(link)}</ul></nav>
<main id="main">
${body}
<p class="hidden" role="status" id="said"></p>
</main>
</div>`;
  const { theme, shortcuts } = chosenLooks(context);
  return documentOf({
    title: `${title} · ${MODE_NAMES[mode]} · Mintmark`,
    assets,
    theme,
    mode,
    noShortcuts: shortcuts === 'off',
    scripts: script === undefined ? ['console.js'] : ['console.js', script],
    body: page,
  });
}
