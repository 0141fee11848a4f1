/** The sign-in page, and the page that asks to sign in again before a decision of consequence. */
import type { Assets } from '../../html/assets.ts';
import { documentOf, LOGO } from '../../html/document.ts';
import { href } from '../../html/href.ts';
import { icon } from '../../html/icons.ts';
import { html, type Markup } from '../../html/markup.ts';

export interface DoorView {
  readonly assets: Assets;
  /** The path of the console to open after signing in. */
  readonly back: string;
  /** Somebody has a passkey, and browsers offer passkeys at this address. */
  readonly hasPasskeys: boolean;
  /** The address of the console with a host name, if the current one is an IP address: passkeys need a name. */
  readonly named: string | undefined;
  readonly command: string;
  /** True if a signed-in person has to prove again who it is. */
  readonly again?: boolean;
  readonly fault?: string | undefined;
}

export function doorPage({
  assets,
  back,
  hasPasskeys,
  named,
  command,
  again = false,
  fault,
}: DoorView): string {
  const title = again ? 'Once more, please' : 'Get in';
  const byPasskey = html`<section class="card flow" aria-labelledby="by-key"><h2 id="by-key">With your passkey</h2>
<form data-passkey="get" data-begin="/console/in/passkey/begin" data-end="/console/in/passkey" hidden>
<input type="hidden" name="back" value="${back}">
<button class="button primary" type="submit">${icon('key')}Use the passkey</button>
<p class="hint" role="status"></p></form>
<noscript><p class="hint">A passkey needs JavaScript; a code from the command line does not.</p></noscript></section>`;
  const byCode = html`<section class="card flow" aria-labelledby="by-code"><h2 id="by-code">With a code</h2>
<p>On the computer that runs Mintmark, this prints an address and a code, good once, for 10 minutes:</p>
<div class="command"><code>${command}</code><button class="button small" type="button" data-copy hidden>${icon('copy')}Copy</button></div>
<form class="fields" method="post" action="/console/in">
<input type="hidden" name="back" value="${back}">
<div><label for="code">Code</label><input id="code" name="code" autocomplete="off" autocapitalize="characters" spellcheck="false" required maxlength="80"></div>
<button class="button primary" type="submit">Get in</button></form></section>`;
  return door(
    assets,
    title,
    html`<h1>${title}</h1>
${again && html`<p>What you are about to do is grave, so it needs a proof of the last 15 minutes.</p>`}
${fault !== undefined && html`<p class="notice bad" role="alert">${icon('cross')}<span>${fault}</span></p>`}
${hasPasskeys && byPasskey}
${byCode}
${named !== undefined && html`<p class="hint">Passkeys need an address with a name: <a href="${href(named)}">${named}</a></p>`}`,
  );
}

/** A page without the frame of the console: nobody is signed in. */
export function door(assets: Assets, title: string, body: Markup): string {
  return documentOf({
    title: `${title} · Mintmark`,
    assets,
    scripts: ['console.js', 'passkey.js'],
    body: html`<main id="main" class="door"><p class="brand">${LOGO}Mintmark</p>
${body}
<p class="hidden" role="status" id="said"></p></main>`,
  });
}

/** The first visit: a passkey for the next time. */
export function offerPage(assets: Assets, back: string, named: string | undefined): string {
  return door(
    assets,
    'A passkey',
    html`<h1>You are in</h1>
<section class="card flow" aria-labelledby="offer"><h2 id="offer">From now on with your fingerprint or security key</h2>
<p>A passkey stays on your device. Mintmark keeps its public half, and there is no password.</p>
${named === undefined ? passkeyForm(back) : html`<p class="hint">Passkeys need an address with a name: <a href="${href(named)}">${named}</a></p>`}
<p><a class="button" href="${href(back)}">Later</a></p></section>`,
  );
}

export function passkeyForm(back: string): Markup {
  return html`<form class="fields" data-passkey="new" data-begin="/console/passkeys/begin" data-end="/console/passkeys" hidden>
<input type="hidden" name="back" value="${back}">
<div><label for="passkey-name">What shall it be called?</label><input id="passkey-name" name="name" value="this computer" required maxlength="60"></div>
<button class="button primary" type="submit">${icon('key')}Add a passkey</button>
<p class="hint" role="status"></p></form>
<noscript><p class="hint">Adding a passkey needs JavaScript.</p></noscript>`;
}
