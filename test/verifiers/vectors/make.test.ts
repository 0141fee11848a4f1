import { readFileSync } from 'node:fs';
import test from 'ava';
import { createReader } from '../../../src/license-code/reader.ts';
import { isUpToDate } from '../../../verifiers/vectors/make.ts';
import { FILE, firstOf, isAsPublished, type Vectors } from '../../../verifiers/vectors/published.ts';

const text = readFileSync(FILE, 'utf8');
const vectors: Vectors = JSON.parse(text);

test('the committed file is what the script makes, byte for byte', (t) => {
  t.true(isUpToDate(text), 'npm run vectors');
});

test('control: a file with a verdict changed is not what the script makes', (t) => {
  const last = text.lastIndexOf('"too-long"');
  t.true(last > 0);
  t.false(isUpToDate(`${text.slice(0, last)}"valid"${text.slice(last + '"too-long"'.length)}`));
});

test('the cases that were published first stay as they are, letter for letter', (t) => {
  t.true(isAsPublished(firstOf(vectors)));
});

test('control: a published case with a letter changed is found', (t) => {
  const [first, ...rest] = vectors.read;
  t.false(isAsPublished(firstOf({ ...vectors, read: [{ ...first!, name: 'as Minted' }, ...rest] })));
  t.false(isAsPublished(firstOf({ ...vectors, mint: vectors.mint.slice(1) })));
});

test('there are at least 150 inputs, and several of each verdict', (t) => {
  t.true(vectors.read.length >= 150);
  for (const [verdict, cases] of Object.entries(Object.groupBy(vectors.read, (each) => each.verdict))) {
    t.true(cases!.length >= 3, verdict);
  }
});

test('a reader gives the published position and count', (t) => {
  const keyring = vectors.keyring.map(({ id, mode, publicKey }) => ({
    id,
    mode,
    publicKey,
    state: 'active' as const,
    created: '2026-11-21',
  }));
  const told = vectors.read.filter(({ position, count }) => position !== undefined || count !== undefined);
  t.true(told.length >= 40);
  for (const { name, input, product, today, verdict, position, count } of told) {
    const detail = position === undefined ? { count } : { position };
    t.like(createReader({ product, keyring, today }).read(input), { verdict, ...detail } as object, name);
  }
});
