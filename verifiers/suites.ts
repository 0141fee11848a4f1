/** The case files that a runner checks itself: the project's vectors, and the vectors of shared/ if present. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, type Language, run } from './language.ts';

export interface Suite {
  readonly name: 'vectors' | 'wycheproof' | 'speccheck';
  readonly file: string;
  /** The minimum number of cases that the runner must report as passed. */
  readonly cases: number;
}

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** Description of the failures. */
  readonly report: string;
}

interface Vectors {
  readonly mint: readonly object[];
  readonly read: readonly { readonly verdict: string }[];
}

interface Wycheproof {
  readonly testGroups: readonly { readonly tests: readonly { readonly result: string }[] }[];
}

const LAST_LINE = /^(\d+) passed, (\d+) failed$/;

/** With a folder for the control: returns copies in that folder, each with one wrong answer. */
export function suites(vectors: string, shared: string, control: string | null): Suite[] {
  const wycheproof = join(shared, 'vectors', 'ed25519', 'wycheproof.json');
  const speccheck = join(shared, 'vectors', 'ed25519', 'speccheck.json');
  const found: Suite[] = [{ name: 'vectors', file: vectors, cases: countVectors(readJson(vectors)) }];
  if (existsSync(wycheproof)) {
    const { testGroups }: Wycheproof = readJson(wycheproof);
    found.push({ name: 'wycheproof', file: wycheproof, cases: testGroups.flatMap((g) => g.tests).length });
  }
  if (existsSync(speccheck)) {
    found.push({ name: 'speccheck', file: speccheck, cases: readJson<object[]>(speccheck).length });
  }
  return control === null ? found : found.map((suite) => withOneWrong(suite, control));
}

/** Runs a suite by the runner's own report. A wrong exit status or an omitted case is a failure too. */
export function judgeSuite(language: Language, { name, file, cases }: Suite): Outcome {
  const ended = run(language, [name, file]);
  const lines = ended.stdout.trimEnd().split('\n');
  const said = LAST_LINE.exec(lines.at(-1) ?? '');
  if (said === null) return broken(ended, 'its last line is not "N passed, M failed"');
  const [passed, failed] = [Number(said[1]), Number(said[2])];
  if (ended.status !== (failed === 0 ? 0 : 1)) return broken(ended, `it ended with ${ended.status}`);
  if (passed + failed < cases) return broken(ended, `${cases} cases, of which it judged ${passed + failed}`);
  return { passed, failed, report: lines.slice(0, -1).join('\n') };
}

function broken({ stdout, stderr }: Ended, why: string): Outcome {
  return { passed: 0, failed: 1, report: `${why}\n${stdout}${stderr}` };
}

/** Copies the suite with a wrong expected answer in its last case. */
function withOneWrong(suite: Suite, folder: string): Suite {
  const file = join(folder, `${suite.name}.json`);
  writeFileSync(file, JSON.stringify(turnRound(suite)));
  return { ...suite, file };
}

function turnRound({ name, file }: Suite): unknown {
  if (name === 'vectors') {
    const vectors: Vectors = readJson(file);
    const last = vectors.read.at(-1);
    const verdict = last?.verdict === 'valid' ? 'forged' : 'valid';
    return { ...vectors, read: [...vectors.read.slice(0, -1), { ...last, name: 'the control', verdict }] };
  }
  if (name === 'wycheproof') {
    const { testGroups, ...rest }: Wycheproof = readJson(file);
    const wrong = testGroups.map((group, i) =>
      i === 0 ? { ...group, tests: group.tests.map(oppose) } : group,
    );
    return { ...rest, testGroups: wrong };
  }
  return readJson<object[]>(file).toReversed();
}

function oppose<T extends { readonly result: string }>(test: T): T {
  return { ...test, result: test.result === 'valid' ? 'invalid' : 'valid' };
}

function countVectors({ mint, read }: Vectors): number {
  return mint.length + read.length;
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8'));
}
