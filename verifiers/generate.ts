/** Generates the inputs of the differential run from a seed: codes changed by mail programs, people and forgers. */
import type { Case, Vectors } from './case.ts';
import { CHANGES } from './changes.ts';
import { codePointCases } from './code-points.ts';
import { type Random, seededRandom } from './random.ts';

interface Wanted {
  readonly seed: number;
  readonly cases: number;
  readonly allCodePoints: boolean;
}

/** Large inputs: with more than linear time the run takes minutes. */
const BIG: readonly string[] = [
  'A'.repeat(2 ** 20),
  ' '.repeat(2 ** 20),
  'A\u0301'.repeat(2 ** 18),
  `A${'\u0301\u0323'.repeat(2 ** 19)}`,
  `${'\uff9e'.repeat(2 ** 18)}A`,
  '\ufdfa'.repeat(2 ** 18),
  'Ⅷ'.repeat(2 ** 18),
  // Each character folds to five letters, the maximum, so that a smaller buffer overflows.
  '㎯'.repeat(2 ** 16),
  'A\n'.repeat(2 ** 18),
  `${'0'.repeat(159)} `.repeat(2 ** 12),
  `${'0'.repeat(160)}\n`.repeat(2 ** 12),
];

/** Deterministic by seed. Well-formed Unicode, so that every language can read the JSON. */
export function generateCases(vectors: Vectors, { seed, cases, allCodePoints }: Wanted): Case[] {
  const random = seededRandom(seed);
  const codes = vectors.mint.map(({ code, license }) => ({ input: code, product: license.product }));
  const foreign = vectors.read.filter(({ verdict }) => verdict !== 'valid' && verdict !== 'empty');
  const seeds = [...codes, ...codes, ...foreign.map(({ input, product }) => ({ input, product }))];
  const edited = Array.from({ length: cases }, (_, i): Case => {
    const { input, product } = random.one(seeds);
    let pasted = input.isWellFormed() ? input : '';
    const other = random.one(codes).input;
    for (let more = i % 3; more >= 0; more--) pasted = random.one(CHANGES)(pasted, random, other);
    return circumstances(pasted.toWellFormed(), product, random);
  });
  const big = BIG.map((input) => circumstances(input, 'acme-editor', random));
  const published = vectors.read.filter((each) => each.input.isWellFormed()).map(asCase);
  return [...published, ...edited, ...big, ...codePointCases(vectors, random, allCodePoints)];
}

function asCase({ input, product, today, buildDate, allowTest, revoked, latestDay, features }: Case): Case {
  return {
    ...{ input, product, today, buildDate, allowTest, revoked },
    ...(latestDay !== undefined && { latestDay }),
    ...(features !== undefined && { features }),
  };
}

function circumstances(input: string, product: string, random: Random): Case {
  const license = '0192f3a1-7c4e-7d2b-9a11-5f0c3be8d671';
  return {
    input,
    product: random.below(10) === 0 ? random.one(['acme-player', 'Ünïcode™', 'a', 'x'.repeat(64)]) : product,
    today: random.one([
      '2026-11-21',
      '2026-11-21',
      '2026-11-18',
      '2026-11-19',
      '2027-11-25',
      '1970-01-01',
      '2149-06-06',
    ]),
    buildDate: random.one([null, null, '2026-11-21', '2027-11-21', '2027-11-22', '2149-06-06']),
    allowTest: random.below(2) === 0,
    revoked: random.below(10) === 0 ? [license] : [],
    ...(random.below(4) === 0 && {
      latestDay: random.one(['2026-11-20', '2027-01-01', '2027-11-25', '2028-01-01']),
    }),
    ...(random.below(4) === 0 && { features: ['export', 'print', 'sync'] }),
  };
}
