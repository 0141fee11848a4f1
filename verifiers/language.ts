/** A language with a verifier: its folder, its `runner.json`, and the build and call of its runner. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from './options.ts';

type Command = readonly string[];

/** `runner.json`. Commands run in the language's folder; `$BUILD_DIR` in an argument is a new temporary folder. */
interface Runner {
  readonly language: string;
  /** Commands that all exit with 0 if the toolchain is installed. */
  readonly needs: readonly Command[];
  /** The command whose first output line is the toolchain's version. */
  readonly version?: Command;
  readonly build: readonly Command[];
  /** The command of the runner; arguments such as `vectors FILE` are appended. */
  readonly run: Command;
  /** The Debian packages of the toolchain. */
  readonly debian: readonly string[];
  /** The message instead of "toolchain missing". */
  readonly notRunHere?: string;
}

export interface Language extends Runner {
  readonly folder: string;
  readonly buildFolder: string;
}

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Timeout of a build or a run. */
const LONGEST_MILLISECONDS = 600_000;
const MOST_OUTPUT_BYTES = 2 ** 29;

/** Returns the languages in the folder, by name, or only the named languages. An unknown name is a UsageError. */
export function languagesIn(root: string, only: readonly string[]): Language[] {
  const names = readdirSync(root).filter((name) => existsSync(join(root, name, 'runner.json')));
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new UsageError(`no such verifier: ${unknown.join(', ')}`);
  return names
    .filter((name) => only.length === 0 || only.includes(name))
    .sort()
    .map((name) => {
      const runner: Runner = JSON.parse(readFileSync(join(root, name, 'runner.json'), 'utf8'));
      const buildFolder = mkdtempSync(join(tmpdir(), `mintmark-${name}-`));
      return { ...runner, folder: join(root, name), buildFolder };
    });
}

/** Returns why the language cannot run here, or null if it can. */
export function whatIsMissing(language: Language): string | null {
  const missing = language.needs.find((command) => call(language, command).status !== 0);
  if (missing === undefined) return null;
  return language.notRunHere ?? `toolchain missing (Debian: ${language.debian.join(' ')})`;
}

/** Builds the runner. Returns the failure, or null. */
export function build(language: Language): string | null {
  for (const command of language.build) {
    const { status, stdout, stderr } = call(language, command);
    if (status !== 0) return `${command.join(' ')} ended with ${status}\n${stdout}${stderr}`;
  }
  return null;
}

export function toolchainVersion(language: Language): string {
  if (language.version === undefined) return '';
  const { stdout, stderr } = call(language, language.version);
  return (stdout || stderr).split('\n')[0]?.trim() ?? '';
}

/** Runs the language's runner. */
export function run(language: Language, args: Command, input = ''): Ended {
  return call(language, [...language.run, ...args], input);
}

export function clearUp(language: Language): void {
  rmSync(language.buildFolder, { recursive: true, force: true });
}

function call({ folder, buildFolder }: Language, command: Command, input = ''): Ended {
  const [program = '', ...args] = command.map((part) => part.replaceAll('$BUILD_DIR', buildFolder));
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: folder,
    env: { ...process.env, BUILD_DIR: buildFolder },
    input,
    encoding: 'utf8',
    timeout: LONGEST_MILLISECONDS,
    maxBuffer: MOST_OUTPUT_BYTES,
  });
  return {
    status,
    stdout: stdout ?? '',
    stderr: `${stderr ?? ''}${error === undefined ? '' : error.message}`,
  };
}
