/** Every field that a buyer or a marketplace controls, in every screen of the console: text stays text. */
import { Machine } from '../kit/machine.ts';
import {
  HOSTILE_FIELDS,
  hostile,
  linksIn,
  ONE_VALUE_UNESCAPED,
  openHostile,
} from './console/hostile-sales.ts';
import { OWN } from './console/seller.ts';
import type { Weakness } from './kit/weakening.ts';
import type { Outcome, Proof, Tools } from './proof.ts';

export const consoleText: Proof = {
  title:
    'hostile text in every field that a buyer or a marketplace controls, in every screen of the console: it stays text',
  unit: 'pages',
  quick: 400,
  full: 5000,
  run: (amount, tools) => crawl(amount, tools),
  controls: [{ title: 'one value unescaped', run: (tools) => crawl(400, tools, ONE_VALUE_UNESCAPED) }],
};

/** A tag or an attribute of ours in a page means that a text became markup. */
const RAW = /<own-[a-z]+|<img\/src=x|href="javascript:/i;
/** What stands in quotes is text as long as no quote of ours ends it. */
const RAW_ATTRIBUTE = /<[a-z][^<>]*\s\/?onfocus=/i;
const QUOTED = /="[^"]*"/g;
const SHOWN = /&lt;own-([a-z]+)/g;

async function crawl(most: number, tools: Tools, weakness?: Weakness): Promise<Outcome> {
  const machine = new Machine(tools);
  const { seller, cookie } = await openHostile(machine, weakness);
  const violations: string[] = [];
  const fields = new Set<string>();
  const look = (where: string, text: string) => {
    const [raw] = RAW.exec(text) ?? RAW_ATTRIBUTE.exec(text.replace(QUOTED, '=""')) ?? [];
    if (raw !== undefined) violations.push(`${where}: ${raw.slice(0, 80)}`);
    for (const [, field = ''] of text.matchAll(SHOWN)) fields.add(field);
  };
  const seen = new Set<string>([
    '/console/test/',
    '/console/live/',
    '/console/test/nowhere',
    '/console/test/jobs',
  ]);
  for (const path of seen) {
    if (seen.size > most) break;
    const { status, text, headers } = await seller.get(path, cookie);
    if (status >= 500) violations.push(`${path}: ${status}`);
    // A CSV is no page.
    if (!String(headers['content-type']).includes('html')) continue;
    look(path, text);
    for (const link of linksIn(text)) seen.add(link);
  }
  for (const q of ['own', 'B-', hostile('search')])
    look(
      `a search for ${q}`,
      (await seller.post('/console/test/search', { q }, { ...OWN, Cookie: cookie })).text,
    );
  for (const field of HOSTILE_FIELDS)
    if (!fields.has(field)) violations.push(`the field ${field} was on no page, so nothing was tried`);
  tools.note(`${seen.size} pages, with the fields ${[...fields].sort().join(', ')}`);
  return { done: seen.size, violations };
}
