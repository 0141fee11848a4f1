/** Checks the lockfile offline: no known vulnerabilities, fixed digests, no install scripts. */
import { z } from 'zod';
import type { FirstSafe } from './first-safe-versions.ts';
import { type LockedPackage, readLockfile } from './lockfile.ts';

/** node downloads the Node.js of the service. No other install script is needed. */
const NEEDED_SCRIPTS: ReadonlySet<string> = new Set(['node']);

/**
 * With a binding.gyp, npm 11 counts `node-gyp rebuild` as an install script, which the lockfile does not show.
 * better-sqlite3 brings its binary.
 */
const IMPLIED_SCRIPTS: ReadonlySet<string> = new Set(['better-sqlite3']);

const Manifest = z.object({ allowScripts: z.record(z.string(), z.boolean()) });

/** A line for each fault, with the line of package-lock.json to change where there is one. Empty without faults. */
export function faultsOf(lockfile: string, manifest: string, holes: readonly FirstSafe[]): readonly string[] {
  const packages = readLockfile(lockfile);
  const { allowScripts } = Manifest.parse(JSON.parse(manifest));
  return [
    ...packages.flatMap((locked) => holesIn(locked, holes)),
    ...packages.flatMap(changeable),
    ...holes
      .filter(({ name }) => !packages.some((locked) => locked.name === name))
      .map(
        ({ name }) =>
          `tools/dependencies/first-safe-versions.ts: ${name} is not in the tree: remove its line`,
      ),
    ...scriptFaults(packages, allowScripts),
  ];
}

function holesIn(locked: LockedPackage, holes: readonly FirstSafe[]): string[] {
  return holes
    .filter(({ name, versions }) => name === locked.name && !isSafe(locked.version, versions))
    .map(
      ({ versions, advisory, hole }) =>
        `${entryOf(locked)}: ${hole} (${advisory}): raise it to ${versions.join(' or ')} or later`,
    );
}

function changeable(locked: LockedPackage): string[] {
  const faults: string[] = [];
  if (!/^sha512-[\w+/]{86}==$/.test(locked.integrity ?? '')) faults.push('has no SHA-512 digest');
  if (locked.resolved !== undefined) faults.push('names a registry: delete "resolved"');
  return faults.map((fault) => `${entryOf(locked)}: ${fault}`);
}

function scriptFaults(
  packages: readonly LockedPackage[],
  allowed: Readonly<Record<string, boolean>>,
): string[] {
  const withScripts = new Set(
    packages
      .filter(({ name, hasInstallScript }) => hasInstallScript || IMPLIED_SCRIPTS.has(name))
      .map(({ name }) => name),
  );
  const named = Object.entries(allowed);
  return [
    ...[...withScripts]
      .filter((name) => !Object.hasOwn(allowed, name))
      .map((name) => `package.json: allowScripts says nothing of ${name}, which has an install script`),
    ...named
      .filter(([name]) => !withScripts.has(name))
      .map(([name]) => `package.json: allowScripts names ${name}, which has no install script`),
    ...named
      .filter(([name, may]) => may !== NEEDED_SCRIPTS.has(name))
      .map(([name]) => `package.json: allowScripts must say ${NEEDED_SCRIPTS.has(name)} for ${name}`),
  ];
}

function entryOf({ name, version, line }: LockedPackage): string {
  return `package-lock.json:${line}: ${name} ${version}`;
}

/** Compared with the safe version of the same major, or, where none is listed, with the newest. */
function isSafe(version: string, firstSafe: readonly string[]): boolean {
  const [major] = numbersOf(version);
  const bound = firstSafe.find((safe) => numbersOf(safe)[0] === major) ?? firstSafe.at(-1);
  return bound !== undefined && !isBefore(version, bound);
}

function isBefore(version: string, bound: string): boolean {
  const of = numbersOf(version);
  const difference =
    numbersOf(bound)
      .map((number, i) => number - (of[i] ?? 0))
      .find((d) => d !== 0) ?? 0;
  // 1.2.3-beta comes before 1.2.3.
  return difference > 0 || (difference === 0 && version.includes('-'));
}

function numbersOf(version: string): readonly number[] {
  return version
    .replace(/[-+].*/, '')
    .split('.')
    .map(Number);
}
