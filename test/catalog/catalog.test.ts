import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { type Catalog, loadCatalog } from '../../src/catalog/catalog.ts';
import { AppError } from '../../src/errors.ts';

async function withFiles<T>(
  files: Record<string, string | Uint8Array>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'mintmark-catalog-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const load = (files: Record<string, string | Uint8Array>): Promise<Catalog> => withFiles(files, loadCatalog);

/** The faults of one file `x.md`, as `line: message`. */
async function faultsOf(content: string | Uint8Array): Promise<string[]> {
  return withFiles({ 'x.md': content }, async (folder) => {
    try {
      await loadCatalog(folder);
      return [];
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'bad_configuration') throw error;
      return error.message
        .split('\n')
        .slice(1)
        .map((line) => line.replace(`${join(folder, 'x.md')}:`, ''));
    }
  });
}

const file = (head: string, body = '{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n') =>
  `---\n${head}\n---\n${body}`;
const HEAD = 'name: X\nterm: P1Y';

const FIELDS = {
  email: ['email', 'p_customer_email'],
  name: ['name', 'p_customer_name'],
  company: ['company'],
  reference: ['reference'],
  quantity: ['quantity'],
  subscriptionReference: ['subscriptionReference', 'subscription'],
  sequence: ['sequence'],
  test: ['test'],
  product: ['product'],
  trial: ['trial'],
  trialEnd: ['trialEnd'],
  features: [],
  units: [],
};

test('a file with a name, a term and a text that prints the codes is a product', async (t) => {
  const catalog = await load({ 'x.md': file(HEAD), 'notes.txt': 'no product', '.hidden.md': 'no product' });
  const product = catalog.get('x')!;
  t.deepEqual(catalog.all(), [product]);
  t.is(catalog.get('y'), undefined);
  const { message, ...rest } = product;
  t.deepEqual(rest, {
    id: 'x',
    name: 'X',
    marketplaces: {},
    term: 'P1Y',
    grace: 'P0D',
    updates: 'unlimited',
    quantity: 'codes',
    seats: 1,
    multibuy: 'single',
    features: [],
    grants: [],
    trial: false,
    trialTerm: undefined,
    selfReissue: 0,
    downloads: { limit: 30 },
    overdue: 'suspend',
    ended: 'expire',
    refund: 'revoke',
    fields: FIELDS,
    mail: { topics: {}, reminder: undefined },
    translations: {},
  });
  t.is(message.productId, 'x');
  t.regex(message.digest, /^[0-9a-f]{64}$/);
});

test('every key has its effect', async (t) => {
  const head = `name: "X: the app"
marketplaces:
  paddle-classic: { product: [047023, 47024] }
  fastspring: { product: [x, x-yearly], reply: markdown }
term: perpetual
grace: P14D
updates: P1Y6M
quantity: seats
seats: 25
multibuy: separate
features: [a, b-2]
grants: [b-2]
trial: true
trial_term: P14D
overdue: keep
ended: fallback
refund: keep
self_reissue: 3
downloads: { limit: 200 }
fields: { email: mail, name: [who, name] }
parameters: [campaign, mintmark_features]
mail: { sold: on, renewed: off, reminder: 14, subject: "{{ product.name }}", renew_url: "https://example.com/renew" }`;
  const { message, ...rest } = (await load({ 'x-1.y_z.md': file(head) })).get('x-1.y_z')!;
  t.deepEqual(rest, {
    id: 'x-1.y_z',
    name: 'X: the app',
    marketplaces: {
      'paddle-classic': {
        products: ['047023', '47024'],
        reply: 'markdown',
        parameters: [],
        askedByUnit: true,
      },
      fastspring: {
        products: ['x', 'x-yearly'],
        reply: 'markdown',
        parameters: ['campaign', 'mintmark_features'],
      },
    },
    term: 'perpetual',
    grace: 'P14D',
    updates: 'P1Y6M',
    quantity: 'seats',
    seats: 25,
    multibuy: 'separate',
    features: ['a', 'b-2'],
    grants: ['b-2'],
    trial: true,
    trialTerm: 'P14D',
    selfReissue: 3,
    downloads: { limit: 200 },
    overdue: 'keep',
    ended: 'fallback',
    refund: 'keep',
    fields: { ...FIELDS, email: ['mail'], name: ['who', 'name'], features: ['mintmark_features'] },
    mail: { topics: { sold: true, renewed: false }, reminder: 14 },
    translations: {},
  });
  t.like(message, { subject: '{{ product.name }}', renewUrl: 'https://example.com/renew' });
});

