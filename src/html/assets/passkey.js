/** Passkeys in the page: asks the server for a challenge, the browser for an answer, and posts it. */

/**
 * @param {string} path
 * @param {unknown} body
 */
async function post(path, body) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.title ?? 'The server refused it.');
  return said;
}

/**
 * @param {HTMLFormElement} form
 * @param {(options: any) => Promise<any>} ask
 */
async function run(form, ask) {
  const status = form.querySelector('[role=status]');
  const begin = form.dataset['begin'] ?? '';
  const end = form.dataset['end'] ?? '';
  const given = Object.fromEntries(new FormData(form));
  try {
    const { ticket, options } = await post(begin, given);
    const response = await ask(options);
    const { location: next } = await post(end, { ...given, ticket, response: response.toJSON() });
    location.href = next;
  } catch (error) {
    if (status) status.textContent = error instanceof Error ? error.message : String(error);
  }
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!(form instanceof HTMLFormElement) || !('PublicKeyCredential' in globalThis)) continue;
  form.removeAttribute('hidden');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void run(form, (options) =>
      form.dataset['passkey'] === 'new'
        ? navigator.credentials.create({
            publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
          })
        : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
    );
  });
}
