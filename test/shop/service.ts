/** The real service over a ledger in memory: keys, products and statements once per process, rows and app per play. */

import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { keptTermsOf } from '../../src/catalog/kept-terms.ts';
import type { Ledger } from '../../src/domain/ledger.ts';
import { RefusedCallTally } from '../../src/domain/ports/refused-calls.ts';
import type { ServiceRules } from '../../src/domain/rules.ts';
import type { Message, Product } from '../../src/domain/values/product.ts';
import type { KeptTerms } from '../../src/domain/values/terms.ts';
import { AfterAnswer } from '../../src/http/edge/after-answer.ts';
import { makeMissing } from '../../src/keyring/bootstrap.ts';
import { readIdSecret } from '../../src/keyring/id-secret.ts';
import { type Keyring, readKeyring } from '../../src/keyring/keyring.ts';
import { createMinter } from '../../src/keyring/minter.ts';
import { loadSigners } from '../../src/keyring/signer.ts';
import { addSigningKey } from '../../src/keyring/signing-key.ts';
import { createLog } from '../../src/log.ts';
import { readAgain as readGumroad } from '../../src/marketplaces/gumroad/events.ts';
import type { Account } from '../../src/marketplaces/marketplace.ts';
import { paddleClassicEvents } from '../../src/marketplaces/paddle-classic/events.ts';
import { paddleClassicRequests } from '../../src/marketplaces/paddle-classic/requests.ts';
import { Templates } from '../../src/message/templates.ts';
import { Metrics } from '../../src/metrics.ts';
import { compose } from '../../src/service/compose.ts';
import { readConfig } from '../../src/service/config.ts';
import { rulesOf } from '../../src/service/open.ts';
import { customerTextsOf } from '../../src/service/self-service.ts';
import { migrate } from '../../src/storage/sqlite/file/open.ts';
import { SqliteLedger } from '../../src/storage/sqlite/sqlite-ledger.ts';
import { type Rows, reuseLedger, rowsOf } from '../kit/reused-ledger.ts';
import { inject, type Post, type Reply } from './inject.ts';

export const LICENSE_KEY = 'the-shop-models-license-key';
export const WEBHOOK_SECRET = 'the-shop-models-webhook-secret';

/** A service of one play. */
export interface ShopService {
  /** Milliseconds since 1970-01-01; a play sets it. */
  readonly clock: { now: number };
  readonly ledger: Ledger;
  /** The logged errors. */
  readonly faults: readonly string[];
  post(post: Post): Promise<Reply>;
  close(): Promise<void>;
}

/** Shared by all plays. */
export interface ShopHouse {
  /** Paddle's private key. */
  readonly paddleKey: KeyObject;
  readonly products: readonly Product[];
  /** The present rows of the ledger in memory. */
  rows(): Rows;
  /** Throws where the service of the last play is not closed. */
  open(): Promise<ShopService>;
  /** The same shop with its ledger in another place. */
  on(ledgers: ShopLedgers): ShopHouse;
}

export interface ShopLedgerOptions {
  readonly idSecret: Uint8Array;
  readonly keyring: Keyring;
  readonly rules: ServiceRules;
  readonly now: () => number;
  readonly messages: readonly Message[];
  readonly terms: readonly KeptTerms[];
}

/** Where the ledger of a play is. */
export interface ShopLedgers {
  /** A ledger without sales, as each instance of the service sees it. */
  open(options: ShopLedgerOptions): Promise<readonly Ledger[]>;
  /** Ends the ledgers of the last play; returns what is wrong with them. */
  close(): Promise<readonly string[]>;
}

/** Product files by id. */
export async function openHouse(products: Readonly<Record<string, string>>): Promise<ShopHouse> {
  // Short, because each call is signed anew.
  const paddle = generateKeyPairSync('rsa', { modulusLength: 512 });
  const { catalog, signers, idSecret } = await prepare(products);
  const minter = createMinter({ idSecret, ...signers });
  const messages = catalog.all().map(({ message }) => message);
  // No text changes during a story, so there are no former texts.
  const templates = new Templates(messages, async () => undefined);
  const metrics = new Metrics();
  const accounts = accountsOf(paddle.publicKey);
  const rules = rulesOf({ accounts }, catalog, minter);
  const terms = catalog.all().map(keptTermsOf);
  const { connection, reset } = reuseLedger(await ledgerBeforeSales(idSecret, messages, terms));
  const inMemory: ShopLedgers = {
    open: async (options) => [new SqliteLedger(connection, options)],
    close: async () => {
      reset();
      return [];
    },
  };
  let isOpen = false;

  const open = async (ledgers: ShopLedgers): Promise<ShopService> => {
    if (isOpen) throw new Error('the service of another play is open');
    isOpen = true;
    const clock = { now: 0 };
    const now = () => clock.now;
    const faults: string[] = [];
    const log = createLog('error', { write: (line) => faults.push(line) });
    const instances = await ledgers.open({ idSecret, keyring: signers.keyring, rules, now, messages, terms });
    let requests = 0;
    const composed = instances.map((ledger) =>
      compose({
        refused: new RefusedCallTally(),
        opened: { catalog, signers, ledger, minter, templates },
        accounts,
        simulator: undefined,
        modes: ['live', 'test'],
        trustProxy: false,
        log,
        metrics,
        now,
        newRequestId: () => `request-${++requests}`,
        isStopping: () => false,
        afterAnswer: new AfterAnswer(),
        customerTexts: customerTextsOf({ shopFile: '/none/shop.yaml' }),
      }),
    );
    const listeners = (await Promise.all(composed)).map(({ app }) => app.callback());
    const [ledger] = instances;
    if (ledger === undefined) throw new Error('no instance');
    const close = async () => {
      for (const each of instances) await each.close();
      faults.push(...(await ledgers.close()));
      isOpen = false;
    };
    return { clock, ledger, faults, post: postTo(listeners, faults), close };
  };
  const on = (ledgers: ShopLedgers): ShopHouse => ({
    paddleKey: paddle.privateKey,
    products: catalog.all(),
    open: () => open(ledgers),
    rows: () => rowsOf(connection),
    on,
  });
  return on(inMemory);
}

