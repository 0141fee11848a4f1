/** A seller's machine for whole-process tests: its own folders, the service and the commands as real processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSimulatorKey, simulatorSecret } from '../../src/keyring/simulator-key.ts';
import { signWebhook } from '../../src/marketplaces/fastspring/simulator.ts';
import { signForm } from '../../src/marketplaces/paddle-classic/simulator.ts';
import type { Owner } from './service.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Differences between one process and the others. */
export interface Around {
  readonly env?: Readonly<Record<string, string>>;
  /** Loaded before the program, from the project's folder. */
  readonly imports?: readonly string[];
  /** The command that runs it: a tracer, a limit. */
  readonly under?: readonly string[];
}

export class Machine {
  readonly folder: string;
  readonly env: Record<string, string>;
  readonly #owner: Owner;
  readonly #root: string;

  /** `root`: the project's folder, or a test's copy of it. */
  constructor(owner: Owner, env: Record<string, string> = {}, root = ROOT) {
    this.#owner = owner;
    this.#root = root;
    this.folder = mkdtempSync(join(tmpdir(), 'mintmark-service-'));
    owner.teardown(() => rmSync(this.folder, { recursive: true, force: true }));
    this.env = {
      PATH: process.env['PATH'] ?? '',
      PORT: '0',
      DATA_DIR: this.path('data'),
      KEYS_DIR: this.path('keys'),
      PRODUCTS_DIR: join(root, 'data/products'),
      ...env,
    };
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  /** Starts a program of src/ as npm would; does not wait. */
  spawn(
    script: string,
    words: readonly string[] = [],
    { env, imports = [], under = [] }: Around = {},
  ): MachineProcess {
    const flags = ['src/launch.js', ...imports].flatMap((file) => ['--import', join(this.#root, file)]);
    const [program = '', ...args] = [
      ...under,
      process.execPath,
      ...flags,
      join(this.#root, script),
      ...words,
    ];
    const child = spawn(program, args, {
      cwd: this.folder,
      env: { ...this.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ran = new MachineProcess(child);
    this.#owner.teardown(async () => {
      await ran.kill();
    });
    return ran;
  }

  /** Starts the service and waits for its line with the address. */
  async start(around: Around = {}): Promise<RunningService> {
    const ran = this.spawn('src/main.ts', [], around);
    const url = await ran.said(/^Mintmark listens on (http:\/\/\S+)$/m);
    return new RunningService(ran, url, this.env['KEYS_DIR'] ?? '');
  }

  async cli(...words: string[]): Promise<MachineProcess> {
    const ran = this.spawn('src/cli/mintmark.ts', words);
    await ran.ended;
    return ran;
  }
}

export class MachineProcess {
  readonly child: ChildProcess;
  /** The exit status, or the signal that ended the process. */
  readonly ended: Promise<number | string | null>;
  out = '';
  err = '';

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.on('data', (chunk) => {
      this.out += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      this.err += chunk;
    });
    this.ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  }

  kill(): Promise<unknown> {
    this.child.kill('SIGKILL');
    return this.ended;
  }

  /** Resolves to the first group of a pattern in the output, as soon as it matches. */
  async said(pattern: RegExp): Promise<string> {
    for (;;) {
      const match = pattern.exec(this.out);
      if (match) return match[1] ?? '';
      const next = once(this.child.stdout!, 'data');
      const ended = this.ended.then((status) => {
        throw new Error(`ended with ${status}: ${this.err}`);
      });
      await Promise.race([next, ended]);
    }
  }
}

export class RunningService {
  readonly ran: MachineProcess;
  readonly url: string;
  readonly #keys: string;
  /** Read at the first call: reading it takes three times as long as signing with it. */
  #simulatorKey: KeyObject | undefined;
  #simulatorSecret: string | undefined;

  constructor(ran: MachineProcess, url: string, keys: string) {
    this.ran = ran;
    this.url = url;
    this.#keys = keys;
  }

  form(order: string, quantity = 1): string {
    const fields = {
      p_product_id: '1',
      p_order_id: order,
      p_quantity: String(quantity),
      event_time: '2026-11-21 10:00:00',
      email: 'ada@example.com',
      name: 'Ada Byron',
    };
    this.#simulatorKey ??= readSimulatorKey(this.#keys);
    return signForm(fields, this.#simulatorKey);
  }

  async order(order: string, quantity = 1, product = 'example'): Promise<{ status: number; text: string }> {
    const response = await fetch(`${this.url}/fulfillment/paddle-classic/${product}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: this.form(order, quantity),
    });
    return { status: response.status, text: await response.text() };
  }

  /** Delivers events as FastSpring would. Resolves to the status. */
  async tell(events: readonly object[]): Promise<number> {
    const body = JSON.stringify({ events });
    this.#simulatorSecret ??= simulatorSecret(this.#keys);
    const response = await fetch(`${this.url}/webhooks/fastspring`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-fs-signature': signWebhook(body, this.#simulatorSecret),
      },
      body,
    });
    await response.text();
    return response.status;
  }
}
