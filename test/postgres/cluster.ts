/** Starts a private PostgreSQL for tests: a temporary folder, a Unix socket in it, an unprivileged user. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Cluster {
  /** A URL of its database `postgres`, as its superuser. */
  readonly url: string;
  readonly folder: string;
  readonly port: string;
  /** The folder of the server's programs. */
  readonly programs: string;
  /** A small file system of the server's own, as seen from outside; undefined: it has none. */
  readonly space: string | undefined;
  /** Ends it at once; SIGQUIT: as `pg_ctl stop -m immediate`. */
  crash(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again after a crash. */
  start(): Promise<void>;
  stop(): void;
}

/** The environment variable with the folder of `shareTemplate`. */
const TEMPLATE = 'TEST_POSTGRES_TEMPLATE';

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** The folder of PostgreSQL's server programs; undefined: they are not installed. */
export function serverPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env['PATH'] ?? '').split(':'),
    ...versions.map((each) => `${debian}/${each}/bin`),
  ];
  const found = folders.find(
    (folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
  );
  // A link to one program leads to the folder of all.
  return found === undefined ? undefined : dirname(realpathSync(join(found, 'initdb')));
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string, name: string) =>
    Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout);
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = [idOf('-u', name), idOf('-g', name)];
    if (uid > 0) return { uid, gid };
  }
  throw new Error('no user to run PostgreSQL as: neither postgres nor nobody exists');
}

/** `settings`: of the server, beside those that make it private. `space`: megabytes of a file system of its own. */
export async function startCluster(
  programs: string,
  settings: Readonly<Record<string, string>> = {},
  space?: number,
): Promise<Cluster> {
  const template = process.env[TEMPLATE];
  const folder = template === undefined ? makeData(programs) : copyData(template);
  return serve(programs, folder, settings, space);
}

/** Makes the data that each cluster of this process and its children begins with: a copy takes a quarter of the time. */
export function shareTemplate(programs: string): { remove(): void } {
  const folder = makeData(programs);
  process.env[TEMPLATE] = folder;
  return {
    remove: () => {
      delete process.env[TEMPLATE];
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function makeData(programs: string): string {
  const folder = makeFolder();
  const made = runProgram(programs, 'initdb', folder, [
    ...['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'],
    ...['--no-sync', '--data-checksums'],
  ]);
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  return folder;
}

function copyData(template: string): string {
  const folder = makeFolder();
  const words = ['-a', '--reflink=auto', join(template, 'data'), join(folder, 'data')];
  const { status, stderr } = spawnSync('cp', words, { ...runIn(folder), encoding: 'utf8' });
  if (status !== 0) throw new Error(`the data cannot be copied: ${stderr}`);
  return folder;
}

/** A folder of the unprivileged user's own. */
export function makeFolder(prefix = 'mintmark-postgres-'): string {
  const user = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), prefix));
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  return folder;
}

/** Copies a file for the server alone, as it demands of a key. */
export function ownFile(from: string, to: string): void {
  copyFileSync(from, to);
  chmodSync(to, 0o600);
  const user = unprivileged();
  if (user !== undefined) chownSync(to, user.uid, user.gid);
}

/** How the server programs are run: by the unprivileged user, in a folder of that user. */
export const runIn = (cwd: string) => ({
  ...unprivileged(),
  cwd,
  env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
});

function runProgram(programs: string, name: string, folder: string, words: readonly string[]) {
  return spawnSync(join(programs, name), words, { ...runIn(folder), encoding: 'utf8' });
}

/** Serves the data of a folder. */
async function serve(
  programs: string,
  folder: string,
  settings: Readonly<Record<string, string>>,
  space?: number,
): Promise<Cluster> {
  const all = {
    listen_addresses: '',
    unix_socket_directories: folder,
    max_connections: '200',
    shared_buffers: '64MB',
    log_min_messages: 'panic',
    ...settings,
  };
  const words = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { port = '5432' } = settings;
  const url = `postgres:///postgres?host=${encodeURIComponent(folder)}&user=postgres&port=${port}`;
  let server: ChildProcess | undefined;
  const crash = async (signal: NodeJS.Signals = 'SIGQUIT') => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  };
  const start = async () => {
    const command = [join(programs, 'postgres'), '-D', join(folder, 'data'), ...words];
    server =
      space === undefined
        ? spawn(command[0] ?? '', command.slice(1), { ...runIn(folder), stdio: 'ignore' })
        : withSpace(folder, space, command);
    for (let tries = 0; tries < 300 && server.exitCode === null; tries++) {
      if (await answers(url)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('PostgreSQL did not start');
  };
  const stop = () => {
    server?.kill('SIGQUIT');
    rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  };
  try {
    await start();
  } catch (error) {
    stop();
    throw error;
  }
  return {
    ...{ url, folder, port, programs, stop, crash, start },
    space: space === undefined ? undefined : `/proc/${server?.pid}/root${join(folder, 'space')}`,
  };
}

/** Runs a command that alone sees a small file system in the folder `space`. */
function withSpace(folder: string, megabytes: number, command: readonly string[]): ChildProcess {
  const user = unprivileged();
  const place = join(folder, 'space');
  mkdirSync(place, { recursive: true });
  const { cwd, env } = runIn(folder);
  const owner = user === undefined ? '' : `,uid=${user.uid},gid=${user.gid}`;
  const mount = `mount -t tmpfs -o size=${megabytes}m,mode=700${owner} tmpfs ${place}`;
  const words =
    user === undefined
      ? ['-m', '--map-current-user', '--keep-caps', 'sh', '-ec', `${mount} && exec "$0" "$@"`]
      : [
          ...[
            '-m',
            'sh',
            '-ec',
            `${mount} && exec setpriv --reuid=${user.uid} --regid=${user.gid} --clear-groups "$0" "$@"`,
          ],
        ];
  return spawn('unshare', [...words, ...command], { cwd, env, stdio: 'ignore' });
}

/** A standby of a running cluster, which follows it. */
export async function startStandby(
  primary: Cluster,
  settings: Readonly<Record<string, string>> = {},
): Promise<Cluster> {
  const folder = makeFolder();
  const made = runProgram(primary.programs, 'pg_basebackup', folder, [
    ...['-D', join(folder, 'data'), '-h', primary.folder, '-p', primary.port, '-U', 'postgres'],
    ...['-R', '--no-sync', '-c', 'fast'],
  ]);
  if (made.status !== 0) throw new Error(`pg_basebackup failed: ${made.stderr}`);
  return serve(primary.programs, folder, settings);
}

/** Makes a standby a primary. */
export function promote({ programs, folder }: Cluster): void {
  const { status, stderr } = runProgram(programs, 'pg_ctl', folder, ['promote', '-D', join(folder, 'data')]);
  if (status !== 0) throw new Error(`pg_ctl promote failed: ${stderr}`);
}

export async function answers(url: string): Promise<boolean> {
  const { connect } = await import('./connect.ts');
  try {
    const client = await connect(url);
    try {
      await client.query('SELECT 1');
    } finally {
      await client.end();
    }
    return true;
  } catch {
    return false;
  }
}
