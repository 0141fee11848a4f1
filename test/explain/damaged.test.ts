import test from 'ava';
import { damagedCodes } from '../../src/explain/damaged.ts';
import { lettersOf } from '../../src/explain/letters.ts';
import { findCodes } from '../../src/license-code/find-codes.ts';
import { fakeLedger, storyOf } from '../kit/desk-ledger.ts';
import { KEYRING } from '../kit/minting.ts';

const STORY = storyOf();
const OTHER = storyOf({ unit: 1 });
const { code } = STORY;

function look(text: string) {
  const { ledger, stories } = fakeLedger();
  stories.push(STORY, OTHER);
  const parts = { keyring: KEYRING, products: ['another', 'app'], ledger };
  return damagedCodes(lettersOf(text), findCodes(text), parts);
}

test('a code with slips after its license id is found in the ledger', async (t) => {
  const typed = `${code.slice(0, 99)}U${code.slice(100)}`;
  const [found, ...others] = await look(`Hello!\n\n${typed}\n\nThank you, Ada`);
  t.is(others.length, 0);
  t.is(found?.code, code);
  t.deepEqual(found?.license.id, STORY.id);
  t.deepEqual(found?.slips, [`character 100 is U and should be ${code[99]}`]);
});

test('a truncated code is found in the ledger', async (t) => {
  const [found] = await look(`my code is ${code.slice(0, 70)}`);
  t.deepEqual(found?.slips, ['only the first 70 of 160 characters are as they were sent']);
});

test('of several damaged codes each is found, and a readable code is not among them', async (t) => {
  const cut = (whole: string) => whole.slice(0, 80);
  const found = await look(`${cut(code)}.\n${cut(OTHER.code)}.`);
  t.deepEqual(
    found.map(({ license }) => license.unit),
    [0, 1],
  );
  t.deepEqual(await look(`${code}.\n${OTHER.code}`), []);
});

test('a code whose license id is damaged or unknown is not guessed', async (t) => {
  const id = code.slice(0, 10) + (code[10] === '7' ? '8' : '7') + code.slice(11, 90);
  t.deepEqual(await look(id), []);
  t.deepEqual(await look(storyOf({ unit: 5 }).code.slice(0, 90)), []);
  t.deepEqual(await look(storyOf({ product: 'unknown' }).code.slice(0, 90)), []);
  t.deepEqual(await look('no code at all'), []);
});
