/** shop.yaml and the texts: what is read, and each fault with its line and what to write. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { contrast } from '../../src/customer/contrast.ts';
import { lookOf } from '../../src/customer/look.ts';
import { loadShop } from '../../src/customer/shop.ts';
import { loadTexts, NAME, textsFor } from '../../src/customer/texts.ts';
import { SHOP_FILES } from '../kit/customer.ts';
import { temporaryFolder } from '../kit/service.ts';

function folderWith(t: ExecutionContext, files: Readonly<Record<string, string | Buffer>>): string {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'texts'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return join(folder, 'shop.yaml');
}

const faultsOf = async (t: ExecutionContext, files: Readonly<Record<string, string | Buffer>>) => {
  const file = folderWith(t, files);
  const error = await t.throwsAsync(loadShop(file), { code: 'bad_configuration' });
  return (error?.message ?? '').replaceAll(join(file, '..'), '');
};

test('a shop has a name, help, a picture and a color; both pages are on unless they are switched off', async (t) => {
  const shop = await loadShop(
    folderWith(t, {
      ...SHOP_FILES,
      'shop.yaml': `${SHOP_FILES['shop.yaml']}accent: "#0b5d4e"\nlost_code: off\n`,
    }),
  );
  t.like(shop, { name: 'Lumen', help: 'help@lumen.example', lostCode: false, licensePage: true });
  t.is(shop?.picture?.type, 'image/svg+xml');
  t.deepEqual(shop?.accent, { light: '#0b5d4e', dark: undefined });
  t.deepEqual([...(shop?.texts.keys() ?? [])], ['en', 'de']);
  const look = shop && lookOf(shop);
  t.is(String(look?.style?.bytes), ':root { --accent: light-dark(#0b5d4e, #74cfbf); }\n');
  t.is(await loadShop(join(temporaryFolder(t), 'shop.yaml')), undefined, 'there is none');
});

test('each fault is told with its line and what to write', async (t) => {
  const head = 'name: Lumen\nhelp: help@lumen.example\n';
  for (const [text, fault] of [
    ['name: Lumen\n', 'shop.yaml:1: help: is missing'],
    ['name: Lumen\nhelp: nobody\n', 'shop.yaml:2: help: "nobody" is neither an e-mail address nor a page'],
    [`${head}accent: teal\n`, 'shop.yaml:3: accent: "teal" is not a color: write six digits'],
    [
      `${head}accent: "#f3c55b"\n`,
      'shop.yaml:3: accent: "#f3c55b" has a contrast of 1.48, and 4.5 is needed',
    ],
    [`${head}accent_dark: "#0e6257"\n`, 'shop.yaml:3: accent_dark: "#0e6257" has a contrast of'],
    [
      `${head}picture: ../key.pem\n`,
      'shop.yaml:3: picture: "../key.pem" is not the name of a file beside this one',
    ],
    [`${head}picture: a.gif\n`, 'shop.yaml:3: picture: must end with one of .svg, .png, .jpg, .webp'],
    [`${head}picture: a.png\n`, 'cannot be read: put the picture beside this file'],
    [`${head}colour: red\n`, 'shop.yaml:3: colour: there is no such key'],
    [`${head}lost_code: maybe\n`, 'shop.yaml:3: lost_code: "maybe" is not one of on, off'],
  ] as const)
    t.true(
      (await faultsOf(t, { 'shop.yaml': text })).includes(fault),
      `${fault}\n${await faultsOf(t, { 'shop.yaml': text })}`,
    );
  const large = { 'shop.yaml': `${head}picture: a.png\n`, 'a.png': Buffer.alloc(100_001) };
  t.true((await faultsOf(t, large)).includes('has more than 100000 bytes'));
});

test('contrast is that of WCAG: 21 for black on white, 1 for a color on itself', (t) => {
  t.is(contrast('#000000', '#ffffff'), 21);
  t.is(contrast('#ffffff', '#000000'), 21);
  t.is(contrast('#777777', '#777777'), 1);
  t.is(contrast('#767676', '#ffffff').toFixed(2), '4.54');
});

test('a text of the seller replaces ours, another language falls back to English, and a fault has its line', async (t) => {
  const files = { 'shop.yaml': SHOP_FILES['shop.yaml'] ?? '', 'lumen.svg': SHOP_FILES['lumen.svg'] ?? '' };
  const shop = await loadShop(
    folderWith(t, {
      ...files,
      'texts/en.yaml': 'lost.title: Where is my code?\n',
      'texts/fr.yaml': '# French\nlost.title: Code perdu ?\n',
    }),
  );
  const said = (accept: string) => textsFor(shop?.texts ?? new Map(), accept);
  t.is(said('en').say('lost.title'), 'Where is my code?');
  t.is(said('fr-CH, en;q=0.8').say('lost.title'), 'Code perdu ?');
  t.is(said('fr').say('lost.send'), 'Send it to me');
  const faults = await faultsOf(t, {
    ...files,
    'texts/en.yaml': 'lost.titel: x\n\nhave.updates_until: included\nquestions: "{help} {code}"\n',
    'texts/xx.yaml': 'lost.title: x\n',
  });
  t.true(faults.includes('/texts/en.yaml:1: lost.titel: there is no such text'), faults);
  t.true(faults.includes('lost.title'), 'the nearest is named');
  t.true(faults.includes('/texts/en.yaml:3: have.updates_until: {day} is missing in it'));
  t.true(faults.includes('/texts/en.yaml:4: questions: {code} is nothing that it can name'));
  t.true(faults.includes('/texts/xx.yaml:1: xx is not the tag of a known language'));
});

test('the shipped languages have the same texts with the same names, and the pages name no other text', async (t) => {
  const { texts } = await loadTexts(join(temporaryFolder(t), 'none'));
  const [english, german] = [texts.get('en'), texts.get('de')];
  if (english === undefined || german === undefined) return t.fail('a language is missing');
  t.deepEqual([...german.keys].sort(), [...english.keys].sort());
  const names = (text: string) => [...text.matchAll(NAME)].map(([name]) => name).sort();
  for (const key of english.keys) t.deepEqual(names(german.pattern(key)), names(english.pattern(key)), key);
  const source = readdirSync('src/customer')
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join('src/customer', file), 'utf8'))
    .join('\n');
  const used = [...source.matchAll(/(?:say\(|phrase\(texts, |key: )'([a-z_.]+)'/g)].map(
    ([, key = '']) => key,
  );
  t.true(used.length > 50);
  for (const key of used) t.notThrows(() => english.pattern(key), key);
  t.throws(() => english.pattern('no.such'), { instanceOf: TypeError }, 'control');
});

test('the language is the best wanted one that there is', async (t) => {
  const { texts } = await loadTexts(join(temporaryFolder(t), 'none'));
  const language = (accepted: string) => textsFor(texts, accepted).language;
  t.is(language(''), 'en');
  t.is(language('*'), 'en');
  t.is(language('de'), 'de');
  t.is(language('en;q=0.3, de;q=0.4'), 'de');
  t.is(language('de;q=0, en'), 'en');
  t.is(language('ja, pt'), 'en');
  t.is(language(`${'x,'.repeat(10_000)}de`), 'en', 'a long header is cut');
});
