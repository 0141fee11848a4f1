import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { keptTermsOf } from '../../src/catalog/kept-terms.ts';
import { examineDeliveries } from '../../src/doctor/deliveries.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { examineKeys } from '../../src/doctor/keys.ts';
import { examineClock, examineDisk, examineLedger, examineMark, noLedger } from '../../src/doctor/ledger.ts';
import { examineEvents, examineSettings } from '../../src/doctor/marketplaces.ts';
import { examineProducts, examineSold } from '../../src/doctor/products.ts';
import { shortForm } from '../../src/doctor/running.ts';
import { examineSeen } from '../../src/doctor/seen.ts';
import { examineStanding } from '../../src/doctor/standing.ts';
import type { KeptEvent } from '../../src/domain/facts/event.ts';
import type { Ledger } from '../../src/domain/ledger.ts';
import type { OrderSummary } from '../../src/domain/ports/ledger-views.ts';
import { AppError } from '../../src/errors.ts';
import { backupNoteFile, noteBackup } from '../../src/keyring/backup-note.ts';
import { makeMissing } from '../../src/keyring/bootstrap.ts';
import { idSecretFile, signingKeyFile } from '../../src/keyring/key-files.ts';
import type { Environment } from '../../src/marketplaces/marketplace.ts';
import { expectsEvents } from '../../src/service/expects-events.ts';
import { noteCheck, noteSeen } from '../../src/service/noted.ts';
import { fakeLedger } from '../kit/desk-ledger.ts';
import { LICENSE_KEYS, WEBHOOK_SECRETS } from '../kit/fastspring-secrets.ts';
import { productOf } from '../kit/memory-ledger.ts';
import { productFile } from '../kit/products.ts';
import { NOW } from '../kit/sale.ts';
import { makeHome, type Owner } from '../kit/service.ts';

const DAY = 86_400_000;

/** Each finding as `level check`, without the level ok. */
function bad(findings: readonly Finding[]): readonly string[] {
  return findings.filter(({ level }) => level !== 'ok').map(({ level, check }) => `${level} ${check}`);
}

function ledgerOf(more: Partial<Ledger>): Ledger {
  return fakeLedger(more).ledger;
}

async function homeOf(owner: Owner, given: Parameters<typeof makeHome>[1] = {}) {
  const home = makeHome(owner, given);
  const { keysDir } = home.config;
  await makeMissing(keysDir, { today: '2026-11-20', simulator: false, ledgerExists: false });
  noteBackup(keysDir, '2026-11-20T12:00:00Z', 'keys');
  return home;
}

test('complete and private keys are ok', async (t) => {
  const { config } = await homeOf(t);
  t.deepEqual(bad(examineKeys(config)), []);
  rmSync(backupNoteFile(config.keysDir));
  t.deepEqual(bad(examineKeys(config)), ['warning backup of the keys'], 'the control: no backup was made');
});

test('a missing key, a key that others can read, and a missing id secret are faults', async (t) => {
  const { config } = await homeOf(t);
  const key = signingKeyFile(config.keysDir, 1);
  chmodSync(key, 0o644);
  t.deepEqual(bad(examineKeys(config)), ['fault signing keys']);
  chmodSync(key, 0o600);
  rmSync(key);
  t.deepEqual(bad(examineKeys(config)), ['fault signing keys']);
  const other = await homeOf(t);
  rmSync(idSecretFile(other.config.keysDir));
  t.deepEqual(bad(examineKeys(other.config)), ['fault id secret']);
});

test('a keys folder that others can read is a warning, and a missing folder is a note', async (t) => {
  const { config } = await homeOf(t);
  chmodSync(config.keysDir, 0o755);
  t.deepEqual(bad(examineKeys(config)), ['warning keys folder']);
  t.deepEqual(bad(examineKeys({ ...config, keysDir: join(config.keysDir, 'nothing') })), [
    'note signing keys',
  ]);
});

test('secrets that are set on one side only are reported', (t) => {
  const keys = { FASTSPRING_LICENSE_KEYS: LICENSE_KEYS[0] };
  const secrets = { FASTSPRING_WEBHOOK_SECRETS: WEBHOOK_SECRETS[0] };
  const of = (env: Environment) => bad(examineSettings(makeHome(t, { env }).config));
  t.deepEqual(of({}), ['note reachability']);
  t.deepEqual(of({ ...keys, ...secrets }), ['note reachability']);
  t.deepEqual(of(keys), ['fault marketplaces', 'note reachability']);
  t.deepEqual(of(secrets), ['warning marketplaces', 'note reachability']);
  const nowhere = { PADDLE_CLASSIC_PUBLIC_KEY: undefined, PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY: undefined };
  t.deepEqual(of(nowhere), ['note marketplaces', 'note reachability']);
});

const order = (at: number) => [{ at } as OrderSummary];
const event = (receivedAt: number) => [{ receivedAt } as KeptEvent];

