/** Each POST of the console without a session, from another site, with an ended session, or with a stale form. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { SCREENS } from '../../src/console/screens.ts';
import { Machine } from '../kit/machine.ts';
import { type Headers, OWN, Seller } from './console/seller.ts';
import { Shop } from './injection/hostile-shop.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import type { Outcome, Proof, Tools } from './proof.ts';

/** The cookie is `SameSite=Lax`: that alone would have to keep other sites out. */
export const SAME_SITE_ALONE: Weakness = {
  file: 'src/console/access/cross-site.ts',
  changes: [
    [
      "if (context.method === 'GET' || context.method === 'HEAD') return;",
      "if (context.method !== '') return;",
    ],
  ],
};

/** A form does what it says, whatever changed since it was shown. */
export const ANY_STATE: Weakness = {
  file: 'src/console/decisions/form.ts',
  changes: [["if (form.get('shown') === shown) return;", "if (form.get('shown') !== null) return;"]],
};

export const consoleForms: Proof = {
  title:
    'each form of the console without a session, from another site, with an ended session, stale: refused, nothing written',
  unit: 'forms',
  quick: 1,
  full: 1,
  run: (_, tools) => tryForms(tools),
  controls: [
    { title: '`SameSite` alone', run: (tools) => tryForms(tools, SAME_SITE_ALONE) },
    { title: 'a form that does not look at the state', run: (tools) => tryForms(tools, ANY_STATE) },
  ],
};

const PRODUCT = `---
name: App
term: P1Y
marketplaces: { paddle-classic: {}, fastspring: {} }
---
{% for code in codes %}
\`\`\`
{{ code }}
\`\`\`
{% endfor %}
`;

/** Fields that every form accepts, so that nothing but the guard refuses it. */
const FIELDS = {
  reason: 'a proof',
  until: '2030-01-31',
  name: 'Other',
  email: 'other@example.com',
  theme: 'dark',
  passphrase: 'a passphrase of the proof',
  rate: '600',
};

/** Forms that hold no state: they end a session, change the looks, begin a check or a backup, or note something. */
const STATELESS =
  /\/settings|\/search$|\/try$|\/upkeep\/(check|backup|elsewhere|key|mail|seen)|^\/console\/(in|out|passkeys)/;

/** The ways in and out. */
const NEEDS_NO_SESSION = /^\/console\/(in|out)/;

async function tryForms(tools: Tools, weakness?: Weakness): Promise<Outcome> {
  const machine = new Machine(tools);
  machine.env['PRODUCTS_DIR'] = machine.path('products');
  mkdirSync(machine.path('products'));
  writeFileSync(machine.path('products', 'app.md'), PRODUCT);
  const service = await machine.start(weakness === undefined ? {} : weakened(weakness));
  // Another key, which does not sign.
  await machine.cli('keys', 'new', '--mode', 'test', '--next');
  const shop = new Shop(service, machine.path('keys'));
  await shop.paddle({}, 'A-1');
  await shop.told('app', 'B-1');
  const seller = new Seller(service);
  const ended = await seller.enter(machine);
  await seller.post('/console/out', {}, { ...OWN, Cookie: ended });
  const cookie = await seller.enter(machine);
  const forms = await formsOf(seller, cookie);
  const ways: Readonly<Record<string, Headers>> = {
    'without a session': OWN,
    'with an ended session': { ...OWN, Cookie: ended },
    'from another site': { 'Sec-Fetch-Site': 'cross-site', Cookie: cookie },
    'from a neighbor of the site': { 'Sec-Fetch-Site': 'same-site', Cookie: cookie },
    'from another origin, by an old browser': { Origin: 'https://evil.example', Cookie: cookie },
    'from nowhere': { Cookie: cookie },
  };
  const violations: string[] = [];
  let done = 0;
  const attempt = async (path: string, way: string, headers: Headers, shown: string) => {
    const before = contentOf(machine);
    const { status } = await seller.post(path, { ...FIELDS, shown }, headers);
    done += 1;
    if (status !== 403 && status !== 409) violations.push(`${path} ${way}: ${status}`);
    if (contentOf(machine) !== before) violations.push(`${path} ${way}: something was written`);
  };
  for (const { path, shown } of forms) {
    for (const [way, headers] of Object.entries(ways))
      if (!NEEDS_NO_SESSION.test(path) || !way.endsWith('session')) await attempt(path, way, headers, shown);
    if (!STATELESS.test(path))
      await attempt(path, 'stale', { ...OWN, Cookie: cookie }, 'what was shown before');
  }
  // Without this, forms that refuse everybody would pass.
  const suspend = forms.find(({ path }) => path.endsWith('/suspend'));
  const taken =
    suspend &&
    (await seller.post(suspend.path, { ...FIELDS, shown: suspend.shown }, { ...OWN, Cookie: cookie }));
  if (weakness === undefined && taken?.status !== 303)
    violations.push(`an own form was answered ${taken?.status}`);
  tools.note(`${forms.length} forms`);
  return { done, violations };
}

