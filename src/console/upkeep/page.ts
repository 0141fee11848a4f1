/** The upkeep screen: the ledger's check, backups, keys. */
import { icon } from '../../html/icons.ts';
import { html, type Markup } from '../../html/markup.ts';
import type { KeyEntry } from '../../keyring/keyring.ts';
import { ago, grouped, groupedThings } from '../text.ts';
import { at, type Visit } from '../visit.ts';
import type { Upkeep } from './upkeep.ts';

export function upkeepPage(visit: Visit, upkeep: Upkeep, did: string | undefined): Markup {
  return html`<div class="head"><h1>Upkeep</h1><p class="soft">what keeps the shop sound</p><span class="spacer"></span><a class="button" href="${at(visit, 'jobs')}">What takes long</a></div>
<div class="stack">
${did !== undefined && html`<p class="notice good" role="status">${icon('check')}<span>${did}</span></p>`}
${check(visit, upkeep)}
${backups(visit, upkeep)}
${keys(visit, upkeep)}
</div>`;
}

const since = (visit: Visit, at: string) => ago(Date.parse(at), visit.now);

function check(visit: Visit, { noted }: Upkeep): Markup {
  const { check: last } = noted();
  const found = last?.faults === 0 ? 'no faults' : groupedThings(last?.faults ?? 0, 'fault');
  return html`<section class="card flow" aria-labelledby="check"><h2 id="check">Check of the ledger</h2>
<p>${last === undefined ? 'It was never checked.' : `The last one was ${since(visit, last.at)}: ${groupedThings(last.licenses, 'license')}, ${found}.`}</p>
<p class="hint">Every row is compared with its seal: edited, lost and added rows are found. Sales go on meanwhile.</p>
<form class="plain" method="post" action="${at(visit, 'upkeep', 'check')}"><button class="button" type="submit">Check now</button></form></section>`;
}

function backups(visit: Visit, { noted, backups: made, backupFolder, hasPassphrase }: Upkeep): Markup {
  const { shopAt, keysAt } = noted();
  const all = made();
  return html`<section class="card flow" aria-labelledby="backups"><h2 id="backups">Backups</h2>
<p>${shopAt === undefined ? 'The shop was never backed up.' : `The shop was backed up ${since(visit, shopAt)}.`} ${keysAt === undefined ? 'The keys were never backed up.' : `The keys were backed up ${since(visit, keysAt)}.`}</p>
<form class="flow" method="post" action="${at(visit, 'upkeep', 'backup')}"><div><label for="passphrase">Passphrase</label><p class="hint" id="passphrase-hint">At least 12 characters; keep it where the backup is not.${hasPassphrase && ' Left empty, that of the settings is taken.'}</p><input id="passphrase" name="passphrase" type="password" autocomplete="new-password" maxlength="1000"${!hasPassphrase && html` required`} aria-describedby="passphrase-hint"></div>
<div class="buttons"><button class="button primary" type="submit" name="kind" value="shop">Back up the shop</button><button class="button" type="submit" name="kind" value="keys">Back up the keys alone</button></div></form>
<p class="hint">One encrypted file in <code>${backupFolder}</code>. The shop is keys, products, settings without secrets and the ledger.</p>
${
  all.length > 0 &&
  html`<div class="scroll figures" tabindex="0" role="group" aria-label="Backups, as a table"><table><thead><tr><th scope="col">file</th><th scope="col" class="end">size</th></tr></thead><tbody>${all.map(({ name, bytes }) => html`<tr><td class="wrap"><a href="${at(visit, 'upkeep', 'backups', name)}" download>${name}</a></td><td class="end nowrap">${grouped(Math.ceil(bytes / 1024))} KiB</td></tr>`)}</tbody></table></div>`
}
<form class="plain" method="post" action="${at(visit, 'upkeep', 'elsewhere')}"><button class="button small" type="submit">I backed up the keys elsewhere</button></form></section>`;
}

const KEY_STATES: Readonly<Record<KeyEntry['state'], string>> = {
  active: 'signs',
  next: 'is prepared, and signs nothing yet',
  retired: 'signs nothing any more; its codes stay valid',
};

function keys(visit: Visit, upkeep: Upkeep): Markup {
  const all = upkeep.keys();
  const missing = upkeep.keysNotBackedUp();
  const row = ({ id, mode, state, created }: KeyEntry) =>
    html`<tr><td>key ${id}</td><td>${mode}</td><td>${KEY_STATES[state]}${missing.includes(id) && html`<br><span class="soft">in no backup</span>`}</td><td class="soft nowrap">${created}</td><td class="end"><a class="button small danger" href="${at(visit, 'upkeep', 'keys', String(id), 'compromised')}">It leaked…<span class="hidden"> key ${id}</span></a></td></tr>`;
  return html`<section class="card flow" aria-labelledby="keys"><h2 id="keys">Signing keys</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Keys, as a table"><table><thead><tr><th scope="col">key</th><th scope="col">mode</th><th scope="col">state</th><th scope="col">made</th><th scope="col"><span class="hidden">decide</span></th></tr></thead><tbody>${all.map(row)}</tbody></table></div>
${
  !all.some(({ mode }) => mode === 'live') &&
  html`<p>No key signs live orders yet. The service never makes it by itself: once it is made, it has to be kept for good.</p>
<form class="plain" method="post" action="${at(visit, 'upkeep', 'key')}"><button class="button primary" type="submit">Make the key for live orders</button></form>`
}
<p class="hint">Another key, and a change of keys: <code>mintmark keys</code> (docs/operations.md).</p></section>`;
}
