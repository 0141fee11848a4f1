/** The state of a license: a word, a color and a shape of its own. */
import type { LicenseState } from '../domain/values/license.ts';
import { html, type Markup } from '../html/markup.ts';

const NAMES: Readonly<Record<LicenseState, string>> = {
  active: 'Active',
  suspended: 'Suspended',
  ended: 'Ended',
  revoked: 'Revoked',
};

export const STATES = ['active', 'suspended', 'ended', 'revoked'] as const;

export function stateTag(state: LicenseState): Markup {
  return html`<span class="state ${state}">${NAMES[state]}</span>`;
}

/** The states of an order's licenses; what is not active comes first. */
export function stateTags(licenses: Readonly<Record<LicenseState, number>>): Markup {
  const present = STATES.filter((state) => licenses[state] > 0);
  return html`${present.map((state) => html`${stateTag(state)} `)}`;
}
