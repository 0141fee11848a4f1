/** The page of a lost code. After the form was sent it is the same page whatever was typed. */
import { icon } from '../html/icons.ts';
import { html, type Markup } from '../html/markup.ts';
import { customerPage, helpLink, notice, type Pen, phrase } from './frame.ts';

export type LostCodeSaid = 'asked' | 'unfit' | 'busy';

export function lostCodePage(pen: Pen, said?: LostCodeSaid): string {
  const { texts } = pen;
  const title = texts.say('lost.title');
  const body = html`<div><h1>${title}</h1><p class="soft">${texts.say('lost.lead')}</p></div>
${said !== undefined && said !== 'asked' && notice('bad', texts.say(`lost.${said}`))}
${lostCodeForm(pen)}
${said === 'asked' && comesNext(pen)}`;
  return customerPage(pen, { title, body });
}

/** The form by itself: a page whose link is too old has it too. */
export function lostCodeForm({ texts }: Pen): Markup {
  return html`<section class="card"><form class="fields" method="post" action="/license">
<div><label for="order">${texts.say('lost.order')}</label><p class="hint" id="order-hint">${texts.say('lost.order_hint')}</p><input id="order" name="order" aria-describedby="order-hint" autocomplete="off" maxlength="200" required></div>
<div><label for="email">${texts.say('lost.email')}</label><input id="email" name="email" type="email" autocomplete="email" maxlength="320" required></div>
<button class="button primary">${texts.say('lost.send')}</button></form></section>`;
}

function comesNext({ texts, shop }: Pen): Markup {
  return html`<section class="card flow" aria-labelledby="after"><h2 id="after">${texts.say('lost.next')}</h2>
<div class="notice good" role="status">${icon('mail')}<p>${texts.say('lost.done')}</p></div>
<p class="soft small">${texts.say('lost.always')} ${phrase(texts, 'lost.no_mail', { help: helpLink(shop) })}</p></section>`;
}
