/** Checkers from PyPI, by version, in a virtual environment below the folder of a test. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, run } from './place.ts';

const FOLDER = 'checkers';

/**
 * Runs a program of the package, such as `cfn-lint`; throws with what it printed if it finds a fault. A folder has one
 * package.
 */
export function runChecker(
  place: Place,
  package_: string,
  program: string,
  ...words: readonly string[]
): string {
  const python = join(place.folder, FOLDER, 'bin/python');
  const script = join(place.folder, FOLDER, 'bin', program);
  if (!existsSync(script)) {
    run(place, 'python3', '-m', 'venv', FOLDER);
    run(place, python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', package_);
  }
  // By Python: the first line of a script cannot name a path with a space.
  return run(place, python, script, ...words);
}
