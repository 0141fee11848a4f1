/** The tables of docs/life.md are equal to the tables that the code makes. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import {
  CHARGES,
  changesOf,
  chargeSale,
  chargeTable,
  FATES,
  fieldTable,
  PRODUCTS,
  ROWS,
  Sale,
  SITUATIONS,
  situationTable,
} from './life-tables.ts';

const PAGE = readFileSync(new URL('../../../docs/life.md', import.meta.url), 'utf8');

/** The table of a section of the page. */
function tableUnder(heading: string): string {
  const section = PAGE.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .join('\n');
}

for (const [heading, tableOf] of [
  ['What a fact does in each situation', situationTable],
  ['What happens to a charge', chargeTable],
  ['What a fact does to each part of an entitlement', fieldTable],
] as const) {
  test(`the table of docs/life.md is what the code does: ${heading}`, (t) => {
    const table = tableOf();
    if (tableUnder(heading) !== table) t.log(`the table is to be:\n\n${table}`);
    t.true(tableUnder(heading) === table);
    // The control: a word that differs is found.
    t.false(tableUnder(heading).replace('·', 'ended') === table && table.includes('·'));
  });
}

test('every situation of the table has the state in its name', (t) => {
  for (const [name, before] of SITUATIONS) t.true(name.startsWith(new Sale().tell(before).state), name);
});

const everyFact = Object.values(ROWS).flat();

test('fault 33: no fact about maintenance touches the state or the last valid day of a perpetual license', (t) => {
  const perpetual = PRODUCTS[1]!;
  const of: ReadonlySet<string> = new Set([
    ...['paid', 'asked', 'dated', 'resized', 'announced', 'overdue', 'recovered', 'paused', 'resumed'],
    ...['canceled', 'uncanceled', 'deactivated'],
  ]);
  for (const [words, body] of everyFact.filter(([, { kind }]) => of.has(kind))) {
    const changed = changesOf(body, perpetual[1], perpetual[2]);
    t.true(
      changed.every((text) => text.startsWith('updatesUntil')),
      `${words}: ${changed}`,
    );
  }
});

test('no fact changes whether a code is of a trial, or its day of issue', (t) => {
  for (const [, product, quantity] of PRODUCTS)
    for (const [words, body] of everyFact)
      t.false(/trial|issued/.test(changesOf(body, product, quantity).join()), words);
});

test('a paid charge and a won dispute leave the same license', (t) => {
  const [paid, won] = [FATES[0]![1], FATES[5]![1]];
  for (const row of CHARGES) t.deepEqual(chargeSale(row, won).units, chargeSale(row, paid).units, row.words);
});

test('a lost dispute and a returned charge leave the same license', (t) => {
  const [returned, lost] = [FATES[2]![1], FATES[6]![1]];
  for (const row of CHARGES)
    t.deepEqual(chargeSale(row, lost).units, chargeSale(row, returned).units, row.words);
});
