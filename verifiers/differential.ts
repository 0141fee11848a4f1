/** The differential run compares the answers of every language with the reference. */
import { isDeepStrictEqual } from 'node:util';
import type { Answer, Case } from './case.ts';
import { type Language, run } from './language.ts';
import type { Outcome } from './suites.ts';

/** Cases per start of a runner. */
const BATCH = 50_000;
const MOST_TOLD = 10;

/** `spoil` changes a runner's answers before the comparison; the control uses it to falsify an answer. */
export function compare(
  language: Language,
  vectors: string,
  cases: readonly Case[],
  expected: readonly Answer[],
  spoil: (answers: Answer[]) => Answer[],
): Outcome {
  const faults: string[] = [];
  let passed = 0;
  for (let from = 0; from < cases.length; from += BATCH) {
    const batch = cases.slice(from, from + BATCH);
    const { status, stdout, stderr } = run(language, ['read', vectors], toLines(batch));
    const answers = spoil(parseLines(stdout));
    if (status !== 0 || answers.length !== batch.length) {
      faults.push(`it ended with ${status} after ${answers.length} of ${batch.length} answers\n${stderr}`);
      continue;
    }
    answers.forEach((answer, i) => {
      const right = expected[from + i];
      if (right !== undefined && isSame(answer, right)) passed++;
      else faults.push(`${brief(batch[i])}\n    says ${brief(answer)}, the reference ${brief(right)}`);
    });
  }
  const more = faults.length > MOST_TOLD ? [`and ${faults.length - MOST_TOLD} more`] : [];
  return { passed, failed: faults.length, report: [...faults.slice(0, MOST_TOLD), ...more].join('\n') };
}

function isSame(answer: Answer, right: Answer): boolean {
  return isDeepStrictEqual(answer, right);
}

function toLines(cases: readonly Case[]): string {
  return cases.map((each) => `${JSON.stringify(each)}\n`).join('');
}

/** Parses answers up to the first invalid line. */
function parseLines(stdout: string): Answer[] {
  const answers: Answer[] = [];
  for (const line of stdout.split('\n')) {
    try {
      answers.push(JSON.parse(line));
    } catch {
      break;
    }
  }
  return answers;
}

function brief(value: unknown): string {
  const text = JSON.stringify(value);
  const ascii = text.replaceAll(/[^ -~]/gu, (c) => `<U+${c.codePointAt(0)?.toString(16)}>`);
  return ascii.length > 1000 ? `${ascii.slice(0, 1000)}...` : ascii;
}
