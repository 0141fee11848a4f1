/** What can be done about a check that is not done yet, beside the check. */
import { SEEN_CHECKS } from '../../doctor/seen.ts';
import { html, type Markup } from '../../html/markup.ts';
import { at, type Visit } from '../visit.ts';

const UPKEEP_CHECKS: ReadonlySet<string> = new Set([
  'backup of the keys',
  'backup of the shop',
  'check of the ledger',
]);

export function actOf(visit: Visit, check: string): Markup | undefined {
  if (check === SEEN_CHECKS.mail) return mail(visit);
  if (check === SEEN_CHECKS.order) return order(visit);
  if (check === 'signing keys' && !visit.parts.upkeep.keys().some(({ mode }) => mode === 'live'))
    return leading(visit, 'Make the live key');
  return UPKEEP_CHECKS.has(check) ? leading(visit, 'Do it') : undefined;
}

function leading(visit: Visit, label: string): Markup {
  return html`<p><a class="button small" href="${at(visit, 'upkeep')}">${label}</a></p>`;
}

function seen(visit: Visit, what: string, label: string): Markup {
  return html`<form class="plain" method="post" action="${at(visit, 'upkeep', 'seen', what)}"><button class="button small" type="submit">${label}</button></form>`;
}

function mail(visit: Visit): Markup {
  return html`<form class="filters" method="post" action="${at(visit, 'upkeep', 'mail')}"><div><label for="address">Your address</label><input id="address" name="address" type="email" required maxlength="254" autocomplete="email"></div><div class="buttons"><button class="button small" type="submit">Send a test mail</button></div></form>
${seen(visit, 'mail', 'It arrived')}`;
}

function order(visit: Visit): Markup {
  const tryIt =
    visit.parts.simulator &&
    html`<form class="plain" method="post" action="/console/test/try"><button class="button small" type="submit">Make a test order</button></form>`;
  return html`${tryIt}${seen(visit, 'order', 'The code came, and my program takes it')}`;
}
