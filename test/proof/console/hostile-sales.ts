/** Sales whose every field that a buyer or a marketplace controls would become markup, or run, where it is not escaped. */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Machine, RunningService } from '../../kit/machine.ts';
import { Shop } from '../injection/hostile-shop.ts';
import { type Weakness, weakened } from '../kit/weakening.ts';
import { OWN, Seller } from './seller.ts';

export const ONE_VALUE_UNESCAPED: Weakness = {
  file: 'src/html/markup.ts',
  changes: [
    [
      'const made = tag(texts, ...holes);',
      "const made = tag(texts, ...holes.map((hole) => (String(hole).includes('own-name') ? raw(String(hole)) : hole)));",
    ],
  ],
};

/** Ends an attribute, a text, a comment, a style and a script; the tag's name tells the field. */
export const hostile = (field: string): string =>
  `"'\`><own-${field} onfocus=own(1)><img/src=x/onerror=own(1)></title></textarea><!--javascript:own(1)`;

/** The fields that have to be seen on some page. */
export const HOSTILE_FIELDS = ['name', 'mail', 'order', 'buyer', 'event'] as const;

const PRODUCT = `---
name: App
term: P1Y
marketplaces: { paddle-classic: {}, fastspring: {} }
parameters: [More]
mail: { sold: on }
---
{% for code in codes %}
\`\`\`
{{ code }}
\`\`\`
{% endfor %}
`;

export interface HostileConsole {
  readonly service: RunningService;
  readonly seller: Seller;
  readonly cookie: string;
}

/** A console after such sales, a job about one of them, and a search. Pages link to everything else. */
export async function openHostile(machine: Machine, weakness?: Weakness): Promise<HostileConsole> {
  machine.env['PRODUCTS_DIR'] = machine.path('products');
  mkdirSync(machine.path('products'));
  writeFileSync(machine.path('products', 'app.md'), PRODUCT);
  const service = await machine.start(weakness === undefined ? {} : weakened(weakness));
  const shop = new Shop(service, machine.path('keys'));
  const order = `A-3${hostile('order').replaceAll(' ', '/').slice(0, 80)}`;
  await shop.paddle({ name: hostile('name') }, 'A-1');
  await shop.paddle({ email: `${hostile('mail').replaceAll(' ', '/')}@example.com` }, 'A-2');
  await shop.paddle({}, order);
  await shop.fastSpring({}, 'B-1', { name: hostile('buyer'), company: hostile('company') });
  await shop.told(hostile('event'), 'B-2');
  const seller = new Seller(service);
  const cookie = await seller.enter(machine);
  const erase = `/console/test/orders/paddle-classic/${encodeURIComponent(order)}/erase`;
  const [, shown = ''] = /name="shown" value="([^"]*)"/.exec((await seller.get(erase, cookie)).text) ?? [];
  const begun = await seller.post(erase, { shown, reason: 'asked for' }, { ...OWN, Cookie: cookie });
  if (begun.status !== 303) throw new Error(`the job was answered ${begun.status}`);
  return { service, seller, cookie };
}

/** The addresses of the console that a page leads to. */
export function* linksIn(text: string): Generator<string> {
  for (const [, href = ''] of text.matchAll(/(?:href|src)="(\/console\/(?:test|live)[^"#]*)"/g))
    yield href.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&quot;', '"');
}