interface Form {
  readonly path: string;
  /** The state that the form holds. */
  readonly shown: string;
}

/** Every form of every screen, about what this shop has. */
async function formsOf(seller: Seller, cookie: string): Promise<readonly Form[]> {
  const list = (await seller.get('/console/test/licenses', cookie)).text;
  const [, id = ''] = /\/licenses\/([0-9a-f-]{36})"/.exec(list) ?? [];
  const events = (await seller.get('/console/test/events', cookie)).text;
  const [, event = ''] = /\/events\/fastspring\/([^"/]+)"/.exec(events) ?? [];
  const given: Readonly<Record<string, readonly string[]>> = {
    id: [id],
    act: ['renew', 'suspend', 'reissue', 'revoke', 'pause'],
    marketplace: ['paddle-classic', 'fastspring'],
    order: ['A-1'],
    event: [event],
    product: ['app'],
    channel: ['mail'],
    key: ['2'],
    what: ['mail', 'order'],
  };
  const paths = SCREENS.filter(({ post }) => post !== undefined).flatMap(({ path }) => fill(path, given));
  const own = ['/console/out', '/console/passkeys', '/console/passkeys/begin', '/console/in/passkey'];
  const forms: Form[] = own.map((path) => ({ path, shown: '' }));
  for (const path of new Set(paths)) {
    const address = `/console/test${path}`;
    const { status, text } = await seller.get(address, cookie);
    const [, shown] = /name="shown" value="([^"]*)"/.exec(text) ?? [];
    // An address with no such order or act shows no form; forms without a state have no page of their own.
    if (status === 200 && shown !== undefined) forms.push({ path: address, shown });
    else if (STATELESS.test(path)) forms.push({ path: address, shown: '' });
  }
  return forms;
}

function fill(path: string, given: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const [whole, name = ''] = /:(\w+)/.exec(path) ?? [];
  if (whole === undefined) return [path];
  return (given[name] ?? ['1']).flatMap((value) => fill(path.replace(whole, value), given));
}

/** All rows but the time of a session's last use, the keys with their notes, and the backups. */
function contentOf(machine: Machine): string {
  const ledger = new Database(machine.path('data', 'ledger.sqlite'), { readonly: true });
  try {
    const tables = ledger
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .all();
    const hash = createHash('sha256');
    for (const name of readdirSync(machine.path('keys')).filter((each) => each.endsWith('.json')))
      hash.update(readFileSync(machine.path('keys', name)));
    hash.update(String(existsSync(machine.path('data', 'backups'))));
    for (const table of tables) hash.update(JSON.stringify(ledger.prepare(`SELECT * FROM ${table}`).all()));
    return hash.digest('hex');
  } finally {
    ledger.close();
  }
}
