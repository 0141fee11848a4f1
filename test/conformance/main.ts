/** `npm run conformance`: runs the code against the vectors of ../shared, where they exist. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

interface Outcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: readonly string[];
}

/** The export of each file here: its name in camel case. */
type Run = (shared: string) => Promise<readonly Outcome[]>;

const SHARED = join(import.meta.dirname, '../../..', 'shared');

if (existsSync(join(SHARED, 'vectors'))) process.exitCode = (await runAll()) ? 0 : 1;
else process.stdout.write('no shared vectors here\n');

/** True if there was a vector and all passed. */
async function runAll(): Promise<boolean> {
  let passed = 0;
  let failed = 0;
  for (const name of modules()) {
    for (const outcome of await outcomesOf(name)) {
      passed += outcome.passed;
      failed += outcome.failed.length;
      process.stdout.write(`${outcome.name}: ${outcome.passed} passed, ${outcome.failed.length} failed\n`);
      for (const fault of outcome.failed) process.stdout.write(`  ${fault}\n`);
    }
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 && passed > 0;
}

function modules(): string[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts') && file !== basename(import.meta.filename))
    .map((file) => basename(file, '.ts'))
    .sort();
}

/** A module that throws is a failure, and the others run. */
async function outcomesOf(name: string): Promise<readonly Outcome[]> {
  try {
    const run: Run = (await import(`./${name}.ts`))[camelCase(name)];
    return await run(SHARED);
  } catch (error) {
    return [{ name, passed: 0, failed: [error instanceof Error ? String(error.stack) : String(error)] }];
  }
}

function camelCase(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