test('sales without an event within a day are a fault where the settings expect events; without sales there is no fault', async (t) => {
  const { config } = makeHome(t, {
    env: {
      PADDLE_CLASSIC_PUBLIC_KEY: undefined,
      PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY: undefined,
      FASTSPRING_LICENSE_KEYS: LICENSE_KEYS[0],
      FASTSPRING_WEBHOOK_SECRETS: WEBHOOK_SECRETS[0],
    },
  });
  t.true(expectsEvents(config, 'fastspring'));
  const of = async (orders: OrderSummary[], events: KeptEvent[]) =>
    bad(
      await examineEvents(
        ledgerOf({ listOrders: async () => orders, findEvents: async () => events }),
        config,
        NOW,
      ),
    );
  t.deepEqual(await of([], []), ['note events of fastspring']);
  t.deepEqual(await of([], event(NOW - 90 * DAY)), []);
  t.deepEqual(await of(order(NOW - 1000), []), [], 'its event may still come');
  t.deepEqual(await of(order(NOW - 2 * DAY), []), ['fault events of fastspring']);
  t.deepEqual(await of(order(NOW - 2 * DAY), event(NOW - 4 * DAY)), ['fault events of fastspring']);
  t.deepEqual(await of(order(NOW - 2 * DAY), event(NOW - 2 * DAY)), []);
});

test('alerts of Paddle Classic can be switched off one by one: only the absence of all is reported', async (t) => {
  const { config } = makeHome(t);
  t.false(expectsEvents(config, 'paddle-classic'));
  const of = async (orders: OrderSummary[], events: KeptEvent[]) =>
    bad(
      await examineEvents(
        ledgerOf({ listOrders: async () => orders, findEvents: async () => events }),
        config,
        NOW,
      ),
    );
  t.deepEqual(await of(order(NOW - 1000), []), []);
  t.deepEqual(await of(order(NOW - 2 * DAY), []), ['warning events of paddle-classic']);
  t.deepEqual(await of(order(NOW - 2 * DAY), event(NOW - 4 * DAY)), []);
});

test('an unwritable mark is a warning, and the check leaves no file behind', async (t) => {
  const { config } = await homeOf(t);
  const before = readdirSync(config.keysDir);
  t.deepEqual(bad([await examineMark(config)]), []);
  t.deepEqual(readdirSync(config.keysDir), before);
  const ledgerMark = join(config.keysDir, 'nothing', 'ledger-mark.json');
  t.deepEqual(bad([await examineMark({ ledgerMark })]), ['warning mark']);
});

test('a clock behind the newest record is a fault, except for a few seconds', async (t) => {
  const of = async (orders: OrderSummary[], events: KeptEvent[]) =>
    bad([
      await examineClock(ledgerOf({ listOrders: async () => orders, findEvents: async () => events }), NOW),
    ]);
  t.deepEqual(await of([], []), []);
  t.deepEqual(await of(order(NOW + 10_000), event(NOW + 10_000)), []);
  t.deepEqual(await of(order(NOW + DAY), []), ['fault clock']);
  t.deepEqual(await of([], event(NOW + DAY)), ['fault clock']);
});

test('a clock that differs from the database’s by more than a minute is a fault; of a later record it is another’s', async (t) => {
  const of = async (ahead: number, events: KeptEvent[] = []) => {
    const database = { clockAhead: async () => ahead } as NonNullable<Ledger['database']>;
    const found = { listOrders: async () => [], findEvents: async () => events };
    const { level, so, remedy } = await examineClock(ledgerOf({ ...found, database }), NOW);
    return [level, so.slice(0, 6), remedy?.slice(0, 12)];
  };
  t.is((await of(-59_000))[0], 'ok');
  t.deepEqual(await of(-61_000), ['fault', 'It is ', 'Set the cloc']);
  t.deepEqual(await of(600_000), ['fault', 'It is ', 'Set the cloc']);
  t.deepEqual(await of(0, event(NOW + DAY)), ['fault', 'It say', 'This clock a']);
});

test('an unwritable or unreadable ledger is a fault; a missing ledger is a note', async (t) => {
  const count = async () => ({ live: 1, test: 2 });
  const probe = async () => {
    throw new AppError('ledger_unavailable', 'The ledger cannot be used now.', { detail: 'check its owner' });
  };
  t.deepEqual(bad([await examineLedger(ledgerOf({ count, probe: async () => {} }))]), []);
  const unwritable = await examineLedger(ledgerOf({ count, probe }));
  t.deepEqual(bad([unwritable]), ['fault ledger']);
  t.regex(unwritable.so, /The ledger cannot be used now\. check its owner/, 'with what is to be done');
  const { config } = makeHome(t);
  t.deepEqual(bad([noLedger(new AppError('not_found', 'There is no ledger.'))]), ['note ledger']);
  mkdirSync(config.dataDir, { recursive: true });
  writeFileSync(config.ledgerFile, 'no ledger');
  t.deepEqual(bad([noLedger(new Error('x'))]), ['fault ledger']);
  t.is(examineDisk(config).length, 1);
});

