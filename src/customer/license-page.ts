/** The license page: the state in a sentence, the codes, what the customer has, the address. */
import { dayOf } from '../domain/values/day.ts';
import { html, type Markup } from '../html/markup.ts';
import { featuresIn } from '../message/features-in.ts';
import { downloadsCard } from './downloads-card.ts';
import { customerPage, dayIn, notice, type Pen, phrase } from './frame.ts';
import { type LicenseView, showsCode, UNITS_A_PAGE, type UnitView } from './license-view.ts';
import { enterIt, unitCard } from './unit-card.ts';
import { unitSentence } from './unit-sentence.ts';

export interface Shown {
  /** The path of the page, with its token. */
  readonly path: string;
  /** The link's last day, milliseconds since 1970-01-01. */
  readonly lastDay: number;
  readonly said: Markup | undefined;
}

export function licensePage(pen: Pen, view: LicenseView, { path, lastDay, said }: Shown): string {
  const { texts, shop } = pen;
  const [first] = view.units;
  if (first === undefined) throw new TypeError('a license page without a unit');
  const isOne = view.count === 1;
  // Of several, one that can be used says what was bought.
  const shown = view.units.find(({ state }) => showsCode(state)) ?? first;
  const title = isOne ? texts.say(`${first.state}.title`) : texts.say('several.title');
  const body = html`<div><h1>${title}</h1>${isOne && unitSentence(pen, view, first)}</div>
${said}
${view.units.map((unit) => unitCard(pen, view, unit, path))}
${!isOne && pager(view, path)}
${!isOne && html`<section class="card flow">${enterIt(pen, view)}${view.isBuyers && html`<p><a href="${path}/codes.csv" download>${texts.say('code.csv')}</a></p>`}</section>`}
${view.downloads !== undefined && downloadsCard(pen, view.product.name, view.downloads)}
${have(pen, view, shown)}
${view.address !== undefined && addressCard(pen, view, view.address, path)}`;
  const note = html`<span>${phrase(texts, 'until', { day: dayIn(texts, dayOf(lastDay)) })}</span>${shop.lostCode && html`<a href="/license">${texts.say('gone.ask')}</a>`}`;
  return customerPage(pen, { title, body, mode: view.mode, note, script: true });
}

function have({ texts }: Pen, view: LicenseView, first: UnitView): Markup {
  const { entitlement, license, state } = first;
  const features = featuresIn(entitlement.features, view.product.features);
  const sold = license.history[0]?.at;
  const about = [view.order, view.marketplace, sold !== undefined && dayIn(texts, dayOf(sold))];
  const renewals = renewalsOf(texts, first);
  const isOver = state === 'revoked' || state === 'suspended';
  return html`<section class="card" aria-labelledby="what"><h2 id="what">${texts.say('have.title')}</h2>
<dl class="facts">${view.isBuyers && html`<dt>${texts.say('have.order')}</dt><dd>${about.filter(Boolean).join(', ')}</dd>`}
<dt>${texts.say('have.license')}</dt><dd>${view.product.name}, ${view.count === 1 ? texts.say('have.one') : texts.say('have.licenses', { count: String(view.count) })}</dd>
${
  !isOver &&
  html`<dt>${texts.say('have.seats')}</dt><dd>${entitlement.seats === 0 ? texts.say('have.seats_any') : entitlement.seats}</dd>
${features.length > 0 && html`<dt>${texts.say('have.features')}</dt><dd>${features.join(', ')}</dd>`}
<dt>${texts.say('have.updates')}</dt><dd>${entitlement.updatesUntil === null ? texts.say('have.updates_all') : texts.say('have.updates_until', { day: dayIn(texts, entitlement.updatesUntil) })}</dd>`
}
${renewals.length > 0 && html`<dt>${texts.say('have.renewed')}</dt><dd>${renewals.map((line, place) => html`${place > 0 && html`<br>`}${line}`)}</dd>`}</dl></section>`;
}

/** The newest first; only of the newest the ledger's code says to which day. */
function renewalsOf(texts: Pen['texts'], { license, entitlement }: UnitView): readonly string[] {
  let revision = license.history[0]?.revision ?? 0;
  const renewed: string[] = [];
  for (const entry of license.history.slice(1)) {
    if (entry.revision === revision) continue;
    revision = entry.revision;
    // The end of a subscription makes a code of its own too.
    if (entry.to !== 'active') continue;
    const day = dayIn(texts, dayOf(entry.at));
    const until = entry.revision === license.revision ? entitlement.lastValid : null;
    renewed.unshift(
      until === null
        ? texts.say('have.renewed_on', { day })
        : texts.say('have.renewed_to', { day, until: dayIn(texts, until) }),
    );
  }
  return renewed;
}

function addressCard({ texts }: Pen, { isChanging }: LicenseView, address: string, path: string): Markup {
  return html`<section class="card flow" aria-labelledby="address"><h2 id="address">${texts.say('address.title')}</h2>
<p>${phrase(texts, 'address.is', { address: html`<strong>${address}</strong>` })}</p>
${isChanging && notice('good', texts.say('address.pending'))}
<details class="more"><summary>${texts.say('address.change')}</summary><p class="soft small">${texts.say('address.how')}</p>
<form class="fields" method="post" action="${path}/address"><div><label for="new-address">${texts.say('address.new')}</label><input id="new-address" name="email" type="email" autocomplete="email" maxlength="320" required></div>
<button class="button">${texts.say('address.send')}</button></form></details></section>`;
}

function pager({ count, units }: LicenseView, path: string): Markup | false {
  if (count <= UNITS_A_PAGE) return false;
  const starts = Array.from(
    { length: Math.ceil(count / UNITS_A_PAGE) },
    (_, page) => page * UNITS_A_PAGE + 1,
  );
  return html`<nav class="row small" aria-label="1–${count}">${starts.map((start) => {
    const text = `${start}–${Math.min(count, start + UNITS_A_PAGE - 1)}`;
    return start === units[0]?.number
      ? html`<strong aria-current="page">${text}</strong>`
      : html`<a href="${path}?from=${start}">${text}</a>`;
  })}</nav>`;
}
