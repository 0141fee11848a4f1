/** An instance of the service as a process of its own, which can be killed, and sales at several of them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { FORM, pathOf, signed } from '../kit/sale.ts';
import type { Owner } from '../kit/service.ts';

export interface Instance {
  readonly url: string;
  readonly process: ChildProcess;
}

export async function startInstance(
  owner: Owner,
  env: NodeJS.ProcessEnv,
  imports: readonly string[] = [],
): Promise<Instance> {
  const started = spawn(
    process.execPath,
    ['--import', './src/launch.js', ...imports.flatMap((file) => ['--import', `./${file}`]), 'src/main.ts'],
    {
      env: { PATH: process.env['PATH'], ...env, HOST: '127.0.0.1', PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  owner.teardown(() => {
    started.kill('SIGKILL');
  });
  let told = '';
  for (const stream of [started.stdout, started.stderr]) {
    stream?.on('data', (bytes) => {
      told += String(bytes);
    });
  }
  for (let tries = 0; tries < 600; tries++) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(told)?.[0];
    if (url !== undefined && (await isReady(url))) return { url, process: started };
    if (started.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the instance did not start: ${told}`);
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`)).ok;
  } catch {
    return false;
  }
}

/** Sells at one instance. Throws if it does not answer. */
export async function sellAt(url: string, order: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${url}${pathOf('app')}`, {
    method: 'POST',
    headers: { 'Content-Type': FORM },
    body: signed({ p_order_id: order }),
  });
  return { status: response.status, text: await response.text() };
}

/** The reply with 200 of the first instance that gives it; undefined: none did. */
export async function sell(urls: readonly string[], order: string): Promise<string | undefined> {
  for (const url of urls) {
    try {
      const { status, text } = await sellAt(url, order);
      if (status === 200) return text;
    } catch {
      // Killed: the next one is asked, as a balancer does.
    }
  }
  return undefined;
}
