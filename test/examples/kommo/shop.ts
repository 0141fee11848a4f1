/** The Kommo example as it is, in a process and a folder of its own, beside a stand-in of Kommo's API. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ExecutionContext } from 'ava';
import { signatureHeaders } from '../../../src/outbox/webhook/signature.ts';
import { temporaryFolder } from '../../kit/service.ts';
import { PIPELINE, STAGES, StandIn, TOKEN } from './stand-in.ts';

const EXAMPLE = join(import.meta.dirname, '../../../examples/kommo');
export const SECRET = randomBytes(32);
const LONGEST = 45_000;

export interface News {
  readonly type: string;
  readonly license?: string;
  readonly sequence?: number;
  readonly order?: string;
  readonly state?: string;
  readonly cause?: string;
  readonly lastValidDay?: string | null;
  readonly mode?: string;
  readonly customer?: { readonly name: string; readonly email: string } | null;
  readonly id?: string;
}

export const ADA = { name: 'Ada Example', email: 'ada@example.com' };
const LICENSE = '5e1b763a-f974-e25e-f8c1-0fcab86b4ddb';
/** The order of a message that names none. */
export const ORDER = 'shop:ORD-1';

function bodyOf({ type, mode = 'live', id: _, ...more }: News): string {
  const data = {
    ...{ license: LICENSE, sequence: 1, revision: 0, state: 'active', lastValidDay: '2027-11-19' },
    ...{ updatesUntil: null, product: 'lumen', marketplace: 'shop', order: 'ORD-1', unit: 0 },
    ...{ cause: 'sold', customer: ADA, ...more },
  };
  return JSON.stringify({ type, timestamp: '2026-11-20T10:00:00Z', mode, data });
}

/** The example, running. */
export class Shop {
  readonly kommo: StandIn;
  readonly folder: string;
  log = '';
  #url = '';
  #child: ChildProcess | undefined;

  private constructor(kommo: StandIn, folder: string) {
    this.kommo = kommo;
    this.folder = folder;
  }

  static async open(t: ExecutionContext): Promise<Shop> {
    t.timeout(2 * LONGEST);
    const shop = new Shop(await StandIn.start(t), temporaryFolder(t));
    writeFileSync(join(shop.folder, 'products.json'), '{"lumen":{"name":"Lumen","price":20}}');
    t.teardown(() => shop.stop());
    await shop.start();
    return shop;
  }

  async start(token = TOKEN): Promise<void> {
    const env = {
      ...{ PATH: process.env['PATH'], PORT: '0', KOMMO_URL: this.kommo.url, KOMMO_TOKEN: token },
      WEBHOOK_SECRET: `whsec_${SECRET.toString('base64')}`,
      ...{ KOMMO_PIPELINE: String(PIPELINE), KOMMO_STAGE_PAID: String(STAGES.paid) },
      KOMMO_STAGE_RENEWED: String(STAGES.renewed),
    };
    const child = spawn(process.execPath, [join(EXAMPLE, 'receiver.mjs')], {
      cwd: this.folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#url = '';
    const begun = this.log.length;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.log += text;
      });
    await this.until('it listens', () => {
      this.#url = /http:\S+/.exec(this.log.slice(begun))?.[0] ?? '';
      return this.#url !== '';
    });
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** What a program of the example prints, such as `setup.mjs`. */
  async run(program: string): Promise<string> {
    const env = { PATH: process.env['PATH'], KOMMO_URL: this.kommo.url, KOMMO_TOKEN: TOKEN };
    const { stdout } = await promisify(execFile)(process.execPath, [join(EXAMPLE, program)], {
      cwd: this.folder,
      env,
    });
    return stdout;
  }

  /** The status. */
  async send(news: News, secret = SECRET, age = 0): Promise<number> {
    const body = Buffer.from(bodyOf(news));
    const timestamp = Math.floor(Date.now() / 1000) - age;
    const headers = signatureHeaders({ id: news.id ?? randomUUID(), timestamp, body }, [secret]);
    return (await fetch(this.#url, { method: 'POST', body, headers })).status;
  }

  async health(): Promise<number> {
    return (await fetch(this.#url)).status;
  }

  /** Sends, and waits until nothing is left to do. */
  async tell(...all: readonly News[]): Promise<void> {
    for (const news of all) if ((await this.send(news)) !== 204) throw new Error('a message was not taken');
    await this.until('all is done', () => this.waiting().length === 0);
  }

  waiting(): readonly string[] {
    return readdirSync(join(this.folder, 'state/inbox'));
  }

  refused(): readonly string[] {
    return readdirSync(join(this.folder, 'state/refused'));
  }

  async until(what: string, isSo: () => boolean): Promise<void> {
    const end = performance.now() + LONGEST;
    while (!isSo()) {
      if (performance.now() > end) throw new Error(`not within ${LONGEST} ms: ${what}\n${this.log}`);
      await wait(20);
    }
  }
}
