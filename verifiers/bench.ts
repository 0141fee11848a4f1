/** `npm run bench:verifiers`: compares full reads of a valid code with bare signature checks, per available language. */
import { join } from 'node:path';
import {
  build,
  clearUp,
  type Language,
  languagesIn,
  run,
  toolchainVersion,
  whatIsMissing,
} from './language.ts';

interface Figures {
  /** Reads per second; the checks are per second too. */
  readonly reads: number;
  readonly checks: number;
}

const VECTORS = join(import.meta.dirname, 'vectors', 'license-code-v1.json');
const SECONDS = '4';

const languages = languagesIn(import.meta.dirname, process.argv.slice(2));
process.stdout.write('language  reads/s  checks/s  ratio  toolchain\n');
for (const language of languages) {
  const line = whatIsMissing(language) ?? build(language) ?? figures(language);
  process.stdout.write(`${language.language.padEnd(8)}  ${line}\n`);
  clearUp(language);
}

function figures(language: Language): string {
  const { status, stdout, stderr } = run(language, ['bench', VECTORS, SECONDS]);
  if (status !== 0) {
    process.exitCode = 1;
    return `ended with ${status}\n${stderr}`;
  }
  const { reads, checks }: Figures = JSON.parse(stdout);
  const columns = [
    reads.toFixed(0).padStart(7),
    checks.toFixed(0).padStart(8),
    (reads / checks).toFixed(2).padStart(5),
  ];
  return `${columns.join('  ')}  ${toolchainVersion(language)}`;
}
