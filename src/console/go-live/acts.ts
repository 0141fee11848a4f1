/** What can be done about a check that is not done yet, beside the check. */
import { SEEN_CHECKS } from '../../doctor/seen.ts';
import { html, type Markup } from '../../html/markup.ts';
import { fulfillmentAddresses, webhookAddress } from '../told-addresses.ts';
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
  if (check === 'marketplaces') return connecting(visit);
  const named = visit.parts.marketplaces.find(({ name }) => check.endsWith(` of ${name}`));
  if (named !== undefined && check.startsWith('requests')) return listed(fulfillmentAddresses(visit, named));
  if (named !== undefined && check.startsWith('events')) return listed([webhookAddress(visit, named)]);
  if (UPKEEP_CHECKS.has(check)) return leading(visit, 'Do it', check);
  const [screen, label] = SCREENS[check] ?? [];
  return screen === undefined || label === undefined
    ? undefined
    : html`<p><a class="button small" href="${at(visit, screen)}">${label}</a></p>`;
}

function listed(addresses: readonly string[]): Markup {
  return html`<p class="soft small">It has to be told:</p><ul>${addresses.map((address) => html`<li><code class="wrap">${address}</code></li>`)}</ul>`;
}

/** Secrets are no matter of a page: they are set where the service is started. */
function connecting(visit: Visit): Markup {
  return html`<details class="more"><summary>How to connect one</summary><ol class="flow">
<li>Put its settings into the file <code>.env</code> of the folder in which the service is started, readable by you alone, or where your platform keeps secrets.</li>
<li>Tell the marketplace the addresses below.${visit.parts.publicUrl === undefined && html` Set <code>PUBLIC_URL</code> too: <code>https://</code> and the name at which it reaches the service.`}</li>
<li>Start the service again, and look at this page again: its lines are here then.</li></ol>
${visit.parts.marketplaces.map((each) => html`<h4>${each.title}</h4><p class="soft small">Set ${each.goLive}.</p>${listed([...fulfillmentAddresses(visit, each), webhookAddress(visit, each)])}`)}</details>`;
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
