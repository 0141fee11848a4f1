/** The state of a unit in a sentence: to which day it is valid, what renews it, what is to be done. */
import { href } from '../html/href.ts';
import { html, type Markup } from '../html/markup.ts';
import { dayIn, helpLink, type Pen, phrase } from './frame.ts';
import type { LicenseView, UnitView } from './license-view.ts';

export function unitSentence(
  { texts, shop }: Pen,
  view: LicenseView,
  { state, entitlement }: UnitView,
): Markup {
  const { lastValid } = entitlement;
  const day = lastValid !== null && html`<strong>${dayIn(texts, lastValid)}</strong>`;
  const renew =
    view.renewUrl !== undefined &&
    html` ${phrase(texts, 'active.renew', { link: html`<a href="${href(view.renewUrl)}">${view.renewUrl.replace(/^https:\/\//, '')}</a>` })}`;
  const help = { help: helpLink(shop) };
  switch (state) {
    case 'active': {
      if (day === false) return html`<p class="soft">${texts.say('active.for_good')}</p>`;
      const { renews } = view;
      const next =
        renews === 'nothing'
          ? renew
          : html` ${texts.say(renews === 'subscription' ? 'active.renewing' : 'active.canceled')}`;
      return html`<p class="soft">${phrase(texts, 'active.until', { day })}${next}</p>`;
    }
    case 'expired':
      return html`<p class="soft">${phrase(texts, 'ended.text', { day })}${renew}</p>`;
    case 'ended':
      return day === false
        ? html`<p class="soft">${texts.say('ended.no_day')}${renew}</p>`
        : html`<p class="soft">${phrase(texts, 'ended.text', { day })}${renew}</p>`;
    case 'suspended':
    case 'revoked':
      return html`<p class="soft">${texts.say(`${state}.text`)} ${phrase(texts, `${state}.help`, help)}</p>`;
  }
}
