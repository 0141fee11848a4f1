/** The license box: reads what is pasted while it is typed, remembers it, and asks the seller's server if told to. */
const part = (id) => document.getElementById(id);

/** Longer than between two keys: the check of a signature never makes typing stutter. */
const PAUSE_MILLISECONDS = 200;

const { product, keyring, allowTest, buildDate, server } = seller;
let revocations = mintmark.loadRevocations(memory.recall('revocations'), keyring, product);
const reader = mintmark.createReader({
  product,
  keyring,
  allowTest,
  buildDate,
  features: seller.features,
  // A clock that was set back revives nothing, as long as this browser remembers.
  latestDay: () => memory.recall('latest-day'),
  // Asked anew at each reading: the list may be another by then.
  revocations: { revoked: (id, test) => revocations.revoked(id, test) },
});

let pause;
/** The genuine code in the box, or null. */
let genuine = null;

function judgeSoon() {
  clearTimeout(pause);
  pause = setTimeout(judge, PAUSE_MILLISECONDS);
}

/** Reads the box and shows what it holds. */
function judge() {
  clearTimeout(pause);
  genuine = null;
  const verdict = reader.read(part('code').value);
  offer(verdict.verdict === 'several' ? verdict.choices : []);
  const kept = mintmark.newest(verdict, reader.read(memory.recall('code')));
  if (verdict.license && kept !== verdict) {
    enter(kept.code);
    part('memory').textContent = 'That code was renewed: the newer one was remembered and is used.';
    return;
  }
  show(words.headline(verdict), sentenceOf(verdict));
  showSlip(words.slip(verdict));
  describe(verdict.license);
  if (verdict.license) remember(verdict);
}

/** What was corrected, or where to look: while it is typed, too. */
function showSlip(parts) {
  part('slip').hidden = parts.length === 0;
  // Every second part is what it is about.
  part('slip').replaceChildren(...parts.map((text, place) => (place % 2 ? element('mark', text) : text)));
}

function sentenceOf(verdict) {
  if (verdict.verdict !== 'valid') return mintmark.explain(verdict);
  const { id, test } = verdict.license;
  return revocations.suspended(id, test)
    ? 'thank you. A payment is overdue or in dispute: see to it, so that you can renew'
    : 'thank you';
}

function show({ title, tone }, sentence) {
  part('verdict').dataset.tone = tone;
  part('mark').textContent = words.marks[tone];
  part('title').textContent = `${title}.`;
  part('sentence').textContent = words.sentence(sentence);
  part('code').setAttribute('aria-invalid', String(tone === 'bad' || tone === 'care'));
}

/** Lists what a genuine license says; without one, hides the list. */
function describe(license) {
  part('license').hidden = license === undefined;
  const lines = license === undefined ? [] : words.license(license);
  part('license-list').replaceChildren(
    ...lines.flatMap(([name, value]) => [element('dt', name), element('dd', value)]),
  );
}

/** A button for each license of a text that holds several. */
function offer(choices) {
  part('choices').hidden = choices.length === 0;
  part('choices-list').replaceChildren(...choices.map(choice));
}

function choice(verdict) {
  const { code } = verdict;
  const button = element('button', '');
  button.type = 'button';
  button.append(
    element('code', `${code.slice(0, 6)} … ${code.slice(-6)}`),
    ' ',
    element('span', words.choice(verdict)),
  );
  button.addEventListener('click', () => {
    enter(code);
    // The button is gone now.
    part('code').focus();
  });
  const item = document.createElement('li');
  item.append(button);
  return item;
}

/** Everything that is shown goes in as text, never as HTML. */
function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function enter(code) {
  part('code').value = code;
  judge();
}

/** What is kept is the code as it was minted, whatever was pasted. */
function remember({ code, keep }) {
  genuine = code;
  memory.keep('latest-day', keep);
  part('memory').textContent = memory.keep('code', code)
    ? 'This browser remembers the code.'
    : 'This browser remembers nothing for this page: keep the e-mail.';
}

function forget() {
  memory.keep('code', null);
  enter('');
  part('code').focus();
}

/** What the server answers is read before it takes the place of the old code. */
async function renew() {
  // What was typed last may not have been read yet.
  judge();
  const asked = genuine;
  if (asked === null) return words.refreshed({ outcome: 'not-a-code' });
  const refreshed = await mintmark.refresh(asked, server, undefined, reader);
  if (asked !== genuine) return words.overtaken;
  if (refreshed.outcome === 'renewed') enter(refreshed.code);
  return words.refreshed(refreshed);
}

async function fetchList() {
  const jws = await fetchText(`${server}/v1/revocations/${encodeURIComponent(product)}`);
  revocations = mintmark.loadRevocations(jws, keyring, product, revocations);
  if (revocations.refused === null) memory.keep('revocations', revocations.jws);
  judge();
  return words.listed(revocations);
}

/** What an address answers, or null: being offline is nothing special. */
async function fetchText(url) {
  try {
    // A cache can keep the list for minutes; a person who presses the button wants the present list.
    const response = await fetch(url, { cache: 'no-cache', signal: AbortSignal.timeout(10_000) });
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}

/** One question at a time. The button keeps the focus meanwhile, so it is not disabled but deaf. */
async function answer(button, ask) {
  if (button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  part('answer').textContent = 'Asking …';
  part('answer').textContent = await ask();
  button.removeAttribute('aria-disabled');
}

document.title = `${seller.name}: enter your license`;
part('product').textContent = seller.name;
part('server').textContent = server;
part('online').hidden = server === '';
part('code').addEventListener('input', judgeSoon);
part('code').addEventListener('paste', () => setTimeout(judge));
part('forget').addEventListener('click', forget);
part('renew').addEventListener('click', (event) => answer(event.currentTarget, renew));
part('fetch-list').addEventListener('click', (event) => answer(event.currentTarget, fetchList));
part('code').value = memory.recall('code') ?? '';
judge();
