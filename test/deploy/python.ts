/** Checkers from PyPI, by version, in a virtual environment below the folder of a test. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, run } from './place.ts';

/** Runs a module of the package; throws with what it printed if it finds a fault. */
export function runChecker(place: Place, package_: string, ...words: readonly string[]): string {
  if (!existsSync(join(place.folder, 'checkers'))) run(place, 'python3', '-m', 'venv', 'checkers');
  const python = join(place.folder, 'checkers/bin/python');
  run(place, python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', package_);
  return run(place, python, '-m', ...words);
}