/** Posts to the only instance, or to two of several at once, whose replies must be the same. */
function postTo(listeners: readonly RequestListener[], faults: string[]): ShopService['post'] {
  let turn = 0;
  return async (post) => {
    turn += 1;
    const two = listeners.filter((_, place) => (turn + place) % listeners.length < 2);
    const [reply, other] = await Promise.all(two.map((listener) => inject(listener, post)));
    if (reply === undefined) throw new Error('no instance');
    if (
      other !== undefined &&
      (other.status !== reply.status || (reply.status === 200 && other.text !== reply.text))
    )
      faults.push(`two replies: ${reply.status} ${reply.text} and ${other.status} ${other.text}`);
    return reply;
  };
}

/** The seller's accounts. The settings refuse a Paddle key as short as this one, which signs fast. */
function accountsOf(paddleKey: KeyObject): readonly Account[] {
  const { accounts } = readConfig(
    {
      FASTSPRING_LICENSE_KEYS: LICENSE_KEY,
      FASTSPRING_WEBHOOK_SECRETS: WEBHOOK_SECRET,
      PADDLE_BILLING_WEBHOOK_SECRETS: WEBHOOK_SECRET,
      LEMON_SQUEEZY_WEBHOOK_SECRETS: WEBHOOK_SECRET,
      STRIPE_WEBHOOK_SECRETS: WEBHOOK_SECRET,
      GUMROAD_PING_SECRETS: WEBHOOK_SECRET,
      GUMROAD_ACCESS_TOKEN: LICENSE_KEY,
    },
    () => '',
  );
  const keys = [['live', paddleKey]] as const;
  return accounts.map((account): Account => {
    if (account.marketplace === 'gumroad') return withConfirmed(account);
    if (account.marketplace !== 'paddle-classic') return account;
    return {
      ...account,
      requests: async (parts) => paddleClassicRequests({ ...parts, keys }),
      events: async (parts) => paddleClassicEvents({ ...parts, keys }),
    };
  });
}

/** What the outbox would apply comes as a delivery of its own: nobody signs it, so only here. */
function withConfirmed(account: Account): Account {
  return {
    ...account,
    events: async (parts) => {
      const events = await account.events(parts);
      return (
        events && {
          ...events,
          readBatch: (body, ...rest) =>
            body.toString().startsWith('{')
              ? [readGumroad(body.toString(), 'live', parts.products)]
              : events.readBatch(body, ...rest),
        }
      );
    },
  };
}

/** Keys and products are read once and cached; their folder is not needed afterwards. */
async function prepare(products: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'mintmark-shop-'));
  try {
    for (const [id, text] of Object.entries(products)) writeFileSync(join(folder, `${id}.md`), text);
    const catalog = await loadCatalog(folder);
    const keys = join(folder, 'keys');
    const today = '2026-01-01';
    await makeMissing(keys, { today, simulator: false, ledgerExists: false });
    addSigningKey(keys, readKeyring(keys), { mode: 'live', today, randomBytes });
    const signers = loadSigners(keys, { modesNeeded: ['live', 'test'] });
    return { catalog, signers, idSecret: readIdSecret(keys) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The bytes of a ledger; a database in memory cannot be in WAL mode, which `openLedgerFile` requires. */
async function ledgerBeforeSales(
  idSecret: Uint8Array,
  messages: readonly Message[],
  terms: readonly KeptTerms[],
): Promise<Buffer> {
  const connection = new Database(':memory:');
  migrate(connection, idSecret);
  const ledger = new SqliteLedger(connection, { idSecret });
  for (const message of messages) await ledger.keepMessage(message);
  for (const kept of terms) await ledger.keepTerms(kept);
  const bytes = connection.serialize();
  await ledger.close();
  return bytes;
}