test('undelivered units, failed events and open flags are counted', async (t) => {
  const failed = { type: 'order.completed', fault: 'An item has more than 1000 units.' } as KeptEvent;
  const of = (undelivered: number, unmailed: number, failures: KeptEvent[], flags: object) =>
    examineDeliveries(
      ledgerOf({
        countUndelivered: async () => ({ undelivered, unmailed }),
        findEvents: async () => failures,
        countFlags: async () => flags,
      }),
      NOW,
    );
  t.deepEqual(bad(await of(0, 0, [], {})), []);
  t.deepEqual(bad(await of(0, 0, [], { surplus: 0 })), []);
  t.deepEqual(bad(await of(1, 2, [failed], { surplus: 2, unclear: 1 })), [
    'fault undelivered units',
    'warning unmailed codes',
    'fault failed events',
    'warning flags',
  ]);
  const short = shortForm(await of(2, 0, [], { surplus: 2, unclear: 1 }));
  t.deepEqual(short, [
    'Fault: No code was delivered for 2 paid units. See which:  npm run -s mintmark -- orders list --undelivered',
    'Warning: Open flags: 2 surplus, 1 unclear. See why, and settle each:  npm run -s mintmark -- flags list',
  ]);
});

test('a product file with a fault, and a live marketplace that no file names, are faults', async (t) => {
  const sound = makeHome(t);
  t.deepEqual(bad((await examineProducts(sound.config)).findings), []);
  const faulty = makeHome(t, { products: { app: 'no front matter' } });
  const { findings } = await examineProducts(faulty.config);
  t.deepEqual(bad(findings), ['fault product files']);
  t.regex(findings[0]?.so ?? '', /^The products have faults: \S*app\.md:/, 'on one line');
  const elsewhere = { app: productFile('name: App\nterm: P1Y\nmarketplaces: { fastspring: {} }') };
  const unsold = makeHome(t, { products: elsewhere });
  t.deepEqual(bad((await examineProducts(unsold.config)).findings), ['fault product files']);
});

test('sold licenses that differ from their file are reported; moved features and lost terms are faults', async (t) => {
  const sold = keptTermsOf(productOf());
  const of = async (digest: string | null, ...files: ReturnType<typeof productOf>[]) => {
    const ledger = ledgerOf({
      countTerms: async () => [{ product: 'app', digest, licenses: 3 }],
      findTerms: async () => sold.terms,
    });
    const catalog = { get: (id: string) => files.find((file) => file.id === id), all: () => files };
    return bad(await examineSold(ledger, catalog));
  };
  t.deepEqual(await of(sold.digest, productOf()), []);
  t.deepEqual(await of(sold.digest, productOf({ refund: 'keep' })), ['note sold products']);
  t.deepEqual(await of(sold.digest, productOf({ features: ['sync', 'export'] })), ['fault sold products']);
  t.deepEqual(await of(sold.digest), ['warning sold products']);
  t.deepEqual(await of(null), ['fault sold products']);
});

test('the last check and the last backup are told, and are old after a week', async (t) => {
  const { config } = await homeOf(t);
  const { keysDir } = config;
  const at = (now: number) => bad(examineStanding(config, now));
  t.deepEqual(at(NOW), ['note check of the ledger', 'note backup of the shop'], 'neither was made');
  const today = new Date(NOW).toISOString();
  noteCheck(keysDir, { at: today, licenses: 3, faults: 0 });
  noteBackup(keysDir, today, 'shop');
  t.deepEqual(at(NOW), []);
  t.deepEqual(at(NOW + 8 * DAY), ['warning check of the ledger', 'warning backup of the shop']);
  noteCheck(keysDir, { at: today, licenses: 3, faults: 1 });
  t.deepEqual(at(NOW), ['fault check of the ledger']);
});

test('that a mail arrived and a code works is told by the seller alone', async (t) => {
  const { config } = await homeOf(t, { env: { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'a@example.com' } });
  const none = ledgerOf({ listOrders: async () => [] });
  const one = ledgerOf({ listOrders: async () => [{ at: NOW } as OrderSummary] });
  t.deepEqual(bad(await examineSeen(none, config, NOW)), ['warning test mail', 'warning test order']);
  t.deepEqual(bad(await examineSeen(one, config, NOW)), ['warning test mail', 'note test order']);
  const said = { at: new Date(NOW).toISOString(), by: 'Ada' };
  noteSeen(config.keysDir, 'mail', said);
  noteSeen(config.keysDir, 'order', said);
  const findings = await examineSeen(one, config, NOW);
  t.deepEqual(bad(findings), []);
  t.regex(findings[0]?.so ?? '', /^Ada said on 20\d\d-/);
  t.deepEqual(bad(await examineSeen(one, { ...config, mail: undefined }, NOW)), []);
});
