/** One unit of a license page: its code, how to enter it, to whom it was handed, a new code after a leak. */
import { icon } from '../html/icons.ts';
import { html, type Markup } from '../html/markup.ts';
import { type Pen, phrase } from './frame.ts';
import { type LicenseView, showsCode, type UnitState, type UnitView } from './license-view.ts';
import { unitSentence } from './unit-sentence.ts';

/** Below the page's own address. */
export function unitCard(pen: Pen, view: LicenseView, unit: UnitView, page: string): Markup {
  const { texts } = pen;
  const isOne = view.count === 1;
  const id = `unit-${unit.number}`;
  if (!showsCode(unit.state) && isOne) return html``;
  const heading = isOne
    ? texts.say('code.title')
    : texts.say('unit.heading', { number: String(unit.number), count: String(view.count) });
  return html`<section class="card flow" aria-labelledby="${id}"><div class="head"><h2 id="${id}">${heading}</h2>
${!isOne && stateTag(pen, unit.state)}<span class="spacer"></span>
${showsCode(unit.state) && html`<button class="button small primary" type="button" data-copy hidden>${icon('copy')}${texts.say('code.copy')}</button>`}</div>
${!isOne && unitSentence(pen, view, unit)}
${showsCode(unit.state) && codeOf(pen, unit, page)}
${isOne && enterIt(pen, view)}
${unit.handedTo !== undefined && (unit.state !== 'revoked' || unit.handedTo !== '') && handOn(pen, unit, page)}
${unit.reissuesLeft > 0 && newCode(pen, unit, page)}</section>`;
}

function codeOf({ texts }: Pen, { number, license }: UnitView, page: string): Markup {
  return html`<div class="codebox whole"><code>${license.code}</code></div><p class="hidden" role="status" data-copied="${texts.say('code.copied')}"></p>
<div class="row small"><a href="${page}/${number}.license" download>${texts.say('code.file')}</a></div>
<details class="more"><summary>${texts.say('code.qr')}</summary><img class="qr" src="${page}/${number}.svg" alt="${texts.say('code.title')}" width="240" height="240" loading="lazy"></details>`;
}

export function enterIt({ texts }: Pen, { product }: LicenseView): Markup {
  return html`<h3>${texts.say('code.how')}</h3><ol class="steps"><li>${phrase(texts, 'code.step_open', { product: html`<strong>${product.name}</strong>` })}</li><li>${texts.say('code.step_paste')}</li></ol>`;
}

function handOn({ texts }: Pen, unit: UnitView, page: string): Markup {
  const { number, handedTo = '', holderLink = '' } = unit;
  const field = `handed-${number}`;
  const form = html`<form class="fields" method="post" action="${page}/handed">
<input type="hidden" name="unit" value="${number}">
<div><label for="${field}">${texts.say('hand.label')}</label><p class="hint" id="${field}-hint">${texts.say('hand.hint')}</p><input id="${field}" name="note" value="${handedTo}" maxlength="80" autocomplete="off" aria-describedby="${field}-hint"></div>
<button class="button">${texts.say('hand.save')}</button></form>`;
  const more = html`<p class="soft small">${texts.say('hand.lead')}</p><p class="wrap small"><a href="${holderLink}" rel="nofollow">${texts.say('hand.link')}</a></p>${form}`;
  const title = handedTo === '' ? texts.say('hand.title') : `${texts.say('hand.label')}: ${handedTo}`;
  return html`<details class="more"><summary>${title}</summary>${more}</details>`;
}

function newCode({ texts }: Pen, { number, reissuesLeft }: UnitView, page: string): Markup {
  const field = `sure-${number}`;
  return html`<details class="more"><summary>${texts.say('leak.title')}</summary>
<p class="soft small">${texts.say('leak.lead')} ${texts.say('leak.left', { count: String(reissuesLeft) })}</p>
<form class="fields" method="post" action="${page}/reissue"><input type="hidden" name="unit" value="${number}">
<div class="check"><input type="checkbox" id="${field}" name="sure" value="yes" required><label for="${field}">${texts.say('leak.sure')}</label></div>
<button class="button danger">${texts.say('leak.button')}</button></form></details>`;
}

function stateTag({ texts }: Pen, state: UnitState): Markup {
  const shown = state === 'expired' ? 'ended' : state;
  return html`<span class="state ${shown}">${texts.say(`unit.state_${shown}`)}</span>`;
}
