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
  const text = part('code').value;
  const codes = mintmark.findCodes(text);
  genuine = null;
  offer(codes.length > 1 ? codes : []);
  if (codes.length > 1) {
    show({ title: 'Several codes', tone: 'waiting' }, `this text holds ${codes.length} codes: choose one`);
    describe(undefined);
    return;
  }
  // A whole e-mail with one code in it counts as that code.
  const code = codes[0] ?? text;
  const verdict = reader.read(code);
  const kept = mintmark.newest(verdict, reader.read(memory.recall('code')));
  if (verdict.license && kept !== verdict) {
    part('code').value = memory.recall('code');
    judge();
    part('memory').textContent = 'That code was renewed: the newer one was remembered and is used.';
    return;
  }
  show(words.headline(verdict), sentenceOf(verdict));
  describe(verdict.license);
  if (verdict.license) remember(code);
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

/** A button for each code of a text that holds several. */
function offer(codes) {
  part('choices').hidden = codes.length === 0;
  part('choices-list').replaceChildren(...codes.map(choice));
}

function choice(code) {
  const button = element('button', '');
  const verdict = reader.read(code);
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

function remember(code) {
  genuine = code;
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
    // The list may be kept for minutes on its way here; whoever presses a button wants to know now.
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
