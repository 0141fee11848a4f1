/** A measured server in its own process. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ask } from './ask.ts';
import { Connection } from './connection.ts';
import { WEBHOOK_SECRET } from './events.ts';
import type { Reading } from './servers/meter.ts';
import type { Stage } from './stage.ts';

const ROOT = join(import.meta.dirname, '..');
const METER = 'bench/servers/meter.ts';
/** The Node.js flags and the allocator of `npm start`, for all servers. */
const START_FLAGS = [
  '--no-allocation-site-pretenuring',
  '--no-parallel-scavenge',
  '--min-semi-space-size=8',
  '--max-semi-space-size=64',
  '--import',
  join(ROOT, 'src/launch.js'),
];
const ALLOCATOR = { MALLOC_ARENA_MAX: '2' };
const PATIENCE_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 2;

export interface ServerOptions {
  readonly name: string;
  /** The program, from the bench's folder. */
  readonly program: string;
  /** An existing folder; default: a new folder. */
  readonly dataDir?: string;
  readonly profileFolder?: string | undefined;
  /** The module that answers questions in the process, from the project's folder; default: the bench's meter. */
  readonly meter?: string;
  /** Modules that are loaded before the program, from the project's folder. */
  readonly imports?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export class ServerProcess {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #output: string;

  private constructor(child: ChildProcess, port: number, output: string) {
    this.#child = child;
    this.port = port;
    this.#output = output;
  }

  /** Starts the program, which may not listen yet. Its output goes to a file, since reading a pipe takes CPU here. */
  static async start(stage: Stage, options: ServerOptions): Promise<ServerProcess> {
    const { name, program, profileFolder, meter = METER, imports = [], env } = options;
    const port = await freePort();
    const output = join(stage.folder, `${name}.log`);
    const handle = openSync(output, 'a');
    const child = fork(join(import.meta.dirname, program), {
      // Not the project's folder, so that its .env has no effect.
      cwd: stage.folder,
      execArgv: [
        ...START_FLAGS,
        ...[meter, ...imports].flatMap((file) => ['--import', join(ROOT, file)]),
        ...profiling(name, profileFolder),
      ],
      stdio: ['ignore', handle, handle, 'ipc'],
      env: {
        NODE_ENV: 'production',
        ...ALLOCATOR,
        HOST: '127.0.0.1',
        PORT: String(port),
        ...settingsOf(stage, options.dataDir ?? stage.dataDir(name)),
        ...env,
      },
    });
    closeSync(handle);
    return new ServerProcess(child, port, output);
  }

  async ready(): Promise<void> {
    (await this.#connect()).close();
  }

  /** Retries a request until the server listens; resolves when the reply is 200. */
  async firstReply(request: Buffer): Promise<void> {
    const connection = await this.#connect();
    const { status, body } = await connection.send(request);
    connection.close();
    if (status !== 200) throw new Error(`the first answer is ${status}: ${body}`);
  }

  read(): Promise<Reading> {
    return this.ask<Reading>({});
  }

  /** For another meter than the bench's. One question at a time. */
  ask<Answer>(question: object): Promise<Answer> {
    return ask<Answer>(this.#child, question);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }

  async #connect(): Promise<Connection> {
    const latest = performance.now() + PATIENCE_MILLISECONDS;
    for (;;) {
      try {
        return await Connection.open(this.port);
      } catch (cause) {
        if (this.#child.exitCode === null && performance.now() < latest) {
          await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
          continue;
        }
        throw new Error(`the server does not listen:\n${readFileSync(this.#output, 'utf8')}`, { cause });
      }
    }
  }
}

/** The settings, for the service and for its commands. */
export function settingsOf(stage: Stage, dataDir: string): Record<string, string> {
  return {
    DATA_DIR: dataDir,
    PRODUCTS_DIR: stage.productsDir,
    KEYS_DIR: stage.keysDir,
    // All servers share the keys; each has its own ledger.
    LEDGER_MARK: join(dataDir, 'ledger-mark.json'),
    PADDLE_CLASSIC_PUBLIC_KEY_FILE: stage.publicKeyFile,
    FASTSPRING_WEBHOOK_SECRETS: WEBHOOK_SECRET,
  };
}

function profiling(name: string, folder: string | undefined): string[] {
  if (folder === undefined) return [];
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}.cpuprofile`];
}

/** Chosen before the start, so that no output of a server has to be parsed. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
