/** What can be done about a check that is not done yet, beside the check. */
import { SEEN_CHECKS } from '../../doctor/seen.ts';
import { html, type Markup } from '../../html/markup.ts';
import { at, type Visit } from '../visit.ts';

/** The screen that has what a check is about. */
const SCREENS: Readonly<Record<string, readonly [string, string]>> = {
  outbox: ['outbox', 'Look at the outbox'],
  'failed events': ['events', 'Look at the events'],
  flags: ['', 'Look at what needs you'],
  'undelivered units': ['orders', 'Look at the orders'],
  'product files': ['products', 'Look at the products'],
  'sold products': ['products', 'Look at the products'],
  downloads: ['downloads', 'Look at the downloads'],
};

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
  if (UPKEEP_CHECKS.has(check)) return leading(visit, 'Do it', check);
  const [screen, label] = SCREENS[check] ?? [];
  return screen === undefined || label === undefined
    ? undefined
    : html`<p><a class="button small" href="${at(visit, screen)}">${label}</a></p>`;
}

function leading(visit: Visit, label: string, check?: string): Markup {
  return html`<p><a class="button small" href="${at(visit, 'upkeep')}">${label}${check !== undefined && html`<span class="hidden">: ${check}</span>`}</a></p>`;
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
