/** The frame of every page for customers: the seller's name, the page, the small print. */
import type { Mode } from '../domain/values/order.ts';
import type { Assets } from '../html/assets.ts';
import { documentOf } from '../html/document.ts';
import { href } from '../html/href.ts';
import { type Hole, html, type Markup } from '../html/markup.ts';
import { formatDay } from '../message/format-day.ts';
import { languageOf } from '../message/languages.ts';
import type { Look } from './look.ts';
import type { Shop } from './shop.ts';
import type { Texts } from './texts.ts';

/** What a page is written with. */
export interface Pen {
  readonly texts: Texts;
  readonly shop: Shop;
  readonly assets: Pick<Assets, 'pathOf'>;
  readonly look: Look;
}

/** A text with markup for its names in braces. */
export function phrase(texts: Texts, key: string, values: Readonly<Record<string, Hole>> = {}): Markup {
  const pieces = texts.pattern(key).split(/(\{\w+\})/);
  return html`${pieces.map((piece) => {
    const name = /^\{(\w+)\}$/.exec(piece)?.[1];
    return name !== undefined && name in values ? values[name] : piece;
  })}`;
}

export function dayIn(texts: Texts, day: string): string {
  return formatDay(day, undefined, languageOf(texts.language));
}

/** The seller's help as a link. */
export function helpLink({ help }: Pick<Shop, 'help'>): Markup {
  const address = help.startsWith('https:') ? help : `mailto:${help}`;
  return html`<a href="${href(address)}">${help.replace(/^https:\/\//, '')}</a>`;
}

export interface CustomerPage {
  readonly title: string;
  readonly body: Markup;
  readonly mode?: Mode | undefined;
  /** In the small print, before the help. */
  readonly note?: Markup | undefined;
  readonly script?: boolean;
}

export function customerPage({ texts, shop, assets, look }: Pen, page: CustomerPage): string {
  const picture = look.picture && html`<img src="${look.picture.path}" alt="" width="42" height="42">`;
  const body = html`<main id="main">
<header class="top">${picture}<p>${shop.name}</p></header>
${page.mode === 'test' && html`<p class="notice">${texts.say('test_order')}</p>`}
${page.body}
<footer>${page.note}<span>${phrase(texts, 'questions', { help: helpLink(shop) })}</span><span>${texts.say('made_with')}</span></footer>
</main>`;
  return documentOf({
    title: `${page.title} · ${shop.name}`,
    assets,
    scripts: page.script === true ? ['license.js'] : [],
    customer: {
      language: texts.language,
      skip: texts.say('skip'),
      styles: look.style === undefined ? [] : [look.style.path],
      icon: look.picture?.path,
    },
    body,
  });
}

/** A word about what was done, or could not be. */
export function notice(kind: 'good' | 'bad', text: Hole): Markup {
  return html`<div class="notice ${kind}" role="status"><p>${text}</p></div>`;
}
