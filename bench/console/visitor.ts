/** A person in the console of a measured service: gets in by a link, and times pages. */
import { spawn } from 'node:child_process';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { settingsOf } from '../server-process.ts';
import type { Stage } from '../stage.ts';

const ROOT = join(import.meta.dirname, '..', '..');

export interface TimedPage {
  readonly status: number;
  readonly cookies: readonly string[];
  readonly bytes: number;
  /** Milliseconds from the request to the first byte, and to the last. */
  readonly firstByte: number;
  readonly whole: number;
}

type Fields = Readonly<Record<string, string>>;

export class Visitor {
  readonly #port: number;
  readonly #cookie: string;

  private constructor(port: number, cookie: string) {
    this.#port = port;
    this.#cookie = cookie;
  }

  static async enter(stage: Stage, dataDir: string, port: number): Promise<Visitor> {
    const command = ['--import', join(ROOT, 'src/launch.js'), join(ROOT, 'src/cli/mintmark.ts')];
    const child = spawn(process.execPath, [...command, 'console', 'link', '--json'], {
      cwd: stage.folder,
      env: { PATH: process.env['PATH'], PORT: String(port), ...settingsOf(stage, dataDir) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { code } = JSON.parse(await text(child.stdout)) as { readonly code: string };
    const { status, cookies } = await new Visitor(port, '').post('/console/in', { code });
    const [cookie = ''] = cookies.map((each) => each.split(';')[0] ?? '');
    if (status !== 303 || cookie === '') throw new Error(`not let in: ${status}`);
    return new Visitor(port, cookie);
  }

  overview(): Promise<TimedPage> {
    return this.#send('GET', '/console/live/');
  }

  /** By a part of a name, which reads most. */
  search(q: string): Promise<TimedPage> {
    return this.post('/console/live/search', { q });
  }

  post(path: string, fields: Fields): Promise<TimedPage> {
    return this.#send('POST', path, new URLSearchParams(fields).toString());
  }

  #send(method: string, path: string, body = ''): Promise<TimedPage> {
    const headers = {
      // The console's own origin has a name.
      Host: `localhost:${this.#port}`,
      'Content-Type': 'application/x-www-form-urlencoded',
      'Sec-Fetch-Site': 'same-origin',
      Cookie: this.#cookie,
    };
    const begun = performance.now();
    return new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port: this.#port, method, path, headers, agent: false },
        (answer) => {
          const firstByte = performance.now() - begun;
          let bytes = 0;
          answer.on('data', (piece: Buffer) => {
            bytes += piece.length;
          });
          answer.on('error', reject);
          answer.on('end', () => {
            const { statusCode: status = 0, headers: given } = answer;
            const whole = performance.now() - begun;
            resolve({ status, cookies: given['set-cookie'] ?? [], bytes, firstByte, whole });
          });
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }
}
