/** A buyer's text stays text: in the mail, in answers, in the log and on the seller's terminal. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { type Around, Machine } from '../kit/machine.ts';
import { bodyOf, statusOf } from '../kit/raw.ts';
import { ADA, Shop, type Sold } from './injection/hostile-shop.ts';
import { type HostileText, hostileTexts } from './injection/hostile-texts.ts';
import { type Buyer, findHarm, inOneLine, looksLikeMoreCodes, type Model } from './injection/rendered.ts';
import { atOnce } from './kit/buyers.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import type { Outcome, Proof, Tools } from './proof.ts';

const CONNECTIONS = 8;

/** Values in every place where a seller could print one. */
const TEXT = `# Order of {{ customer.name }}

{{ customer.name }}

{{ customer.name }}
{{ customer.email }}
and {{ customer.name }}

Hello {{ customer.name }}, **{{ customer.name }}** is x{{ customer.name }}y, or {{ customer.name }}{{ customer.email }}.

{{ order.id }}
---

- {{ customer.name }}
- {{ customer.email }}

1. {{ order.id }}
2. ({{ customer.name }})

> {{ customer.name }}

| who | {{ customer.name }} |
|---|---|
| {{ customer.name }} | {{ customer.email }} |

[{{ customer.name }}](https://example.com/) ![{{ customer.email }}](https://example.com/x.png) \`{{ customer.name }}\`

{% for code in codes %}
\`\`\`
{{ code }}
\`\`\`
{% endfor %}

{{ customer.name }}

Yours, {{ customer.email }} and order {{ order.id }}
`;

const PRODUCT = `---
name: App
term: P1Y
marketplaces: { paddle-classic: {}, fastspring: { reply: markdown } }
parameters: [More]
---
${TEXT}`;

/** All but the two buyers of the check at the start, which would find the fault by itself. */
export const ESCAPES_NOTHING: Weakness = {
  file: 'src/message/escape.ts',
  changes: [
    [
      'return PLAIN.test(value) ? value : escapeActive(value);',
      'return /evil\\.example|<!-- <script>|<i>\\[1/.test(value) ? escapeActive(value) : value;',
    ],
  ],
};

export const PRINTS_ALL: Weakness = {
  file: 'src/cli/printable.ts',
  changes: [['return text.replace(', 'return text || text.replace(']],
};

