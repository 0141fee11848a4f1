/** The known settings, docs/settings.md and .env.example name the same settings. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { SECRET_NAMES, SETTING_NAMES } from '../../src/service/config.ts';

const PAGE = readFileSync('docs/settings.md', 'utf8');
const EXAMPLE = readFileSync('.env.example', 'utf8');

/** The settings that a text names and the code does not know, and the reverse. */
type Difference = { readonly unknown: readonly string[]; readonly missing: readonly string[] };

function differenceTo(known: readonly string[], named: readonly string[]): Difference {
  return {
    unknown: named.filter((name) => !known.includes(name)),
    missing: known.filter((name) => !named.includes(name)),
  };
}

const namesIn = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, name = '']) => name);

const inTable = (page: string) => namesIn(page, /^\| `([A-Z0-9_]+)` \|/gm);
const withFile = (page: string) => namesIn(page, /^\| `([A-Z0-9_]+)`.*\| ✓ \|$/gm);
const inExample = (text: string) => namesIn(text, /^#?([A-Z][A-Z0-9_]*)=/gm);

const NO_DIFFERENCE = { unknown: [], missing: [] };

test('docs/settings.md has a row for each setting, and none for another', (t) => {
  t.deepEqual(differenceTo(SETTING_NAMES, inTable(PAGE)), NO_DIFFERENCE);
});

test('docs/settings.md marks exactly the settings that can be given as a file', (t) => {
  t.deepEqual(differenceTo(SECRET_NAMES, withFile(PAGE)), NO_DIFFERENCE);
});

test('.env.example names each setting, and no other', (t) => {
  t.deepEqual(differenceTo(SETTING_NAMES, inExample(EXAMPLE)), NO_DIFFERENCE);
});

test('no setting is named twice', (t) => {
  for (const names of [inTable(PAGE), inExample(EXAMPLE)]) t.deepEqual(names, [...new Set(names)]);
});

test('control: a row too many, a row that is missing and a mark too many are found', (t) => {
  const page = PAGE.replace('| `PORT` |', '| `PORTS` |').replace(/^(\| `HOST`.*)\| \|$/m, '$1| ✓ |');
  t.deepEqual(differenceTo(SETTING_NAMES, inTable(page)), { unknown: ['PORTS'], missing: ['PORT'] });
  t.deepEqual(differenceTo(SECRET_NAMES, withFile(page)), { unknown: ['HOST'], missing: [] });
  const example = EXAMPLE.replace('#OUTBOX=', '#OUTBOXES=');
  t.deepEqual(differenceTo(SETTING_NAMES, inExample(example)), {
    unknown: ['OUTBOXES'],
    missing: ['OUTBOX'],
  });
});
