/** Front matter is parsed once per text and parsing code, and is checked at each start. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ParsedHeads } from '../../src/catalog/parsed-heads.ts';
import { readProductFile } from '../../src/catalog/product-file.ts';

const TEXT = readFileSync('data/products/example.md', 'utf8');

function fileFor(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'mintmark-heads-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return join(folder, 'heads.json');
}

/** One start with one product file. */
function start(file: string, text = TEXT, code = 'code 1') {
  const heads = new ParsedHeads(file, code);
  const product = readProductFile('app', Buffer.from(text), { heads });
  heads.save();
  return product;
}

function nameOf(product: ReturnType<typeof start>): string | undefined {
  return 'name' in product ? product.name : undefined;
}

/** Changes what the file remembers of the example's name, so that its use shows. */
function rename(file: string, name: string): void {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/"name":"[^"]*"/, `"name":${JSON.stringify(name)}`));
}

test('a product read from remembered front matter equals the product read from its text', (t) => {
  const file = fileFor(t);
  const plain = readProductFile('app', Buffer.from(TEXT));
  for (let number = 0; number < 3; number++) t.deepEqual(start(file), plain);
});

test('front matter that an earlier start parsed is not parsed again', (t) => {
  const file = fileFor(t);
  start(file);
  rename(file, 'Remembered');
  t.is(nameOf(start(file)), 'Remembered');
});

test('another text or other parsing code: it is parsed again', (t) => {
  const file = fileFor(t);
  start(file);
  rename(file, 'Remembered');
  t.not(nameOf(start(file, TEXT.replace(/^name:/m, 'name:  '))), 'Remembered');
  start(file);
  rename(file, 'Remembered');
  t.not(nameOf(start(file, TEXT, 'code 2')), 'Remembered');
});

test('remembered front matter is checked: if it has faults, the text is parsed', (t) => {
  const file = fileFor(t);
  const plain = start(file);
  writeFileSync(file, readFileSync(file, 'utf8').replace('"name":', '"names":'));
  t.deepEqual(start(file), plain);
});

test('front matter with faults is never remembered, and each fault keeps its line', (t) => {
  const file = fileFor(t);
  const faulty = TEXT.replace(/^name:.*$/m, 'nome: x');
  const faults = readProductFile('app', Buffer.from(faulty));
  t.true(Array.isArray(faults));
  for (let number = 0; number < 3; number++) t.deepEqual(start(file, faulty), faults);
  t.throws(() => readFileSync(file));
});

test('a damaged or unwritable file only costs the parsing', (t) => {
  const file = fileFor(t);
  const plain = readProductFile('app', Buffer.from(TEXT));
  for (const content of ['', '[]', '{"a":1}', 'null', '\0']) {
    writeFileSync(file, content);
    t.deepEqual(start(file), plain, content);
  }
  t.deepEqual(start(join(file, 'no-folder')), plain);
});

test('text that no start reads any more is removed', (t) => {
  const file = fileFor(t);
  start(file);
  start(file, TEXT.replace(/^name:.*$/m, 'name: Other'));
  t.is(Object.keys(JSON.parse(readFileSync(file, 'utf8'))).length, 1);
});
