import test from 'ava';
import { cut } from '../../../src/domain/values/cut.ts';
import fc from '../../kit/fast-check.ts';

// Of 7, 2 and 2 code points.
const FAMILY = '👨‍👩‍👧‍👦';
const THUMB = '👍🏽';
const FLAG = '🇫🇷';

test('a text that fits stays unchanged', (t) => {
  for (const text of ['', 'Ada', FAMILY, 'a'.repeat(200)]) t.is(cut(text, Math.max(text.length, 1)), text);
});

const CASES: readonly (readonly [string, string, number, string])[] = [
  ['a family', `abc${FAMILY}`, 9, 'abc'],
  ['a family that just fits', `abc${FAMILY}d`, 10, `abc${FAMILY}`],
  ['a thumb with a skin tone', `ab${THUMB}`, 3, 'ab'],
  ['an emoji outside of the basic plane', '😀😀', 1, '😀'],
  ['a flag', `a${FLAG}${FLAG}`, 4, `a${FLAG}`],
  ['a letter with a combining accent', 'Zoe\u0308', 3, 'Zo'],
  ['a CR LF', 'ab\r\n', 3, 'ab'],
  ['a plain word', 'Ada Byron', 3, 'Ada'],
];

for (const [what, text, longest, expected] of CASES)
  test(`${what} is never cut in two`, (t) => t.is(cut(text, longest), expected));

test('a single grapheme that is too long is cut between code points', (t) => {
  t.is(cut(`e${'\u0301'.repeat(50)}`, 10), `e${'\u0301'.repeat(9)}`);
  t.is(cut(FAMILY, 1), '👨');
  t.is(cut(FAMILY, 3), '👨‍👩');
});

/** The texts that `cut` has segmented meanwhile. */
function segmented(run: () => void): readonly string[] {
  const texts: string[] = [];
  const { segment } = Intl.Segmenter.prototype;
  Intl.Segmenter.prototype.segment = function (text) {
    texts.push(text);
    return segment.call(this, text);
  };
  try {
    run();
  } finally {
    Intl.Segmenter.prototype.segment = segment;
  }
  return texts;
}

test('a text that fits is not segmented, and of a longer one only what can reach beyond the cut', (t) => {
  const fits = segmented(() => {
    cut('Ada', 3);
    cut('Ada', 4);
  });
  t.deepEqual(fits, []);
  t.deepEqual(
    segmented(() => cut('a'.repeat(1000), 3)),
    ['a'.repeat(8)],
  );
});

test('a text of fewer code points than units that fits stays unchanged', (t) => {
  t.is(cut('😀😀', 2), '😀😀');
  t.is(cut('😀😀', 3), '😀😀');
});

/** The rule as it reads, by segmenting the whole text. */
function cutSlowly(text: string, longest: number): string {
  let kept = '';
  for (const { segment } of new Intl.Segmenter('en').segment(text)) {
    if ([...kept, ...segment].length > longest) break;
    kept += segment;
  }
  return kept;
}

/** Differs from `cut` where graphemes are cut: the control. */
const cutPoints = (text: string, longest: number) => [...text].slice(0, longest).join('');

const pieces = fc.constantFrom(
  'a',
  'é',
  'e\u0301',
  '\u200d',
  '\u200d👦',
  FAMILY,
  THUMB,
  FLAG,
  '🇫',
  '각',
  'ᄀ',
  'ᅡ',
  '\r',
  '\n',
);
const texts = fc.array(pieces, { maxLength: 30 }).map((list) => list.join(''));
const agrees = (way: (text: string, longest: number) => string) =>
  fc.check(
    fc.property(texts, fc.integer({ min: 1, max: 40 }), (text, longest) => {
      const slow = cutSlowly(text, longest);
      return slow === '' || way(text, longest) === slow;
    }),
    { numRuns: 2000, seed: 1 },
  );

test('segmenting only around the cut keeps as many graphemes as segmenting the whole text', (t) => {
  const { failed, counterexample } = agrees(cut);
  t.false(failed, JSON.stringify(counterexample));
  t.true(agrees(cutPoints).failed);
});
