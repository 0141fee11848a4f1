/** A real service in a folder of its own: real SQLite, HTTP and keys; only the clock and the log are the test's. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LIMITS, type Limits } from '../../src/http/edge/server.ts';
import { makeFolder } from '../../src/keyring/key-files.ts';
import { readKeyring } from '../../src/keyring/keyring.ts';
import { addSigningKey } from '../../src/keyring/signing-key.ts';
import { createReader, type Reader } from '../../src/license-code/reader.ts';
import { createLog, type Log } from '../../src/log.ts';
import { type Config, type Environment, readConfig } from '../../src/service/config.ts';
import type { OutboxOverrides } from '../../src/service/outbox.ts';
import { type Service, startService } from '../../src/service/service.ts';
import type { Traces } from '../../src/service/traces.ts';
import { throughEvents } from './lambda.ts';
import { passedTexts } from './passed-texts.ts';
import { PRODUCTS } from './products.ts';
import { rsaKey } from './rsa-keys.ts';
import { NOW, pemOf } from './sale.ts';
import { ledgerOfTests } from './test-database.ts';

/** An owner of teardowns: a test, or a run of the conformance vectors. */
export interface Owner {
  teardown(act: () => void | Promise<void>): void;
}

export function temporaryFolder(owner: Owner): string {
  const folder = mkdtempSync(join(tmpdir(), 'mintmark-test-'));
  owner.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export type LogLine = Readonly<Record<string, unknown>>;

/** A log in memory. */
export function keptLog(): { readonly log: Log; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const write = (line: string) => {
    lines.push(JSON.parse(line));
  };
  return { log: createLog('debug', { write }), lines };
}

export interface Given {
  /** Product files by id, instead of PRODUCTS. */
  readonly products?: Readonly<Record<string, string>>;
  /** Overrides the settings of a live and a sandbox key. */
  readonly env?: Environment;
  /** Further files of the data folder, by their paths in it. */
  readonly files?: Readonly<Record<string, string>>;
  readonly limits?: Partial<Limits>;
  /** Who is told of changes, and by which channels. */
  readonly outbox?: OutboxOverrides;
  /** Gets the spans of requests and tries. */
  readonly traces?: Traces;
}

/** The folder of a service: keys, products and a ledger that survive restarts. */
export interface Home {
  readonly folder: string;
  readonly config: Config;
  /** The clock in milliseconds; a test can set it. */
  readonly clock: { now: number };
  readonly lines: LogLine[];
  readonly log: Log;
  putProducts(products: Readonly<Record<string, string>>): void;
  /** Reads codes of the product like a program. */
  reader(product: string, options?: { readonly liveOnly?: boolean; readonly today?: string }): Reader;
  /** The log lines of requests. */
  requestLines(): readonly LogLine[];
}

export function makeHome(owner: Owner, given: Given = {}): Home {
  const folder = temporaryFolder(owner);
  const config = readConfig(
    {
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      KEYS_DIR: join(folder, 'keys'),
      PADDLE_CLASSIC_PUBLIC_KEY: pemOf(rsaKey('live')),
      PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY: pemOf(rsaKey('sandbox')),
      ...ledgerOfTests(),
      ...given.env,
    },
    () => '',
  );
  const putProducts = (products: Readonly<Record<string, string>>) => {
    mkdirSync(config.productsDir, { recursive: true });
    for (const [id, text] of Object.entries(products))
      writeFileSync(join(config.productsDir, `${id}.md`), text);
  };
  putProducts(given.products ?? PRODUCTS);
  for (const [name, text] of Object.entries(given.files ?? {})) {
    const path = join(config.dataDir, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  makeFolder(config.keysDir);
  addSigningKey(config.keysDir, [], { mode: 'live', today: '2026-11-01', randomBytes });
  const { log, lines } = keptLog();
  return {
    folder,
    config,
    clock: { now: NOW },
    lines,
    log,
    putProducts,
    reader: (product, { liveOnly = false, today = '2026-11-21' } = {}) =>
      createReader({ product, keyring: readKeyring(config.keysDir), today, allowTest: !liveOnly }),
    requestLines: () => lines.filter((line) => 'endpoint' in line),
  };
}

/** Starts the service of a home. It stops at the end of the test, or earlier by `stop`. */
export async function startHome(owner: Owner, home: Home, given: Given = {}): Promise<Service> {
  const { config, log, clock } = home;
  const limits = { ...LIMITS, ...given.limits };
  const texts = passedTexts(config.productsDir);
  const service = await startService(config, {
    log,
    now: () => clock.now,
    limits,
    earlier: { checkText: texts.check },
    outbox: given.outbox ?? {},
    traces: given.traces,
  });
  texts.save();
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= service.stop();
    return stopping;
  };
  owner.teardown(stop);
  return { ...service, url: await throughEvents(owner, service), stop };
}

export async function start(owner: Owner, given: Given = {}): Promise<{ home: Home; url: string }> {
  const home = makeHome(owner, given);
  const { url } = await startHome(owner, home, given);
  return { home, url };
}
