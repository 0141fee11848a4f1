/** A whole document: the head of every page, and the theme that a person chose. */
import type { Assets } from './assets.ts';
import { SPRITE } from './icons.ts';
import { html, type Markup } from './markup.ts';

export interface DocumentContent {
  readonly title: string;
  /** Absent: the page has all in itself (`inline`). */
  readonly assets?: Pick<Assets, 'pathOf'>;
  /** The style sheet of a page that loads no file. */
  readonly inline?: Markup | undefined;
  /** The browser loads this address after so many seconds, without script. */
  readonly reload?: { readonly seconds: number; readonly address: string } | undefined;
  /** `light` and `dark` override what the system says. */
  readonly theme?: 'light' | 'dark' | undefined;
  /** Shown by favicon, color and a band. */
  readonly mode?: 'live' | 'test' | undefined;
  readonly scripts?: readonly ('console.js' | 'passkey.js' | 'license.js')[];
  /** Of a page for customers; else it is the console's. */
  readonly customer?: CustomerLook | undefined;
  /** Shortcuts of one key are off. */
  readonly noShortcuts?: boolean | undefined;
  readonly body: Markup;
}

/** What makes a page a customer's. */
export interface CustomerLook {
  readonly language: string;
  /** The words of the skip link. */
  readonly skip: string;
  /** Further style sheets, by their addresses. */
  readonly styles: readonly string[];
  readonly icon: string | undefined;
}

export function documentOf({
  title,
  assets,
  inline,
  reload,
  theme,
  mode,
  scripts = [],
  noShortcuts,
  customer,
  body,
}: DocumentContent): string {
  const themed = theme === undefined ? '' : html` data-theme="${theme}"`;
  const of = customer
    ? html` class="customer"`
    : html` data-mode="${mode ?? 'none'}" data-shortcuts="${noShortcuts ? 'off' : 'on'}"`;
  return String(html`<!doctype html>
<html lang="${customer?.language ?? 'en'}"${themed}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${reload && html`<meta http-equiv="refresh" content="${reload.seconds};url=${reload.address}">`}
<title>${title}</title>
<link rel="icon" href="${customer?.icon ?? assets?.pathOf(mode === 'test' ? 'test.svg' : 'live.svg') ?? 'data:,'}">
${inline === undefined ? html`<link rel="stylesheet" href="${assets?.pathOf('mintmark.css')}">` : html`<style>${inline}</style>`}
${customer?.styles.map((style) => html`<link rel="stylesheet" href="${style}">`)}
${scripts.map((script) => html`<script type="module" src="${assets?.pathOf(script)}"></script>`)}
</head>
<body${of}>
<a class="skip" href="#main">${customer?.skip ?? 'Skip to content'}</a>
${SPRITE}
${body}
</body>
</html>
`);
}

/** The sign of Mintmark. */
export const LOGO = html`<svg viewBox="0 0 32 32" aria-hidden="true" fill="none" stroke="currentColor"><circle cx="16" cy="16" r="14" stroke-width="2.6" stroke-dasharray="1.6 1.0605"/><circle cx="16" cy="16" r="11.2" stroke-width="1.3"/><path d="M10.6 20.8v-9.4l5.4 6.2 5.4-6.2v9.4" stroke-width="2.1" stroke-linejoin="round" stroke-linecap="round"/></svg>`;
