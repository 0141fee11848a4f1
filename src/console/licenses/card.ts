/** A license with its code and its decisions, as the order's page and its own page show it. */
import type { LicenseStory } from '../../domain/ledger.ts';
import { icon } from '../../html/icons.ts';
import { html, type Markup } from '../../html/markup.ts';
import { formatLicenseId } from '../../license-code/license-id.ts';
import { actsFor } from '../decisions/acts.ts';
import { stateTag } from '../state-tag.ts';
import { longDay } from '../text.ts';
import { at, type Visit } from '../visit.ts';

export function licenseCard(visit: Visit, license: LicenseStory): Markup {
  const { unit, state, revision, code, reissue } = license;
  const id = formatLicenseId(license.id);
  const entitlement = visit.parts.minter.entitlementOf(code);
  const { lastValid, updatesUntil, seats, features } = entitlement;
  const names = visit.parts.catalog.get(license.product)?.features ?? [];
  const switchedOn = names.filter((_, bit) => (features & (1 << bit)) !== 0);
  const label = reissue === 0 ? `Unit ${unit}` : `Unit ${unit}, replacement ${reissue}`;
  return html`<article class="license" aria-label="${label}"><header><h3>${label}</h3>${stateTag(state)}<span class="spacer"></span><span class="soft small">revision ${revision}</span></header>
<dl class="facts"><dt>Valid to</dt><dd>${lastValid === null ? 'for good' : longDay(lastValid)}</dd><dt>Updates</dt><dd>${updatesUntil === null ? 'for good' : longDay(updatesUntil)}</dd><dt>Seats</dt><dd>${seats === 0 ? 'unlimited' : seats}</dd>${switchedOn.length > 0 && html`<dt>Features</dt><dd>${switchedOn.join(', ')}</dd>`}<dt>License</dt><dd><a class="mono" href="${at(visit, 'licenses', id)}">${id.slice(0, 8)}…</a></dd></dl>
<div class="codebox"><code title="License code">${code}</code><button class="button small" type="button" data-copy hidden>${icon('copy')}Copy<span class="hidden"> the code of unit ${unit}</span></button></div>
<div class="buttons">${actsFor(license, entitlement).map(({ act, label: name, isDanger }) => html`<a class="button small${isDanger && ' danger'}" data-dialog href="${at(visit, 'licenses', id, act)}">${name}…<span class="hidden"> unit ${unit}</span></a>`)}</div></article>`;
}
