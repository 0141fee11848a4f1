import { readFileSync } from 'node:fs';
import test from 'ava';
import { isUpToDate } from '../../../verifiers/vectors/make.ts';
import {
  FILE,
  firstOf,
  isAsPublished,
  type ReadCase,
  type Vectors,
} from '../../../verifiers/vectors/published.ts';
import { answerTo } from '../../kit/sample-codes.ts';

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

test('there are at least 700 inputs, and several of each verdict', (t) => {
  t.true(vectors.read.length >= 700);
  for (const [verdict, cases] of Object.entries(Object.groupBy(vectors.read, (each) => each.verdict))) {
    t.true(cases!.length >= 3, verdict);
  }
});

test('each kind of repair, each thing seen, and days to keep are in several cases', (t) => {
  const count = (has: (each: ReadCase) => boolean) => vectors.read.filter(has).length;
  for (const kind of ['substitution', 'swap', 'omission', 'insertion'])
    t.true(count(({ repaired }) => repaired?.kind === kind) >= 15, kind);
  for (const seen of ['order-number', 'e-mail-address', 'link', 'text'])
    t.true(count((each) => each.seen === seen) >= 1, seen);
  t.true(count(({ keep }) => keep !== undefined) >= 30);
  t.true(count(({ has }) => has !== undefined) >= 15);
});

test('control: a case with any detail changed is found', (t) => {
  const named = (name: string) => vectors.read.find((each) => each.name === name)!;
  for (const [each, change] of [
    [named('one character wrong'), { repaired: null }],
    [named('seen: a link'), { seen: 'text' }],
    [named('clock: in between'), { keep: '2027-05-02' }],
    [named('features: the first'), { has: [] }],
    [named('of several licenses: three'), { choices: [] }],
    [named('said: a slip in the head, and another'), { group: null }],
  ] as const) {
    t.like(
      answerTo(each),
      Object.fromEntries(Object.keys(change).map((name) => [name, Reflect.get(each, name)])),
    );
    t.notDeepEqual(answerTo(each), { ...answerTo(each), ...change });
  }
});
