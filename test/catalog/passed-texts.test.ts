/** A text is checked once per state of its inputs, and a faulty text is never remembered. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { CHECKED_BY, PassedTexts } from '../../src/catalog/passed-texts.ts';
import type { Message } from '../../src/domain/values/product.ts';
import { checkTemplate } from '../../src/message/check-template.ts';
import { kindsOf, type LicenseKinds } from '../../src/message/find-empty.ts';

const GOOD = '{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n';
const BAD = 'Here: {{ codes | first }}\n';

const textOf = (body: string): Message => ({
  digest: '00'.repeat(32),
  productId: 'app',
  productName: 'App',
  features: [],
  body,
});
const KINDS = kindsOf({ term: 'P1Y', updates: 'unlimited', ended: 'expire', grants: [] });

function fileFor(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'mintmark-texts-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return join(folder, 'passed.json');
}

/** One start: checks the texts and remembers those that passed. Returns how many were really checked. */
function start(file: string, looked: readonly [Message, LicenseKinds?][], code = 'code 1') {
  let checks = 0;
  const texts = new PassedTexts(file, code, (message, kinds) => {
    checks += 1;
    return checkTemplate(message, kinds);
  });
  const faults = looked.map(([message, kinds]) => texts.check(message, kinds).length);
  texts.save();
  return { checks, faults };
}

test('a text that passed is not checked at the next start', (t) => {
  const file = fileFor(t);
  t.deepEqual(start(file, [[textOf(GOOD), KINDS]]), { checks: 1, faults: [0] });
  t.deepEqual(start(file, [[textOf(GOOD), KINDS]]), { checks: 0, faults: [0] });
});

test('another text, product, kind of license or checking code: it is checked again', (t) => {
  const file = fileFor(t);
  start(file, [[textOf(GOOD), KINDS]]);
  t.is(start(file, [[textOf(GOOD), KINDS]], 'code 2').checks, 1);
  start(file, [[textOf(GOOD), KINDS]]);
  const others: readonly [Message, LicenseKinds?][] = [
    [textOf(`${GOOD} `), KINDS],
    [{ ...textOf(GOOD), features: ['export'] }, KINDS],
    [{ ...textOf(GOOD), productName: 'App 2' }, KINDS],
    [textOf(GOOD), { ...KINDS, lastValid: [null] }],
    [textOf(GOOD)],
  ];
  t.is(start(file, others).checks, others.length);
});

test('a text with a fault is checked at each start', (t) => {
  const file = fileFor(t);
  for (let number = 0; number < 3; number++)
    t.deepEqual(start(file, [[textOf(BAD), KINDS]]), { checks: 1, faults: [1] });
});

test('a text that no start checks any more is removed', (t) => {
  const file = fileFor(t);
  start(file, [[textOf(GOOD), KINDS]]);
  start(file, [[textOf(`Hello\n\n${GOOD}`), KINDS]]);
  t.is(start(file, [[textOf(GOOD), KINDS]]).checks, 1);
});

test('a damaged or unwritable file only costs the check', (t) => {
  const file = fileFor(t);
  for (const content of ['', '{}', '[1, null]', '\0']) {
    writeFileSync(file, content);
    t.deepEqual(start(file, [[textOf(BAD), KINDS]]), { checks: 1, faults: [1] }, content);
  }
  const nowhere = join(file, 'no', 'folder', 'passed.json');
  for (let number = 0; number < 2; number++) t.is(start(nowhere, [[textOf(GOOD), KINDS]]).checks, 1);
});

/** The files of src/ whose code runs when a file runs: its imports, except imports of types only. */
function codeBehind(file: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(file)) return found;
  found.add(file);
  const text = readFileSync(join('src', file), 'utf8');
  for (const [, types, name = ''] of text.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from '(\.[^']+)';/gm))
    if (types === undefined) codeBehind(posix.join(dirname(file), name), found);
  return found;
}

test('all code that the check runs is part of the key', (t) => {
  const behind = [...codeBehind('message/check-template.ts')].filter((file) => !file.startsWith('message/'));
  t.deepEqual(behind.toSorted(), CHECKED_BY.map((name) => `${name}.ts`).toSorted());
  t.true(codeBehind('message/check-template.ts').size > 10, 'the control: files are found at all');
  t.true(CHECKED_BY.every((name) => existsSync(join('src', `${name}.ts`))));
});

test('the checking code is identified by its bytes, the same in each process', (t) => {
  const file = fileFor(t);
  const texts = new PassedTexts(file);
  t.deepEqual(texts.check(textOf(GOOD), KINDS), []);
  texts.save();
  const [key] = JSON.parse(readFileSync(file, 'utf8'));
  const again = new PassedTexts(file);
  again.check(textOf(GOOD), KINDS);
  again.save();
  t.deepEqual(JSON.parse(readFileSync(file, 'utf8')), [key]);
});
