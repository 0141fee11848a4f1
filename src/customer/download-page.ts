/** The pages at the address of a download that sends no file: why not, or which files the newest release has. */
import type { DownloadWord, ShownDownload } from '../domain/requests/offer.ts';
import { Assets } from '../html/assets.ts';
import { html } from '../html/markup.ts';
import { PAGE_HEADERS, PAGE_POLICY } from '../html/policy.ts';
import type { Context } from '../http/edge/request.ts';
import { filesOf } from './downloads-card.ts';
import { customerPage, dayIn, helpLink, type Pen, phrase } from './frame.ts';
import { CUSTOMER_ASSETS, lookOf } from './look.ts';
import { lostCodeForm } from './lost-code-page.ts';
import type { CustomerParts } from './parts.ts';
import { textsFor } from './texts.ts';
import { wordPage } from './word-page.ts';

export function createDownloadPages({
  shop,
  findProduct,
}: Pick<CustomerParts, 'shop' | 'findProduct'>): (context: Context, shown: ShownDownload) => Promise<void> {
  const assets = new Assets(CUSTOMER_ASSETS);
  const look = lookOf(shop);
  return async (context, shown) => {
    const pen = { texts: textsFor(shop.texts, context.get('Accept-Language')), shop, assets, look };
    context.set(PAGE_HEADERS as Record<string, string>);
    context.set('Content-Security-Policy', PAGE_POLICY);
    context.set('Vary', 'Accept-Language');
    context.status = 'word' in shown ? shown.status : 200;
    context.type = 'html';
    context.body =
      'word' in shown
        ? pageOfWord(pen, shown.word)
        : newestPage(pen, findProduct(shown.product)?.name ?? shown.product, shown);
  };
}

function pageOfWord(pen: Pen, word: DownloadWord): string {
  const { texts, shop } = pen;
  const help = { help: helpLink(shop) };
  switch (word) {
    case 'gone':
      return wordPage(pen, 'gone');
    case 'old': {
      const title = texts.say('old.title');
      const body = html`<div><h1>${title}</h1><p class="soft">${texts.say('download.old')}</p></div>
${shop.lostCode && lostCodeForm(pen)}`;
      return customerPage(pen, { title, body });
    }
    case 'suspended': {
      const title = texts.say('suspended.title');
      const body = html`<div><h1>${title}</h1><p class="soft">${texts.say('suspended.text')} ${phrase(texts, 'suspended.help', help)}</p></div>`;
      return customerPage(pen, { title, body });
    }
    default: {
      const title = texts.say(`download.${word}_title`);
      const body = html`<div><h1>${title}</h1><p class="soft">${phrase(texts, `download.${word}`, help)}</p></div>`;
      return customerPage(pen, { title, body });
    }
  }
}

function newestPage(pen: Pen, name: string, { offer }: Extract<ShownDownload, { offer: unknown }>): string {
  const { texts } = pen;
  const [newest] = offer.included;
  if (newest === undefined) return wordPage(pen, 'gone');
  const about = { product: name, version: newest.version, day: dayIn(texts, newest.day) };
  const title = texts.say('downloads.newest', about);
  const body = html`<div><h1>${title}</h1>${newest.notes !== undefined && html`<p class="soft prewrap">${newest.notes}</p>`}</div>
<section class="card flow">${filesOf(pen, name, newest)}</section>`;
  return customerPage(pen, { title, body });
}