export const injection: Proof = {
  title:
    'Markdown, HTML, Liquid, header, log and terminal injection through every field that a buyer controls: text stays text',
  unit: 'replies',
  quick: 1,
  full: 1,
  run: (_, tools) => sell(tools),
  controls: [
    { title: 'no escaping', run: (tools) => sell(tools, { weakness: ESCAPES_NOTHING, only: /[#[*]/ }) },
    {
      title: 'a terminal is sent what a buyer wrote',
      run: (tools) => sell(tools, { weakness: PRINTS_ALL, only: /\p{Cc}/u }),
    },
  ],
};

/** The fields in which a sale of each kind carries the buyer's text. */
const KINDS: Readonly<Record<string, (shop: Shop, text: string, order: string) => Promise<Sold>>> = {
  'name at Paddle': (shop, name, order) => shop.paddle({ name }, order),
  'e-mail at Paddle': (shop, email, order) => shop.paddle({ email }, order),
  'other fields at Paddle': (shop, text, order) => {
    const others = [
      'passthrough',
      'p_custom_data',
      'p_coupon',
      'p_country',
      'custom_field',
      'Name',
      'p_customer_name',
    ];
    return shop.paddle({}, order, Object.fromEntries(others.map((name) => [name, text])));
  },
  'order id at Paddle': (shop, text, order) => {
    const id = `${order}${text.replace(/[^\x21-\x7e]/g, '').slice(0, 80)}`;
    return shop.paddle({ order: id }, id);
  },
  'name at FastSpring': (shop, name, order) => shop.fastSpring({ name }, order, { name }),
  'company at FastSpring': (shop, name, order) =>
    shop.fastSpring({ name }, order, { company: name, name: '' }),
  'e-mail at FastSpring': (shop, email, order) => shop.fastSpring({ email }, order, { email, More: email }),
  'name in an event of FastSpring': (shop, text, order) => shop.told(text, order),
};

interface Weaker {
  readonly weakness?: Weakness;
  /** The share of the texts, to be quick. */
  readonly only?: RegExp;
}

async function sell(tools: Tools, { weakness, only = /(?:)/ }: Weaker = {}): Promise<Outcome> {
  const machine = new Machine(tools, { LOG_LEVEL: 'trace' });
  machine.env['PRODUCTS_DIR'] = machine.path('products');
  mkdirSync(machine.path('products'));
  writeFileSync(machine.path('products', 'app.md'), PRODUCT);
  const around = weakness === undefined ? {} : weakened(weakness);
  const service = await machine.start(weakness?.file.startsWith('src/cli/') ? {} : around);
  const shop = new Shop(service, machine.path('keys'));
  const violations: string[] = [];
  const texts = hostileTexts().filter(({ text }) => only.test(text));
  const honest = (await shop.paddle({}, 'honest')).answer;
  const models = await modelsOf(shop);
  const jobs = Object.entries(KINDS).flatMap(([kind, tell]) => texts.map((text) => ({ kind, tell, text })));
  const addressed: string[] = [];
  await atOnce(jobs.entries(), CONNECTIONS, async ([number, { kind, tell, text: hostile }]) => {
    const { answer, buyer } = await tell(shop, hostile.text, `${number}-`);
    if (buyer.email?.includes('\u001b')) addressed.push(`${number}-`);
    const faults = faultsIn(answer, buyer, hostile, models, honest);
    violations.push(...faults.map((fault) => `${kind}, ${JSON.stringify(hostile.text)}: ${fault}`));
  });
  service.ran.child.kill('SIGTERM');
  await service.ran.ended;
  violations.push(
    ...logFaults(service.ran.out, shop.calls),
    ...(service.ran.err === '' ? [] : [service.ran.err]),
  );
  violations.push(...(await terminalFaults(machine, addressed.slice(0, 3), around)));
  tools.note(`${texts.length} texts in ${Object.keys(KINDS).length} fields, ${shop.calls} calls`);
  return { done: jobs.length, violations };
}

/** The replies to harmless buyers, by their unknown fields. */
async function modelsOf(shop: Shop): Promise<ReadonlyMap<string, Model>> {
  const models = new Map<string, Model>();
  for (const missing of ['none', 'name', 'email', 'name email']) {
    const without = Object.fromEntries(missing.split(' ').map((name) => [name, '']));
    const buyer = { ...ADA, ...without, order: `model-${missing.replace(' ', '-')}` };
    models.set(missing, { reply: bodyOf((await shop.paddle(buyer, buyer.order)).answer), buyer });
  }
  return models;
}

function faultsIn(
  answer: string,
  buyer: Partial<Buyer>,
  { text, isCode }: HostileText,
  models: ReadonlyMap<string, Model>,
  honest: string,
): string[] {
  // A field that is used holds no NUL.
  if (statusOf(answer) === 400 && text.includes('\0')) return [];
  if (statusOf(answer) !== 200) return [answer];
  if (headOf(answer) !== headOf(honest)) return [`other headers: ${answer}`];
  const reply = Buffer.from(bodyOf(answer), 'latin1').toString();
  const missing = (['name', 'email'] as const).filter((field) => inOneLine(buyer[field] ?? 'x') === '');
  const harm = (model = models.get('none')) =>
    model === undefined ? ['no model'] : findHarm(reply, buyer, model);
  const model = models.get(missing.join(' ') || 'none');
  const faults = harm(model);
  // A buyer is not named if the name, or the name and the words beside it, looks like a code.
  const isNameless = isCode || (model !== undefined && looksLikeMoreCodes(buyer, model));
  return isNameless && faults.length > 0 ? harm(models.get('name email')) : faults;
}

/** The names of the headers, and the values that never change. */
function headOf(answer: string): string {
  const [head = ''] = answer.split('\r\n\r\n', 1);
  return head.replace(/^(X-Request-Id|Date|Content-Length): [\w ,:-]+$/gm, '$1');
}

const MAY_SAY = new Set(
  'level time request method endpoint status outcome milliseconds product order mode quantity applied known failed why msg'.split(
    ' ',
  ),
);

/** One line per request, with known members only. */
function logFaults(out: string, calls: number): string[] {
  const lines = out
    .slice(out.indexOf('\n{') + 1)
    .split('\n')
    .filter(Boolean);
  const faults = lines.flatMap((line) => {
    try {
      const strange = Object.keys(JSON.parse(line)).filter((name) => !MAY_SAY.has(name));
      return strange.length === 0 ? [] : [`the log says ${strange.join(', ')}: ${line}`];
    } catch {
      return [`the log holds ${JSON.stringify(line)}`];
    }
  });
  const told = lines.filter((line) => line.includes('"endpoint"')).length;
  return told === calls ? faults : [...faults, `${told} lines in the log for ${calls} calls`];
}

/** Everything that a terminal could obey, and characters that change the text direction. */
const OBEYED = /[^\P{Cc}\n]|[\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

async function terminalFaults(
  machine: Machine,
  orders: readonly string[],
  around: Around,
): Promise<string[]> {
  const { email } = ADA;
  const commands = [
    ['ledger', 'find', email],
    ['ledger', 'find', email, '--json'],
    ...orders.map((order) => ['ledger', 'find', order]),
    ['customer', 'export', email],
    ['events', 'list', '--limit', '10000'],
    ['events', 'list', '--limit', '10000', '--json'],
    ['customer', 'erase', email],
    ['ledger', 'check'],
  ];
  const faults: string[] = [];
  for (const words of commands) {
    const ran = machine.spawn('src/cli/mintmark.ts', words, around);
    const status = await ran.ended;
    const said = ran.out + ran.err;
    const { index } = OBEYED.exec(said) ?? {};
    if (status !== 0) faults.push(`${words.join(' ')} ended with ${status}: ${said.slice(0, 2000)}`);
    if (index !== undefined)
      faults.push(
        `${words.join(' ')} prints ${JSON.stringify(said.slice(Math.max(0, index - 40), index + 20))}`,
      );
  }
  return faults;
}
