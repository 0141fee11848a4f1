/** Pages of a few words: nothing here, too old, a fault, a change of address. */
import type { AddressChange } from '../domain/ports/self-service.ts';
import { html } from '../html/markup.ts';
import { customerPage, type Pen } from './frame.ts';
import { lostCodeForm } from './lost-code-page.ts';

/** The page for a link that is invalid or expired, and the page for an internal error. */
export function wordPage(pen: Pen, what: 'gone' | 'fault' | 'over', request?: string): string {
  const { texts, shop } = pen;
  const title = texts.say(`${what}.title`);
  const ask = what !== 'fault' && shop.lostCode;
  const body = html`<div><h1>${title}</h1><p class="soft">${texts.say(`${what}.text`)}</p></div>
${ask && html`<p><a href="/license">${texts.say('gone.ask')}</a></p>`}
${request !== undefined && html`<p class="soft small"><code>${request}</code></p>`}`;
  return customerPage(pen, { title, body });
}

/** A genuine link that is too old or was withdrawn. */
export function oldPage(pen: Pen): string {
  const { texts, shop } = pen;
  const title = texts.say('old.title');
  const body = html`<div><h1>${title}</h1><p class="soft">${texts.say('old.text')}</p></div>
${shop.lostCode && lostCodeForm(pen)}`;
  return customerPage(pen, { title, body });
}

/** Asks before a change of address is confirmed or undone: a mail scanner opens links, and presses nothing. */
export function changePage(
  pen: Pen,
  purpose: 'confirm' | 'undo',
  { mode }: Pick<AddressChange, 'mode'>,
  product: string,
): string {
  const { texts } = pen;
  const title = texts.say(`${purpose}.title`);
  const body = html`<div><h1>${title}</h1><p class="soft">${texts.say(`${purpose}.text`, { product })}</p></div>
<section class="card"><form class="fields" method="post"><button class="button primary">${texts.say(`${purpose}.button`)}</button></form></section>`;
  return customerPage(pen, { title, body, mode });
}

export function changedPage(pen: Pen, purpose: 'confirm' | 'undo'): string {
  const { texts } = pen;
  const title = texts.say(`${purpose}.done_title`);
  const body = html`<div><h1>${title}</h1><p class="soft">${texts.say(`${purpose}.done`)}</p></div>`;
  return customerPage(pen, { title, body });
}
