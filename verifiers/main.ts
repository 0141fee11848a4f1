/** `npm run test:verifiers`: compares the verifier of each language with an installed toolchain to the reference. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, readVectors, reference } from './case.ts';
import { compare } from './differential.ts';
import { generateCases } from './generate.ts';
import { build, clearUp, type Language, languagesIn, toolchainVersion, whatIsMissing } from './language.ts';
import { type Options, readOptions, UsageError } from './options.ts';
import { judgeSuite, type Outcome, suites } from './suites.ts';

const ROOT = import.meta.dirname;
const VECTORS = join(ROOT, 'vectors', 'license-code-v1.json');
const SHARED = join(ROOT, '..', '..', 'shared');

type Check = readonly [name: string, judge: (language: Language) => Outcome];

try {
  const options = readOptions(process.argv.slice(2));
  if (options !== null) process.exitCode = runAll(options, languagesIn(ROOT, options.only)) ? 0 : 1;
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

/** True if every available language passed, or, in the control, failed every check. */
function runAll(options: Options, languages: readonly Language[]): boolean {
  const controls = options.control ? mkdtempSync(join(tmpdir(), 'mintmark-control-')) : null;
  try {
    const checks = prepareChecks(options, controls);
    const ran = languages.map((language) => runOne(language, checks, options.control));
    return ran.some((good) => good !== null) && !ran.includes(false);
  } finally {
    for (const language of languages) clearUp(language);
    if (controls !== null) rmSync(controls, { recursive: true });
  }
}

function prepareChecks(options: Options, controls: string | null): Check[] {
  const vectors = readVectors(VECTORS);
  const cases = generateCases(vectors, options);
  const expected = cases.map(reference(vectors));
  process.stdout.write(
    `${cases.length} generated inputs, --seed ${options.seed}: ${countWords(expected)}\n\n`,
  );
  const spoil = controls === null ? (answers: Answer[]) => answers : turnFirstRound;
  return [
    ...suites(VECTORS, SHARED, controls).map(
      (suite): Check => [suite.name, (each) => judgeSuite(each, suite)],
    ),
    ['differential', (language) => compare(language, VECTORS, cases, expected, spoil)],
  ];
}

/** Returns null if the toolchain is missing. */
function runOne(language: Language, checks: readonly Check[], control: boolean): boolean | null {
  const name = language.language.padEnd(8);
  const missing = whatIsMissing(language);
  if (missing !== null) {
    process.stdout.write(`${name} not run here: ${missing}\n`);
    return null;
  }
  const fault = build(language);
  if (fault !== null) {
    process.stdout.write(`${name} cannot be built: ${fault}\n`);
    return false;
  }
  process.stdout.write(`${name} ${toolchainVersion(language)}\n`);
  return checks.map(([check, judge]) => tell(check, judge(language), control)).every((good) => good);
}

function tell(check: string, { passed, failed, report }: Outcome, control: boolean): boolean {
  const good = control ? failed > 0 : failed === 0 && passed > 0;
  const remark = control ? (good ? ', as the control must' : ': the control should have failed') : '';
  process.stdout.write(`         ${check.padEnd(13)} ${passed} passed, ${failed} failed${remark}\n`);
  if (!good && report !== '') process.stdout.write(`${report.replaceAll(/^/gm, '           ')}\n`);
  return good;
}

function turnFirstRound(answers: Answer[]): Answer[] {
  return answers.map((answer, i) =>
    i === 0 ? { verdict: answer.verdict === 'forged' ? 'valid' : 'forged' } : answer,
  );
}

function countWords(answers: readonly Answer[]): string {
  const counts = Map.groupBy(answers, ({ verdict }) => verdict);
  return [...counts].map(([verdict, all]) => `${all.length} ${verdict}`).join(', ');
}