test('a parameter that decides what is sold is read only where the product file lists it', async (t) => {
  const fieldsOf = async (more: string) =>
    (await load({ 'x.md': file(`${HEAD}\n${more}`) })).get('x')?.fields;
  const all = '[mintmark_product, mintmark_quantity, mintmark_features]';
  t.deepEqual(await fieldsOf('parameters: [campaign]'), FIELDS);
  t.deepEqual(await fieldsOf(`parameters: ${all}`), {
    ...FIELDS,
    product: ['mintmark_product', 'product'],
    units: ['mintmark_quantity'],
    features: ['mintmark_features'],
  });
  const named = 'fields: { product: item, units: copies, features: [edition] }';
  t.deepEqual(await fieldsOf(`parameters: ${all}\n${named}`), {
    ...FIELDS,
    product: ['item'],
    units: ['copies'],
    features: ['edition'],
  });
});

test('a product grants all its features unless it says which', async (t) => {
  const catalog = await load({
    'x.md': file(`${HEAD}\nfeatures: [a, b]`),
    'y.md': file(`${HEAD}\nfeatures: [a]\ngrants: []`),
  });
  t.deepEqual(catalog.get('x')?.grants, ['a', 'b']);
  t.deepEqual(catalog.get('y')?.grants, []);
});

test('the text is the same with a byte-order mark, Windows line ends or blank lines around it, and so is its digest', async (t) => {
  const plain = (await load({ 'x.md': file(HEAD) })).get('x')!;
  for (const same of [
    `\ufeff${file(HEAD)}`,
    file(HEAD).replaceAll('\n', '\r\n'),
    file(HEAD).replaceAll('\n', '\r'),
    file(HEAD).replace('---\n{%', '---  \n\n\n{%').concat('\n\n'),
  ]) {
    t.deepEqual((await load({ 'x.md': same })).get('x'), plain);
  }
  for (const other of [file(HEAD.replace('X', 'Y')), file(`${HEAD}\nfeatures: [a]`), `${file(HEAD)}\nBye`]) {
    t.not((await load({ 'x.md': other })).get('x')?.message.digest, plain.message.digest);
  }
  t.is((await load({ 'x.md': file(`${HEAD}\nseats: 3`) })).get('x')?.message.digest, plain.message.digest);
});

