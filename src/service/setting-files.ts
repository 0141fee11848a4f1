/** Settings given as the path of a file, under their names with the suffix `_FILE`. */
import type { Environment } from '../marketplaces/marketplace.ts';

/** The environment with the settings of these names that stand in files; adds a line to `faults` for each that cannot be taken. */
export function takeFiles(
  environment: Environment,
  names: readonly string[],
  readFile: (path: string) => string,
  faults: string[],
): Record<string, string | undefined> {
  const given: Record<string, string | undefined> = { ...environment };
  for (const name of names) {
    const file = environment[`${name}_FILE`];
    if (file === undefined) continue;
    if (file === '') {
      faults.push(`${name}_FILE: is empty: give the path of a file, or leave the setting out`);
      continue;
    }
    if (environment[name] !== undefined) {
      faults.push(`${name}_FILE: ${name} is set too; leave one of them out`);
      continue;
    }
    try {
      // An editor ends a file with a line end, which is not part of the secret.
      given[name] = readFile(file).replace(/\r?\n$/, '');
    } catch {
      faults.push(`${name}_FILE: the file cannot be read; check its path and permissions`);
    }
  }
  return given;
}
