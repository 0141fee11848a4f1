/**
 * What makes the console quicker. Every page works without it: copying, dialogs for decisions, shortcuts, the secret of a
 * one-time link.
 */

/** @param {Element} button */
async function copy(button) {
  const source = button.closest('.codebox, .command')?.querySelector('code');
  if (!source?.textContent) return;
  await navigator.clipboard.writeText(source.textContent.trim());
  const said = document.querySelector('#said');
  if (said) said.textContent = 'Copied.';
}

for (const button of document.querySelectorAll('[data-copy]')) {
  button.removeAttribute('hidden');
  button.addEventListener('click', () => void copy(button));
}

/** The only place where fetched text becomes part of a page. */
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy('mintmark', {
  /** @param {string} text */
  createHTML: (text) => text,
});

/** @param {string} text */
function parsed(text) {
  return new DOMParser().parseFromString(policy?.createHTML(text) ?? text, 'text/html');
}

/** @param {Element | null} element */
function focus(element) {
  if (element instanceof HTMLElement) element.focus();
}

/** Opens the form of a decision as a dialog; the same form, at the same address. */
for (const link of document.querySelectorAll('a[data-dialog]')) {
  link.addEventListener('click', async (event) => {
    if (!(link instanceof HTMLAnchorElement) || /** @type {MouseEvent} */ (event).ctrlKey) return;
    event.preventDefault();
    const answer = await fetch(link.href);
    const form = parsed(await answer.text()).querySelector('main form.dialog');
    if (!answer.ok || answer.redirected || form === null) {
      location.href = link.href;
      return;
    }
    const dialog = document.createElement('dialog');
    dialog.append(document.adoptNode(form));
    dialog.addEventListener('close', () => {
      dialog.remove();
      link.focus();
    });
    for (const leave of dialog.querySelectorAll('[data-leave]'))
      leave.addEventListener('click', (clicked) => {
        clicked.preventDefault();
        dialog.close();
      });
    document.body.append(dialog);
    dialog.setAttribute('aria-labelledby', 'decision');
    dialog.showModal();
    focus(dialog.querySelector('input:not([type=hidden])'));
  });
}

/** The secret of a one-time link stands behind #, which no server and no log sees. */
function takeCode() {
  const code = document.querySelector('#code');
  if (!(code instanceof HTMLInputElement) || location.hash.length <= 8) return;
  code.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, '', location.pathname + location.search);
}
takeCode();
// A link that is opened over the same page loads nothing.
addEventListener('hashchange', takeCode);

const DESTINATIONS = { o: '', r: 'orders', l: 'licenses', e: 'events', x: 'outbox', v: 'go-live' };
let isGoing = false;

/** @param {number} step */
function move(step) {
  const links = [...document.querySelectorAll('main tbody tr')]
    .map((row) => row.querySelector('a'))
    .filter((link) => link !== null);
  const at = links.findIndex((link) => link.matches(':focus'));
  links[Math.max(0, Math.min(links.length - 1, at + step))]?.focus();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const target = event.target;
  if (target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')) return;
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
  const mode = document.body.dataset['mode'];
  if (isGoing) {
    isGoing = false;
    const place = DESTINATIONS[/** @type {keyof typeof DESTINATIONS} */ (event.key)];
    if (place !== undefined) location.href = `/console/${mode}/${place}`;
    return;
  }
  if (event.key === 'g') isGoing = true;
  else if (event.key === 'j') move(1);
  else if (event.key === 'k') move(-1);
  else if (event.key === '?') location.href = `/console/${mode}/settings#shortcuts`;
  else if (event.key === '/') {
    event.preventDefault();
    focus(document.querySelector('#q'));
  }
}

if (document.body.dataset['shortcuts'] === 'on' && document.body.dataset['mode'] !== 'none')
  document.addEventListener('keydown', onKey);