const FAULTY: readonly (readonly [string, string | Uint8Array, string[]])[] = [
  ['no front matter', 'Hello {{ codes }}', ['1: the front matter is missing']],
  ['an empty file', '', ['1: the front matter is missing']],
  ['front matter without an end', '---\nname: X\n', ['1: the front matter has no end']],
  ['no text', '---\nname: X\nterm: P1Y\n---\n\n\n', ['4: the text of the mail is missing']],
  ['empty front matter', file('# nothing'), ['1: name: is missing', '1: term: is missing']],
  ['front matter that is no lines of keys', file('- a'), ['1: the front matter must be lines']],
  ['not UTF-8', new Uint8Array([...Buffer.from('---\nname: '), 0xff]), ['2: is not UTF-8']],
  ['a control character', file(`${HEAD}\n# \u0007`), ['4: has a control character']],
  ['a key twice', file(`${HEAD}\nname: Y`), ['4: this key is there twice']],
  ['a tab', file(`${HEAD}\nfields:\n\temail: x`), ['5: a tab stands']],
  ['broken YAML', file(`${HEAD}\nfeatures: [a`), ['4: this is not YAML']],
  ['an unknown key', file(`${HEAD}\nsaets: 3`), ['4: saets: there is no such key; did you mean seats?']],
  [
    'an unknown key, far from any',
    file(`${HEAD}\nzzzzzz: 3`),
    ['4: zzzzzz: there is no such key; there are name, '],
  ],
  [
    'an unknown marketplace',
    file(`${HEAD}\nmarketplaces:\n  paddle-clasic: {}`),
    ['5: marketplaces.paddle-clasic: there is no such key; did you mean paddle-classic?'],
  ],
  [
    'an unknown key of a marketplace',
    file(`${HEAD}\nmarketplaces:\n  fastspring:\n    id: x`),
    ['6: marketplaces.fastspring.id: there is no such key; there are product'],
  ],
  ['an empty name', file('name:\nterm: P1Y'), ['2: name: is empty']],
  [
    'words for a time',
    file('name: X\nterm: 1 year'),
    ['3: term: "1 year" is not perpetual or a time: write perpetual, or P1Y'],
  ],
  ['no time at all', file('name: X\nterm: P0D'), ['3: term: P0D is no time at all']],
  ['a trial of no time at all', file(`${HEAD}\ntrial_term: P0M`), ['4: trial_term: P0M is no time at all']],
  ['hours', file(`${HEAD}\ngrace: PT5H`), ['4: grace: "PT5H" is not a time: write a time such as P1Y']],
  [
    'words for updates',
    file(`${HEAD}\nupdates: forever`),
    ['4: updates: "forever" is not unlimited or a time'],
  ],
  [
    'a quantity that is none',
    file(`${HEAD}\nquantity: code`),
    ['4: quantity: "code" is not one of codes, seats; did you mean codes?'],
  ],
  [
    'a multibuy that is none',
    file(`${HEAD}\nmultibuy: seperate`),
    ['4: multibuy: "seperate" is not one of single, separate; did you mean separate?'],
  ],
  [
    'too many seats',
    file(`${HEAD}\nseats: 65536`),
    ['4: seats: "65536" is not a whole number from 0 to 65535'],
  ],
  ['half a seat', file(`${HEAD}\nseats: 1.5`), ['4: seats: "1.5" is not a whole number']],
  [
    'a feature with blanks',
    file(`${HEAD}\nfeatures:\n  - a\n  - b c`),
    ['6: features[1]: "b c" is not a feature\'s name'],
  ],
  ['a feature twice', file(`${HEAD}\nfeatures:\n  - a\n  - a`), ['6: features[1]: "a" is there twice']],
  [
    'too many features',
    file(`${HEAD}\nfeatures: [${Array.from({ length: 25 }, (_, index) => `f${index}`)}]`),
    ['4: features: has more than 24 names'],
  ],
  ['features that are no list', file(`${HEAD}\nfeatures: a`), ['4: features: must be a list']],
  [
    'a grant that is no feature',
    file(`${HEAD}\nfeatures: [export]\ngrants:\n  - exprot`),
    ['6: grants[0]: "exprot" is not one of features; did you mean export?'],
  ],
  ['a trial that is neither', file(`${HEAD}\ntrial: yes`), ['4: trial: "yes" is not one of true, false']],
  ['a list where one value goes', file(`${HEAD}\nseats: [1]`), ['4: seats: must be a single value']],
  [
    'a limit of downloads that is none',
    file(`${HEAD}\ndownloads: { limit: 0 }`),
    ['4: downloads.limit: "0" is not a number of downloads from 1 to 9999'],
  ],
  ['fields that are no lines', file(`${HEAD}\nfields: email`), ['4: fields: must be lines']],
  ['an empty list of fields', file(`${HEAD}\nfields:\n  email: []`), ['5: fields.email: is empty']],
  [
    'Liquid left open',
    file(HEAD, 'Hello\n\n{% if order.test %}\n{{ codes }}'),
    ['7: tag {% if order.test %} not closed'],
  ],
  ['an unknown tag', file(HEAD, 'Hello\n{% include "x" %}'), ['6: there is no tag "include"']],
  ['an unknown filter', file(HEAD, 'Hello\n\n{{ codes | raw }}'), ['7: there is no filter "raw"']],
  [
    'an unknown variable, in a branch never taken',
    file(HEAD, '{{ codes[0] }}\n{% if false %}\n{{ custmer.name }}{% endif %}'),
    ['7: there is no "custmer"; did you mean customer?'],
  ],
  ['an unknown member', file(HEAD, '\n\n{{ license.last_day }}'), ['7: "license" has no "last_day"']],
  [
    'a filter misused',
    file(HEAD, '{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n{{ order.id | date }}'),
    ['10: the filter "date" takes a day'],
  ],
  ['a text without the codes', file(HEAD, 'Hello\n'), ['5: a code is missing']],
  [
    'HTML in the text',
    file(HEAD, '{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\nHi <b>{{ customer.name }}</b>'),
    ['10: there is HTML in the text'],
  ],
  [
    'a code within a sentence',
    file(HEAD, 'Hi\n{% for code in codes %}\nCode: {{ code }}\n{% endfor %}'),
    ['7: a code shares its line'],
  ],
  [
    'codes that flow together',
    file(HEAD, 'Hi\n\n{% for code in codes %}{{ code }}\n{% endfor %}'),
    ['7: a code is not shown alone'],
  ],
  [
    'a code in a comment of HTML',
    file(HEAD, '<!--\n\n{{ codes[0] }}\n\n-->'),
    ['5: there is HTML in the text', '7: a code is missing'],
  ],
  [
    'faults in front matter and text',
    file('name: X\nterm: forever', 'Hi\n{{ x }}'),
    ['3: term: "forever"', '6: there is no "x"'],
  ],
];

for (const [title, content, expected] of FAULTY) {
  test(`refused, with the line: ${title}`, async (t) => {
    const faults = await faultsOf(content);
    t.is(faults.length, expected.length, faults.join('\n'));
    for (const [index, start] of expected.entries()) t.true(faults[index]?.startsWith(start), faults[index]);
  });
}

