/** What the ways of running Mintmark share: folders, commands, a service that runs. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const START_MILLISECONDS = 60_000;

/** Where commands run, and with which Node.js: the folder of its binary. */
export interface Place {
  readonly folder: string;
  readonly nodeFolder: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A space in the path: it must not matter. */
export function temporaryFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `mintmark ${name} `));
}

/** The standard output of a command; throws with what it printed if it fails. */
export function run(place: Place, command: string, ...words: readonly string[]): string {
  return spawned(place, command, words).stdout;
}

/** The same with what it says on standard error, as checkers do that find a fault and succeed. */
export function runToHear(place: Place, command: string, ...words: readonly string[]): string {
  const { stdout, stderr } = spawned(place, command, words);
  return stdout + stderr;
}

function spawned({ folder, nodeFolder, env }: Place, command: string, words: readonly string[]) {
  const { status, stdout, stderr, error } = spawnSync(command, words, {
    cwd: folder,
    encoding: 'utf8',
    env: environment(nodeFolder, env),
  });
  if (error) throw error;
  if (status === 0) return { stdout, stderr };
  throw new Error(`${[command, ...words].join(' ')} ended with ${status}:\n${stdout}${stderr}`);
}

/** The output of a command that asks this process meanwhile. */
export async function runBeside(
  { folder, nodeFolder, env }: Place,
  command: string,
  ...words: readonly string[]
): Promise<string> {
  const options = { cwd: folder, encoding: 'utf8', env: environment(nodeFolder, env) } as const;
  return (await promisify(execFile)(command, words, options)).stdout;
}

export interface Running {
  readonly url: string;
  /** All that it printed so far: at first the banner. */
  readonly output: string;
  /** Resolves to the exit status, when nothing more is printed. */
  stop(): Promise<number | null>;
}

/** Starts a service on a free port, and waits until it listens. */
export async function startService(
  place: Place,
  command: string,
  ...words: readonly string[]
): Promise<Running> {
  const child = spawn(command, words, {
    cwd: place.folder,
    env: environment(place.nodeFolder, { PORT: '0', ...place.env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { output: '' };
  await listening(child, printed);
  const url = /Mintmark listens on (\S+)/.exec(printed.output)?.[1] ?? '';
  return {
    url,
    get output() {
      return printed.output;
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('close', resolve);
        child.kill('SIGTERM');
      }),
  };
}

function listening(child: ChildProcess, printed: { output: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      child.kill('SIGKILL');
      reject(new Error(`The service ${why}:\n${printed.output}`));
    };
    const timer = setTimeout(() => fail('did not start in time'), START_MILLISECONDS);
    const onData = (bytes: Buffer) => {
      printed.output += bytes.toString();
      if (!printed.output.includes('Mintmark listens on')) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', onData);
    child.stderr?.on('data', onData);
    child.once('exit', (status) => {
      clearTimeout(timer);
      fail(`ended with ${status}`);
    });
  });
}

/** Without the settings of whoever runs the test. */
/** A registry that stands still is asked again soon: by itself npm waits five minutes for each answer. */
const PATIENCE = { npm_config_fetch_timeout: '30000', npm_config_fetch_retries: '5' };

function environment(nodeFolder: string, own: Place['env']): Record<string, string> {
  const { HOME = '', PATH = '' } = process.env;
  return { HOME, PATH: `${nodeFolder}${delimiter}${PATH}`, ...PATIENCE, ...own };
}
