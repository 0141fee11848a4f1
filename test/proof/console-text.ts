/** Every field that a buyer or a marketplace controls, in every screen of the console: text stays text. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { Machine } from '../kit/machine.ts';
import { OWN, Seller } from './console/seller.ts';
import { Shop } from './injection/hostile-shop.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import type { Outcome, Proof, Tools } from './proof.ts';

export const ONE_VALUE_UNESCAPED: Weakness = {
  file: 'src/html/markup.ts',
  changes: [
    [
      'const made = tag(texts, ...holes);',
      "const made = tag(texts, ...holes.map((hole) => (String(hole).includes('own-name') ? raw(String(hole)) : hole)));",
    ],
  ],
};

export const consoleText: Proof = {
  title:
    'hostile text in every field that a buyer or a marketplace controls, in every screen of the console: it stays text',
  unit: 'pages',
  quick: 400,
  full: 5000,
  run: (amount, tools) => crawl(amount, tools),
  controls: [{ title: 'one value unescaped', run: (tools) => crawl(400, tools, ONE_VALUE_UNESCAPED) }],
};

/** Ends an attribute, a text, a comment, a style and a script; the tag's name tells the field. */
const hostile = (field: string): string =>
  `"'\`><own-${field} onfocus=own(1)></title></textarea><!--javascript:own(1)`;

/** A tag or an attribute of ours in a page means that a text became markup. */
const RAW = /<own-[a-z]+|<[a-z][^<>]*\sonfocus=|href="javascript:/i;
const SHOWN = /&lt;own-([a-z]+)/g;

const PRODUCT = `---
name: App
term: P1Y
marketplaces: { paddle-classic: {}, fastspring: {} }
parameters: [More]
---
{% for code in codes %}
\`\`\`
{{ code }}
\`\`\`
{% endfor %}
`;

async function crawl(most: number, tools: Tools, weakness?: Weakness): Promise<Outcome> {
  const machine = new Machine(tools);
  machine.env['PRODUCTS_DIR'] = machine.path('products');
  mkdirSync(machine.path('products'));
  writeFileSync(machine.path('products', 'app.md'), PRODUCT);
  const service = await machine.start(weakness === undefined ? {} : weakened(weakness));
  const shop = new Shop(service, machine.path('keys'));
  await shop.paddle({ name: hostile('name') }, 'A-1');
  await shop.paddle({ email: `${hostile('mail').replaceAll(' ', '/')}@example.com` }, 'A-2');
  await shop.paddle({}, `A-3${hostile('order').replaceAll(' ', '/').slice(0, 80)}`);
  await shop.fastSpring({}, 'B-1', { name: hostile('buyer'), company: hostile('company') });
  await shop.told(hostile('event'), 'B-2');
  const seller = new Seller(service);
  const cookie = await seller.enter(machine);
  const violations: string[] = [];
  const fields = new Set<string>();
  const look = (where: string, text: string) => {
    const [raw] = RAW.exec(text) ?? [];
    if (raw !== undefined) violations.push(`${where}: ${raw.slice(0, 80)}`);
    for (const [, field = ''] of text.matchAll(SHOWN)) fields.add(field);
  };
  const seen = new Set<string>(['/console/test/', '/console/live/', '/console/test/nowhere']);
  for (const path of seen) {
    if (seen.size > most) break;
    const { status, text, headers } = await seller.get(path, cookie);
    if (status >= 500) violations.push(`${path}: ${status}`);
    // A CSV is no page.
    if (!String(headers['content-type']).includes('html')) continue;
    look(path, text);
    for (const [, href = ''] of text.matchAll(/(?:href|src)="(\/console\/(?:test|live)[^"#]*)"/g))
      seen.add(href.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&quot;', '"'));
  }
  for (const q of ['own', 'B-', hostile('search')])
    look(
      `a search for ${q}`,
      (await seller.post('/console/test/search', { q }, { ...OWN, Cookie: cookie })).text,
    );
  for (const field of ['name', 'mail', 'order', 'buyer', 'event'])
    if (!fields.has(field)) violations.push(`the field ${field} was on no page, so nothing was tried`);
  tools.note(`${seen.size} pages, with the fields ${[...fields].sort().join(', ')}`);
  return { done: seen.size, violations };
}