test('all faults of all files are reported at once, each with its file', async (t) => {
  const files = {
    'a.md': 'x',
    'b.md': file(HEAD),
    'c.md': file('name: X\nterm: x\nseats: x'),
    'My App.md': file(HEAD),
  };
  await withFiles(files, async (folder) => {
    const error = await t.throwsAsync(loadCatalog(folder), { instanceOf: AppError });
    const lines = error.message
      .split('\n')
      .slice(1)
      .map((line) => line.slice(folder.length + 1, folder.length + 12));
    t.deepEqual(
      lines.map((line) => line.replace(/: .*/, ':')),
      ['My App.md:1', 'a.md:1:', 'c.md:3:', 'c.md:4:'],
    );
  });
});

test('fault 41: two files that name the same product of a marketplace are refused, with both files and the line', async (t) => {
  const faultOf = async (files: Record<string, string>) =>
    withFiles(files, async (folder) => {
      try {
        await loadCatalog(folder);
        return [];
      } catch (error) {
        return String(error).replaceAll(`${folder}/`, '').split('\n').slice(1);
      }
    });
  const told = (file: string, marketplace: string, name: string) => [
    `${file}: ${marketplace} sells "${name}" as the product of a.md already: name it in one of the two files only`,
  ];
  const selling = (marketplaces: string) => file(`${HEAD}\n${marketplaces}`);
  const fastspring = selling('marketplaces:\n  fastspring:\n    product:\n      - app\n      - app-yearly');
  for (const [other, line, name] of [
    ['marketplaces: { fastspring: { product: app-yearly } }', 4, 'app-yearly'],
    ['marketplaces:\n  fastspring:\n    product: [x,\n      App]', 7, 'App'],
  ] as const)
    t.deepEqual(
      await faultOf({ 'a.md': fastspring, 'b.md': selling(other) }),
      told(`b.md:${line}`, 'fastspring', name),
    );
  const unnamed = { 'a.md': fastspring, 'app.md': selling('marketplaces:\n  fastspring: {}') };
  t.deepEqual(await faultOf(unnamed), told('app.md:5', 'fastspring', 'app'));
  const paddle = (product: string) => selling(`marketplaces: { paddle-classic: { product: ${product} } }`);
  t.deepEqual(
    await faultOf({ 'a.md': paddle('[1, 2]'), 'b.md': paddle('[3, 2]') }),
    told('b.md:4', 'paddle-classic', '2'),
  );
});

test('files with different products, or with the same name at different marketplaces, have no fault', async (t) => {
  const catalog = await load({
    'a.md': file(`${HEAD}\nmarketplaces: { fastspring: { product: "1" }, paddle-classic: {} }`),
    'b.md': file(
      `${HEAD}\nmarketplaces: { fastspring: { product: ["2", "2"] }, paddle-classic: { product: 1 } }`,
    ),
    'c.md': file(`${HEAD}\nmarketplaces: { fastspring: {}, paddle-classic: {} }`),
    'd.md': file(`${HEAD}\nmarketplaces: { paddle-classic: { product: x } }`),
    'e.md': file(`${HEAD}\nmarketplaces: { paddle-classic: { product: X } }`),
  });
  t.is(catalog.all().length, 5);
});

test("fault 42: the README's first product has no fault; for a perpetual term its last sentence is one", async (t) => {
  const readme = await readFile('README.md', 'utf8');
  const [, starter = ''] = /^````\n(---\nname: My App\n[\s\S]*?)^````$/m.exec(readme) ?? [];
  t.deepEqual(await faultsOf(starter), []);
  const [told, ...others] = await faultsOf(starter.replace('term: P1Y', 'term: perpetual'));
  t.deepEqual(others, []);
  t.regex(told ?? '', /^17: for a license that is valid for good the text reads ".*It is valid until \."/);
});

test('an empty or missing folder is a fault that says where a product file belongs', async (t) => {
  await withFiles({}, async (folder) => {
    const empty = await t.throwsAsync(loadCatalog(folder), { instanceOf: AppError });
    t.true(empty.message.includes(join(folder, 'my-app.md')));
    const none = await t.throwsAsync(loadCatalog(join(folder, 'none')), { instanceOf: AppError });
    t.regex(none.message, /cannot be read/);
    await mkdir(join(folder, 'folder.md'));
    await t.throwsAsync(loadCatalog(folder), { message: /folder\.md:1: the file cannot be read/ });
  });
});

test('the example is a product without a fault, and its text names every key', async (t) => {
  const catalog = await loadCatalog('data/products');
  t.truthy(catalog.get('example'));
  const text = await readFile('data/products/example.md', 'utf8');
  for (const key of Object.keys(catalog.get('example')!)) {
    const written = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (!['id', 'message', 'translations'].includes(key)) t.regex(text, new RegExp(`^${written}:`, 'm'));
  }
});
